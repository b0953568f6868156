"""Questions about a place: a point, a kind, and a reason by chip or topic; each wrong part is named."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from planner.core.errors import Invalid
from planner.core.geo import Box
from planner.routing.terms import MarkKind

CODE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class NearForm:
    """A place in WGS84 and what would be said there."""

    at: shapely.Point
    kind: MarkKind
    chip: str = ""
    topic: str = ""


def near_from(args: Mapping[str, Any], extent: Box) -> NearForm:
    """The question in an address; a place beyond the extent is refused, nothing lies there."""
    wrong: dict[str, str] = {}
    west, south, east, north = extent
    lon = _degrees(args, "lon", (west, east), wrong)
    lat = _degrees(args, "lat", (south, north), wrong)
    kind = str(args.get("kind") or "")
    if kind not in tuple(MarkKind):
        wrong["kind"] = "kind_missing"
    codes = {name: str(args.get(name) or "") for name in ("chip", "topic")}
    wrong |= {name: "too_long" for name, code in codes.items() if len(code) > CODE_LENGTH}
    if wrong:
        raise Invalid(fields=wrong)
    return NearForm(shapely.Point(lon, lat), MarkKind(kind), codes["chip"], codes["topic"])


def _degrees(
    args: Mapping[str, Any], name: str, limits: tuple[float, float], wrong: dict[str, str]
) -> float:
    try:
        value = float(str(args.get(name) or ""))
    except ValueError:
        value = math.nan
    if not limits[0] <= value <= limits[1]:
        wrong[name] = "place_missing"
    return value
