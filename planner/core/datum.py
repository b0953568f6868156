"""Chinese datums. Everything is stored as WGS84; GCJ-02, BD-09 and CGCS2000 are converted at the door.

GCJ-02 is a published obfuscation of about 540 m at Nanjing; BD-09 adds a second one. Both are inverted by
fixed-point iteration to far below a centimetre. CGCS2000 differs from WGS84 by less than a metre and is
handled by pyproj, as is every `EPSG:n`. Whether a declaration can be true is asked in `core.datum_fit`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from .errors import Invalid

Points: TypeAlias = NDArray[np.float64]
"""Shape (n, 2): longitude, latitude in degrees (or easting, northing of a projected CRS)."""

WGS84, GCJ02, BD09, CGCS2000 = "wgs84", "gcj02", "bd09", "cgcs2000"
NAMED = (WGS84, GCJ02, BD09, CGCS2000)
MESSAGES = {"unknown_datum": "不认识这个坐标系，请填 wgs84、gcj02、bd09、cgcs2000 或 EPSG 编号。"}

_EPSG = re.compile(r"epsg:([0-9]{4,6})")
_AXIS = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0


def parse_datum(text: str) -> str:
    """Canonical name of a declared datum: one of `NAMED` or ``EPSG:n`` of two axes; else Invalid."""
    name = re.sub(r"[\s_-]", "", text[:40].lower())
    if name in NAMED:
        return name
    code = _EPSG.fullmatch(name)
    if code is None or not _is_plane(int(code[1])):
        raise Invalid(fields={"crs": "unknown_datum"})
    return f"EPSG:{int(code[1])}"


def _is_plane(epsg: int) -> bool:
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        return False
    return len(crs.axis_info) == 2 and (crs.is_projected or crs.is_geographic)


def to_wgs84(points: ArrayLike, datum: str) -> Points:
    """Coordinates in the declared datum as WGS84 lon/lat: one pair or shape (n, 2), same shape back."""
    return _converted(points, datum, inverse=True)


def from_wgs84(points: ArrayLike, datum: str) -> Points:
    """WGS84 lon/lat as coordinates of a datum: one pair or shape (n, 2), same shape back."""
    return _converted(points, datum, inverse=False)


def geometry_to_wgs84(geom: BaseGeometry, datum: str) -> BaseGeometry:
    """A Shapely geometry in the declared datum as WGS84."""
    moved: BaseGeometry = shapely.transform(geom, lambda points: to_wgs84(points, datum))
    return moved


def _converted(points: ArrayLike, datum: str, *, inverse: bool) -> Points:
    given = np.array(points, dtype=np.float64)
    if datum == WGS84 or given.size == 0:
        return given
    flat = given.reshape(-1, 2)
    shift = {GCJ02: _gcj_from_wgs, BD09: _bd_from_wgs}.get(datum)
    if shift is not None:
        inside = in_china(flat)
        flat[inside] = _inverted(shift, flat[inside]) if inverse else shift(flat[inside])
        return flat.reshape(given.shape)
    source = 4490 if datum == CGCS2000 else int(datum.split(":")[1])
    x, y = _transformer(source, inverse).transform(flat[:, 0], flat[:, 1])
    return np.column_stack([x, y]).reshape(given.shape)


@lru_cache(maxsize=32)
def _transformer(epsg: int, inverse: bool) -> Transformer:
    pair = (epsg, 4326) if inverse else (4326, epsg)
    return Transformer.from_crs(*pair, always_xy=True)


def in_china(points: Points) -> NDArray[np.bool_]:
    """Where the obfuscation applies (the box everybody's implementation uses); never for NaN."""
    lon, lat = points[:, 0], points[:, 1]
    inside: NDArray[np.bool_] = (
        (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    )
    return inside


def _gcj_from_wgs(points: Points) -> Points:
    return points + _gcj_shift(points)


def _gcj_shift(points: Points) -> Points:
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    pi = np.pi
    root = np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    dlat += (waves + 20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    dlat += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y * pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    dlon += (waves + 20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    dlon += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    radians = np.radians(points[:, 1])
    magic = 1.0 - _ECCENTRICITY2 * np.sin(radians) ** 2
    dlat = dlat * 180.0 / ((_AXIS * (1.0 - _ECCENTRICITY2)) / (magic * np.sqrt(magic)) * pi)
    dlon = dlon * 180.0 / (_AXIS / np.sqrt(magic) * np.cos(radians) * pi)
    return np.column_stack([dlon, dlat])


def _bd_from_wgs(points: Points) -> Points:
    gcj = _gcj_from_wgs(points)
    x, y = gcj[:, 0], gcj[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_TURN)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _inverted(forward: Callable[[Points], Points], target: Points) -> Points:
    guess = target.copy()
    for _ in range(12):
        error = forward(guess) - target
        guess -= error
        if np.abs(error).max(initial=0.0) < 1e-11:
            break
    return guess
