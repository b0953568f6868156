"""Foreign JSON and foreign geometry, checked by hand before any geometry library sees them.

109 KB of nested WKB, 425 KB of WKT or 1.15 MB of GeoJSON crash the process inside Shapely; so type,
depth, number of points and every coordinate are judged first.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import shapely
from shapely.geometry.base import BaseGeometry

from .errors import BadRequest, Invalid, TooLarge
from .geo import Box, Metric

MAX_VERTICES = 500
MAX_JSON_DEPTH = 12
SAFE_INTEGER = 2**53
MAX_COORDINATE = 1e6
"""Degrees; the comparison also refuses NaN, infinities and endless integers."""
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A string (closed or not) or a bracket; possessive, so that hostile quotes cost linear time."""

MESSAGES = {
    "geometry_missing": "请在地图上选一个位置。",
    "geometry_type": "只能标一个点、一条线或一块区域。",
    "geometry_points": "图形的点数不对，请重新画。",
    "geometry_too_many_points": "图形太复杂了，最多 %(maximum)s 个点。",
    "geometry_number": "坐标不是有效的数字。",
    "geometry_height": "坐标只要经度和纬度，请去掉高度。",
    "geometry_swapped": "经度和纬度好像写反了。",
    "geometry_far": "这个位置离街区太远了。",
    "geometry_open_ring": "区域没有闭合，请重新画。",
    "geometry_crossing": "图形的边线交叉了，请重新画。",
    "geometry_flat": "图形没有长度或面积，请重新画。",
    "geometry_too_long": "线太长了，最长 %(maximum)s 米，现在约 %(found)s 米。",
    "geometry_too_wide": "区域太大了，最大 %(maximum)s 平方米，现在约 %(found)s 平方米。",
}


@dataclass(frozen=True, slots=True)
class Caps:
    """How large a shape may be: metres of a line, square metres of an area."""

    line_m: float = 2_000
    area_m2: float = 200_000


def parse_json(raw: bytes, *, max_bytes: int = 65_536) -> Any:
    """Decode a JSON body; anything malformed or made to hurt is a BadRequest, never another error."""
    if len(raw) > max_bytes:
        raise TooLarge()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("bad_encoding") from error
    if "\x00" in text or _depth(text) > MAX_JSON_DEPTH:
        raise BadRequest("bad_json")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=_refuse,
            parse_int=_integer,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest("bad_json") from error
    _refuse_surrogates(value)
    return value


def _depth(text: str) -> int:
    depth = deepest = 0
    for piece in _TOKEN.findall(text):
        if piece[0] != '"':
            depth += 1 if piece in "[{" else -1
            deepest = max(deepest, depth)
    return deepest


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key occurs twice")
    return made


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > SAFE_INTEGER:
        raise ValueError("integer out of range")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("number out of range")
    return number


def _refuse_surrogates(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise BadRequest("bad_encoding")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_surrogates(key)
            _refuse_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)


def parse_shape(
    value: Any, *, extent: Box, metric: Metric, caps: Caps | None = None
) -> BaseGeometry:
    """A GeoJSON point, line or area in WGS84 as a valid Shapely geometry inside `extent`.

    Raises:
        Invalid: `fields["geometry"]` says what is wrong; its message is in `MESSAGES`.
    """
    limits = caps or Caps()
    kind, coordinates = _taken_apart(value)
    rings: list[list[Any]] = []
    if kind == "Point":
        points = [coordinates]
    elif kind == "LineString":
        points = _list(coordinates, minimum=2)
    else:
        rings = [_list(ring, minimum=4) for ring in _list(coordinates, minimum=1)]
        points = [point for ring in rings for point in ring]
    if len(points) > MAX_VERTICES:
        _fail("geometry_too_many_points", maximum=MAX_VERTICES)
    pairs = [_pair(point) for point in points]
    _check_extent(pairs, extent)
    if any(_pair(ring[0]) != _pair(ring[-1]) for ring in rings):
        _fail("geometry_open_ring")
    if kind == "Point":
        return shapely.Point(pairs[0])
    made = shapely.LineString(pairs) if kind == "LineString" else _polygon(rings)
    return _measured(made, metric, limits)


def _polygon(rings: list[list[Any]]) -> shapely.Polygon:
    outer, *holes = [[_pair(point) for point in ring] for ring in rings]
    return shapely.Polygon(outer, holes)


def _taken_apart(value: Any) -> tuple[str, Any]:
    if value is None:
        _fail("geometry_missing")
    if not isinstance(value, dict) or value.get("type") not in ("Point", "LineString", "Polygon"):
        _fail("geometry_type")
    return value["type"], value.get("coordinates")


def _list(value: Any, *, minimum: int) -> list[Any]:
    if not isinstance(value, list) or len(value) < minimum:
        _fail("geometry_points")
    if len(value) > MAX_VERTICES:
        _fail("geometry_too_many_points", maximum=MAX_VERTICES)
    return value


def _pair(point: Any) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) not in (2, 3):
        _fail("geometry_points")
    for number in point:
        if isinstance(number, bool) or not isinstance(number, int | float):
            _fail("geometry_number")
        if not -MAX_COORDINATE <= number <= MAX_COORDINATE:
            _fail("geometry_number")
    if len(point) == 3:
        _fail("geometry_height")
    return float(point[0]), float(point[1])


def _check_extent(pairs: list[tuple[float, float]], extent: Box) -> None:
    west, south, east, north = extent

    def inside(x: float, y: float) -> bool:
        return west <= x <= east and south <= y <= north

    if all(inside(x, y) for x, y in pairs):
        return
    if all(inside(y, x) for x, y in pairs):
        _fail("geometry_swapped")
    _fail("geometry_far")


def _measured(geom: BaseGeometry, metric: Metric, caps: Caps) -> BaseGeometry:
    is_line = geom.geom_type == "LineString"
    size = metric.length_m(geom) if is_line else metric.area_m2(geom)
    if (
        (size < 0.5)
        if is_line
        else (geom.convex_hull.area == 0.0 or (geom.is_valid and size < 0.25))
    ):
        _fail("geometry_flat")
    if not geom.is_valid or not geom.is_simple:
        _fail("geometry_crossing")
    cap = caps.line_m if is_line else caps.area_m2
    if size > cap:
        code = "geometry_too_long" if is_line else "geometry_too_wide"
        _fail(code, maximum=round(cap), found=round(size))
    return geom


def _fail(code: str, **facts: object) -> NoReturn:
    raise Invalid(fields={"geometry": code}, **facts)
