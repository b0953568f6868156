"""Areas: one or several valid polygons on earth."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.errors import Invalid


def checked_area(geom: BaseGeometry) -> shapely.MultiPolygon:
    """One or several valid polygons on earth, merged into a multipolygon."""
    parts = [part for part in getattr(geom, "geoms", [geom]) if part.geom_type == "Polygon"]
    nested = [
        part
        for group in getattr(geom, "geoms", [])
        if group.geom_type == "MultiPolygon"
        for part in group.geoms
    ]
    area = shapely.unary_union([*parts, *nested]) if (parts or nested) else None
    if area is None or area.is_empty:
        raise Invalid(fields={"boundary": "boundary_needed"})
    west, south, east, north = area.bounds
    if not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise Invalid(fields={"boundary": "geometry_number"})
    if not all(part.is_valid for part in [*parts, *nested]):
        raise Invalid(fields={"boundary": "boundary_invalid"})
    return area if area.geom_type == "MultiPolygon" else shapely.MultiPolygon([area])
