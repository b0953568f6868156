"""The boundary of a new neighborhood from the areas of a file."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.datum import geometry_to_wgs84
from planner.core.errors import Invalid
from planner.core.geo import Metric, utm_srid

from ..rules.features import Feature

LARGEST_KM2 = 100
"""A neighborhood is walked; anything larger is a district chosen by mistake."""


def boundary_from(features: list[Feature], datum: str) -> BaseGeometry:
    """All areas of the file in WGS84 as one geometry; refuses lines, points and impossible places."""
    areas = []
    for feature in features:
        if "Polygon" not in feature.geom.geom_type:
            continue
        with np.errstate(all="ignore"):
            moved = geometry_to_wgs84(feature.geom, datum)
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            raise Invalid("file_far", fields={"boundary": "file_far"})
        areas.append(moved)
    if not areas:
        raise Invalid("boundary_needed", fields={"boundary": "boundary_needed"})
    whole: BaseGeometry = shapely.union_all(areas)
    west, south, east, north = whole.bounds
    if not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise Invalid("file_far", fields={"boundary": "file_far"})
    centre = whole.centroid
    found = Metric(utm_srid(centre.x, centre.y)).area_m2(whole) / 1e6
    if not found <= LARGEST_KM2:
        raise Invalid(
            "boundary_too_large",
            fields={"boundary": "boundary_too_large"},
            found=round(found) if math.isfinite(found) else "?",
            maximum=LARGEST_KM2,
        )
    return whole
