"""Foreign features before they are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from .faults import FeatureFault

MOST_TAGS, LONGEST_TAG = 100, 5_000
"""Columns of a row, and characters of a cell: a resident's comment must come through whole."""


@dataclass(slots=True)
class Raw:
    """One feature as it stands in the file; `fault` when its geometry cannot even be taken apart."""

    line: int
    geom: BaseGeometry | None
    tags: dict[str, str]
    fault: FeatureFault | None = None


@dataclass(slots=True)
class Source:
    """An opened file: its own coordinate system as `EPSG:n`, `""` when it says nothing."""

    format: str
    crs: str
    count: int
    rows: Iterable[Raw]
    layers: list[str] = field(default_factory=list)
    encoding: str = ""


def plain_tags(given: Mapping[str, Any]) -> dict[str, str]:
    """Attributes as short text; what is empty is left out."""
    made: dict[str, str] = {}
    for key, value in list(given.items())[:MOST_TAGS]:
        if value is None or isinstance(value, dict | list | bytes):
            continue
        text = _text(value)
        if text and text != "nan":
            made[str(key)[:60]] = text[:LONGEST_TAG]
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()
