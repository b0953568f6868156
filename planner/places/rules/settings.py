"""What a neighborhood may set, with the defaults of practice. Every number here is a setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from planner.core.errors import Invalid

SLUG_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True)
class NeighborhoodSettings:
    """Settings of one neighborhood; metres and square metres where the name says so.

    Promise and organiser are the office's own words; the demo must not pose as a real office.
    """

    organiser: str = ""
    promise: str = ""
    contact_phone: str = ""
    review_before_publication: bool = True
    min_reason: int = 4
    max_reason: int = 1000
    line_cap_m: int = 2_000
    area_cap_m2: int = 200_000
    near_m: int = 20
    border_m: int = 15
    wide_cells: int = 3
    wide_m: int = 300
    small_estate_m2: int = 200
    reopen_days: int = 30
    photo_count: int = 4
    opinion_days: int = 5
    reply_days: int = 15
    contested_m: int = 30
    map_source: str = ""
    map_review_number: str = ""


LIMITS: Mapping[str, tuple[int, int]] = {
    "min_reason": (1, 50),
    "max_reason": (50, 5_000),
    "line_cap_m": (10, 20_000),
    "area_cap_m2": (10, 5_000_000),
    "near_m": (5, 200),
    "border_m": (0, 100),
    "wide_cells": (2, 50),
    "wide_m": (50, 5_000),
    "small_estate_m2": (10, 5_000),
    "reopen_days": (1, 365),
    "photo_count": (0, 9),
    "opinion_days": (1, 60),
    "reply_days": (1, 120),
    "contested_m": (5, 200),
}
"""Lowest and highest value of each number."""


def settings_from(stored: Mapping[str, Any]) -> NeighborhoodSettings:
    """Settings with defaults for what is not stored; unknown keys of older versions are ignored."""
    known = {field.name for field in fields(NeighborhoodSettings)}
    return NeighborhoodSettings(**{key: value for key, value in stored.items() if key in known})


def checked_settings(wanted: NeighborhoodSettings) -> dict[str, Any]:
    """The settings as stored; Invalid names each number outside its span."""
    values = asdict(wanted)
    wrong = {
        name: "out_of_range"
        for name, (low, high) in LIMITS.items()
        if not low <= values[name] <= high
    }
    if wrong:
        raise Invalid(fields=wrong)
    return values


def checked_slug(slug: str) -> str:
    """An address of 2 to 60 lower-case letters, digits and hyphens."""
    if (
        not 2 <= len(slug) <= 60
        or not set(slug) <= SLUG_LETTERS
        or slug[0] == "-"
        or slug[-1] == "-"
    ):
        raise Invalid(fields={"slug": "bad_slug"})
    return slug
