"""Which datum a file is in: what somebody declared, what the file says, and whether it can be true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.datum import BD09, CGCS2000, GCJ02, WGS84, Points, parse_datum, to_wgs84
from planner.core.datum_fit import (
    CLEARLY_CLOSER,
    CLOSER_BY_M,
    FEWEST_WITNESSES,
    DatumFinding,
    Fit,
    declared_datum_fits,
)
from planner.core.errors import Invalid

DEGREES = {"EPSG:4326": WGS84, "EPSG:4490": CGCS2000}
"""Systems in degrees that differ by less than a metre; a file names one of them, or none."""
HALF = 0.5
ON_THE_MAP_M = 100.0
"""Points farther than this from every feature are beside the base map, which then witnesses nothing."""
SPEAKS_WGS84 = frozenset(("GeoJSON", "LIBKML", "KML"))
"""Formats that are WGS84 by their own standard when they say nothing."""


def agreed_datum(declared: str, found: str, format: str) -> str:
    """The datum to convert from: canonical name.

    Args:
        declared: what somebody chose, or empty for "as the file says".
        found: the file's own `EPSG:n`, or empty.
        format: the reader's name of the format.

    Raises:
        Invalid: `crs_needed` when nobody says, `crs_contradicts` when the two cannot both be true.
            GCJ-02 and BD-09 have no number of their own: such files say 4326, which is no contradiction.
    """
    own = DEGREES.get(found, found)
    if not declared.strip():
        if own or format in SPEAKS_WGS84:
            return parse_datum(own or WGS84)
        raise Invalid("crs_needed", fields={"crs": "crs_needed"})
    chosen = parse_datum(declared)
    chosen = DEGREES.get(chosen, chosen)
    alike = {
        "": {chosen},
        WGS84: {WGS84, CGCS2000, GCJ02, BD09},
        CGCS2000: {WGS84, CGCS2000},
    }.get(own, {own})
    if chosen not in alike:
        raise Invalid(
            "crs_contradicts", fields={"crs": "crs_contradicts"}, found=found, declared=chosen
        )
    return chosen


def doubt(
    points: Points,
    datum: str,
    *,
    around: BaseGeometry,
    extent: BaseGeometry,
    base: Sequence[BaseGeometry],
    may_be_wide: bool,
) -> DatumFinding | None:
    """What speaks against the datum, if anything.

    Two witnesses: the share of all points that fall `around` the neighborhood, which says nothing about a
    file of a whole city (`may_be_wide` and under no datum half of it inside); and how close those within
    `extent`, where the base map is, lie to it.
    """
    whole = declared_datum_fits(points, around, datum)
    best = whole.best.share_inside
    is_nowhere = whole.declared.share_inside == 0 and best * len(points) >= FEWEST_WITNESSES
    is_telling = not may_be_wide or best >= HALF or is_nowhere
    if whole.is_doubtful and is_telling:
        return whole
    return _closer_to(base, points, datum, extent) if base else None


def _closer_to(
    base: Sequence[BaseGeometry], points: Points, datum: str, extent: BaseGeometry
) -> DatumFinding | None:
    """A finding when another datum puts its points clearly closer to the base map than the declared one."""
    own = _near_fit(base, points, datum, extent)
    if own is None or own.base_distance_m is None:
        return None
    for other in (WGS84, GCJ02, BD09):
        fit = _near_fit(base, points, other, extent) if other != datum else None
        if fit is None or fit.base_distance_m is None:
            continue
        nearer = fit.base_distance_m
        is_closer = nearer <= CLEARLY_CLOSER * own.base_distance_m
        if nearer <= ON_THE_MAP_M and is_closer and own.base_distance_m - nearer >= CLOSER_BY_M:
            return DatumFinding(own, fit, "datum_doubtful_base")
    return None


def _near_fit(
    base: Sequence[BaseGeometry], points: Points, datum: str, extent: BaseGeometry
) -> Fit | None:
    """How close the points that this datum puts on the base map lie to its features."""
    with np.errstate(all="ignore"):
        moved = to_wgs84(points, datum)
    near = shapely.intersects_xy(extent, moved[:, 0], moved[:, 1])
    if not near.any():
        return None
    return declared_datum_fits(points[near], extent, datum, base).declared


def spots(geoms: Sequence[BaseGeometry]) -> Points:
    """Points that stand for shapes: vertices of lines, the middle of everything else."""
    made = [
        shapely.get_coordinates(geom if "Line" in geom.geom_type else geom.centroid)
        for geom in geoms
    ]
    return np.concatenate(made) if made else np.empty((0, 2))
