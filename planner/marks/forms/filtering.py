"""Filters of map, list, cells, export and API: one reading for all, unknown values refused by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from planner.accounts.terms import DesignerTier
from planner.core.clock import local_midnight
from planner.core.errors import Invalid
from planner.core.geo import Box
from planner.core.workdays import ONE_DAY
from planner.routing.terms import MarkKind

from ..queries import Filters
from ..schemas import FILTERS
from ..terms import MarkStatus

MOST_VALUES = 40
YEARS = range(1970, 2200)
"""Years a filter may name; beyond them the zone's arithmetic leaves what a datetime can hold."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+ -]\d\d:\d\d)", re.ASCII
)
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FilterForm:
    """Filters as read, and the words to repeat them in an address."""

    filters: Filters
    args: dict[str, Any] = field(default_factory=dict)


def filters_from(args: Mapping[str, Any]) -> FilterForm:
    """The filters in an address; Invalid names each that cannot be meant."""
    read = _Reading(args)
    made = Filters(
        kinds=read.members("kind", MarkKind),
        topics=read.codes("topic"),
        tier=next(iter(read.members("tier", DesignerTier, most=1)), None),
        grid=read.number("grid"),
        statuses=read.members("status", MarkStatus),
        since=read.instant("since", first=True),
        until=read.instant("until", first=False),
        words=read.text("q")[:60],
        box=read.box("bbox"),
    )
    if read.wrong:
        raise Invalid(fields=read.wrong)
    return FilterForm(made, {name: args[name] for name in FILTERS if args.get(name)})


def whole_number(args: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    """A whole number within its limits, for page sizes, zooms and cursors."""
    text = args.get(name) or ""
    if not text:
        return default
    if not _is_number(text, digits=17) or not least <= int(text) <= most:
        raise Invalid(fields={name: "not_a_number"})
    return int(text)


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


class _Reading:
    """Reads one parameter after the other and notes what is wrong."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        self.args, self.wrong = args, dict[str, str]()

    def text(self, name: str) -> str:
        """Words without what neither database can compare."""
        value = str(self.args.get(name) or "").strip()
        if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            self.wrong[name] = "bad_characters"
            return ""
        return value

    def codes(self, name: str) -> tuple[str, ...]:
        """Codes separated by commas."""
        values = tuple(dict.fromkeys(code for code in self.text(name).split(",") if code))
        if len(values) > MOST_VALUES:
            self.wrong[name] = "too_long"
        return values

    def members(self, name: str, kind: type[Member], most: int = 9) -> tuple[Member, ...]:
        """Members of an enum separated by commas."""
        values = self.codes(name)
        if len(values) > most or any(value not in tuple(kind) for value in values):
            self.wrong[name] = "not_a_choice"
            return ()
        return tuple(kind(value) for value in values)

    def number(self, name: str) -> int | None:
        """A small whole number."""
        text = self.text(name)
        if text and not _is_number(text, digits=6):
            self.wrong[name] = "not_a_number"
            return None
        return int(text) if text else None

    def instant(self, name: str, *, first: bool) -> datetime | None:
        """A day (its beginning, or the end of it) or a full instant, aware UTC."""
        text = self.text(name)
        if not text:
            return None
        try:
            if _DAY.fullmatch(text):
                return _edge(date.fromisoformat(text), first=first)
            if _INSTANT.fullmatch(text):
                return _aware(text)
        except ValueError:
            pass
        self.wrong[name] = "not_a_date"
        return None

    def box(self, name: str) -> Box | None:
        """West, south, east, north in degrees."""
        text = self.text(name)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            self.wrong[name] = "not_a_box"
            return None
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            self.wrong[name] = "not_a_box"
            return None
        return (west, south, east, north)


def _edge(day: date, *, first: bool) -> datetime:
    if day.year not in YEARS:
        raise ValueError("year out of range")
    return local_midnight(day if first else day + ONE_DAY)


def _aware(text: str) -> datetime:
    """RFC 3339; a plus sign arrives as a blank when an address was not escaped."""
    value = datetime.fromisoformat(text.upper().replace(" ", "+"))
    if value.year not in YEARS:
        raise ValueError("year out of range")
    return value.astimezone(UTC)
