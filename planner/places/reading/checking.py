"""Geometry of foreign features: kind, depth and every number before Shapely, validity after."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from .faults import FeatureFault

DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
FARTHEST = 1e9
"""Degrees or metres; no grid on earth has larger numbers."""
WKT_DEPTH = 4


def from_json(value: Any) -> BaseGeometry | None:
    """A GeoJSON geometry in two dimensions; None for a feature without one."""
    if value is None:
        return None
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in DEPTH:
        raise FeatureFault("geometry_kind", found=str(kind)[:40])
    coordinates = _flat(value.get("coordinates"), DEPTH[kind])
    if not coordinates:
        return None
    try:
        return shape({"type": kind, "coordinates": coordinates})
    except (ValueError, shapely.errors.ShapelyError) as error:
        raise FeatureFault("geometry_points") from error


def _flat(value: Any, depth: int) -> Any:
    if not isinstance(value, list):
        raise FeatureFault("geometry_points")
    if depth:
        return [_flat(each, depth - 1) for each in value]
    if not value:
        return []
    if not 2 <= len(value) <= 4:
        raise FeatureFault("geometry_points")
    for number in value[:2]:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise FeatureFault("geometry_number")
    return [float(value[0]), float(value[1])]


def from_text(wkt: str) -> BaseGeometry | None:
    """Well-known text, at most four brackets deep."""
    depth = deepest = 0
    for sign in wkt:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if deepest > WKT_DEPTH:
        raise FeatureFault("geometry_points")
    try:
        return shapely.force_2d(shapely.from_wkt(wkt)) if wkt.strip() else None
    except shapely.errors.ShapelyError as error:
        raise FeatureFault("geometry_text") from error


def from_pair(lon: str, lat: str) -> BaseGeometry:
    """A point from two cells of a table."""
    try:
        x, y = float(lon), float(lat)
    except ValueError as error:
        raise FeatureFault("geometry_number") from error
    return shapely.Point(x, y)


def checked(geom: BaseGeometry) -> dict[str, Any]:
    """The geometry as plain GeoJSON coordinates of its own grid; a fault when it cannot be used."""
    if geom.geom_type not in DEPTH:
        raise FeatureFault("geometry_kind", found=geom.geom_type)
    numbers = shapely.get_coordinates(geom)
    if not np.isfinite(numbers).all() or np.abs(numbers).max(initial=0.0) > FARTHEST:
        raise FeatureFault("geometry_number")
    if not geom.is_valid:
        raise FeatureFault("geometry_crossing", **_where(shapely.is_valid_reason(geom)))
    made = mapping(geom)
    return {"type": made["type"], "coordinates": made["coordinates"]}


def _where(reason: str) -> dict[str, object]:
    """Where GEOS found the fault: `Self-intersection[118.75 32.06]`."""
    _, _, place = reason.partition("[")
    pair = place.rstrip("]").split()
    try:
        x, y = float(pair[0]), float(pair[1])
    except (ValueError, IndexError):
        return {}
    return {"x": x, "y": y} if math.isfinite(x) and math.isfinite(y) else {}
