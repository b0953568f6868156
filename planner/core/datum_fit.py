"""Can a declared datum be true? Where the points land under each candidate answers, in plain facts.

Three witnesses, from the strongest: the share of points inside the expected area, the share inside with the
two axes exchanged (Chinese survey tables give X = north first), and how close the points lie to the base map.
The last one is needed because GCJ-02 moves a place by only some 540 m, which stays inside most areas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .datum import BD09, GCJ02, WGS84, Points, to_wgs84
from .geo import Metric, utm_srid

SAMPLE = 2_000
CLEARLY_MORE = 0.1
"""Difference of shares that counts."""
CLEARLY_CLOSER = 0.6
"""Ratio of median distances to the base map that counts, and the least gain in metres beside it."""
CLOSER_BY_M = 5.0
FEWEST_WITNESSES = 30
"""Points inside below which a median distance says nothing."""

MESSAGES = {
    "datum_doubtful_inside": "按 %(declared)s 换算，只有 %(share)s 的点落在街区内；"
    "按 %(best)s 换算有 %(best_share)s。请核对坐标系。",
    "datum_doubtful_base": "按 %(declared)s 换算，点到底图要素的中位距离是 %(distance)s 米；"
    "按 %(best)s 换算是 %(best_distance)s 米。请核对坐标系。",
    "datum_doubtful_axes": "坐标的两列好像写反了：交换以后 %(best_share)s 的点落在街区内。",
    "datum_fits_nowhere": "无论按哪种坐标系换算，这些点大多不在街区内。",
}


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the points land under one datum: share inside in [0, 1], metres to the base map if any."""

    datum: str
    axes_swapped: bool
    share_inside: float
    base_distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class DatumFinding:
    """The declared datum beside the one that fits best; `code` names what is doubtful, or is empty."""

    declared: Fit
    best: Fit
    code: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at the declaration again."""
        return bool(self.code)

    @property
    def facts(self) -> dict[str, str]:
        """Values for the message of `code`."""
        return {
            "declared": self.declared.datum,
            "best": self.best.datum,
            "share": f"{self.declared.share_inside:.0%}",
            "best_share": f"{self.best.share_inside:.0%}",
            "distance": _metres(self.declared.base_distance_m),
            "best_distance": _metres(self.best.base_distance_m),
        }


def declared_datum_fits(
    points: Points, expected: BaseGeometry, declared: str, base: Sequence[BaseGeometry] = ()
) -> DatumFinding:
    """Compare the declared datum with all that come into question at this place.

    Args:
        points: shape (n, 2) as they stand in the file; at most 2,000 evenly spaced ones are tried.
        expected: where they belong (boundary or box), WGS84.
        declared: canonical name, see `datum.parse_datum`.
        base: features of the base map near there, WGS84; the same sort of thing witnesses best.
    """
    sample = _sample(points)
    judge = _Judge(expected, base)
    own = judge.fit(sample, declared, swapped=False)
    others = [
        judge.fit(sample, name, swapped=swapped)
        for name, swapped in _candidates(declared, expected)
    ]
    inside = max([own, *others], key=lambda fit: fit.share_inside)
    if inside.share_inside >= own.share_inside + CLEARLY_MORE:
        code = "datum_doubtful_axes" if inside.axes_swapped else "datum_doubtful_inside"
        return DatumFinding(own, _closest(inside, others), code)
    if own.share_inside < 0.5:
        return DatumFinding(own, own, "datum_fits_nowhere")
    closer = _closest(own, others)
    return DatumFinding(own, closer, "datum_doubtful_base" if closer is not own else "")


def _closest(chosen: Fit, others: Sequence[Fit]) -> Fit:
    """A fit with about the same share inside that lies clearly closer to the base map, else `chosen`."""
    for fit in others:
        if fit.share_inside < chosen.share_inside - CLEARLY_MORE:
            continue
        if fit.base_distance_m is None or chosen.base_distance_m is None:
            continue
        gain = chosen.base_distance_m - fit.base_distance_m
        if fit.base_distance_m <= CLEARLY_CLOSER * chosen.base_distance_m and gain >= CLOSER_BY_M:
            chosen = fit
    return chosen


def _sample(points: Points) -> Points:
    whole = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    finite = whole[np.isfinite(whole).all(axis=1)]
    step = max(1, -(-len(finite) // SAMPLE))
    return finite[::step]


def _candidates(declared: str, expected: BaseGeometry) -> Iterator[tuple[str, bool]]:
    """Named datums, then the national grids and UTM of this longitude; each also with axes exchanged."""
    centre = expected.centroid
    names = [WGS84, GCJ02, BD09, *grids_at(centre.x, centre.y)]
    for name in names:
        if name != declared:
            yield name, False
    for name in dict.fromkeys([declared, *names]):
        yield name, True


def grids_at(lon: float, lat: float) -> list[str]:
    """CGCS2000 Gauss-Krüger grids (3° and 6°, with and without zone number) and UTM of a place in China."""
    three, six = round(lon / 3), int(lon // 6) + 1
    grids = []
    if 25 <= three <= 45:
        grids += [4513 + three - 25, 4534 + three - 25]
    if 13 <= six <= 23:
        grids += [4491 + six - 13, 4502 + six - 13]
    return [f"EPSG:{code}" for code in [*grids, utm_srid(lon, lat)]]


class _Judge:
    """The expected area and the base map, prepared once for all candidates."""

    def __init__(self, expected: BaseGeometry, base: Sequence[BaseGeometry]) -> None:
        centre = expected.centroid
        self.metric = Metric(utm_srid(centre.x, centre.y))
        self.expected = expected
        shapely.prepare(expected)
        self.tree = shapely.STRtree([self.metric.project(geom) for geom in base]) if base else None

    def fit(self, points: Points, datum: str, *, swapped: bool) -> Fit:
        given = points[:, ::-1] if swapped else points
        with np.errstate(all="ignore"):
            moved = to_wgs84(given, datum)
        moved = moved[np.isfinite(moved).all(axis=1)]
        inside = moved[shapely.intersects_xy(self.expected, moved[:, 0], moved[:, 1])]
        share = len(inside) / len(points) if len(points) else 0.0
        return Fit(datum, swapped, share, self._distance(inside))

    def _distance(self, points: Points) -> float | None:
        if self.tree is None or len(points) < FEWEST_WITNESSES:
            return None
        places = shapely.points(shapely.get_coordinates(self.metric.project(_many(points))))
        _, metres = self.tree.query_nearest(places, return_distance=True, all_matches=False)
        return float(np.median(metres))


def _many(points: Points) -> BaseGeometry:
    many: BaseGeometry = shapely.MultiPoint(points)
    return many


def _metres(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
