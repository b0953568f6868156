"""A small still map of one case as SVG: the own base map around it, drawn by the server, no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.geo import Metric, near_box, to_geom
from planner.places.models import BaseFeature, BaseLayer, Neighborhood
from planner.routing.models import Case

WIDTH, HEIGHT = 640.0, 400.0
MARGIN_M = 70.0
LIMIT = 2_000

COLOURS = {
    "block": ("#f8f5ee", ""),
    "green": ("#d3e6c8", ""),
    "plaza": ("#f3ede0", "#e0d6c2"),
    "sport": ("#e7d9c0", ""),
    "parking": ("#d9e4f2", "#9db6d6"),
    "water": ("#b5d7e6", ""),
    "path": ("", "#e9e0cf"),
    "road": ("", "#ffffff"),
    "building-home": ("#eadfce", "#cdbea5"),
    "building-heritage": ("#e2bfa6", "#b98a6c"),
    "building-school": ("#f3d9a8", "#d3ad66"),
    "building-office": ("#dcdde0", "#b5b9c0"),
    "building-market": ("#f1d3c0", "#cf9f83"),
    "building-other": ("#e6e0d4", "#c9bfae"),
    "tree": ("#9fc492", ""),
}
"""paint -> fill and edge; the order is the painting order."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG path; `width` in pixels, 0 for none."""

    d: str
    fill: str
    edge: str
    width: float


@dataclass(frozen=True, slots=True)
class MiniMap:
    """What the template draws: ground shapes, then the subject (a path, or a pin at x, y)."""

    ground: tuple[Shape, ...]
    subject: str
    is_area: bool
    x: float
    y: float


class _Frame:
    """Metres of the neighborhood's zone to pixels of the picture."""

    def __init__(self, metric: Metric, geom: BaseGeometry) -> None:
        self.metric = metric
        west, south, east, north = metric.project(geom).bounds
        half = max((east - west) / 2 / WIDTH, (north - south) / 2 / HEIGHT) + MARGIN_M / HEIGHT
        self.scale = 0.5 / half
        self.left = (west + east) / 2 - WIDTH / 2 / self.scale
        self.top = (north + south) / 2 + HEIGHT / 2 / self.scale

    def point(self, x: float, y: float) -> tuple[float, float]:
        return ((x - self.left) * self.scale, (self.top - y) * self.scale)

    def path(self, geom: BaseGeometry) -> str:
        """SVG path data of a WGS84 geometry."""
        return " ".join(self._run(part) for part in _parts(self.metric.project(geom)))

    def _run(self, part: tuple[list[tuple[float, ...]], bool]) -> str:
        points, is_closed = part
        pixels = [self.point(x, y) for x, y, *_ in points]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels) + ("Z" if is_closed else "")


def _parts(geom: BaseGeometry) -> Iterable[tuple[list[tuple[float, ...]], bool]]:
    if geom.geom_type == "Polygon":
        for ring in (geom.exterior, *geom.interiors):
            yield list(ring.coords), True
    elif geom.geom_type == "LineString":
        yield list(geom.coords), False
    else:
        for part in getattr(geom, "geoms", ()):
            yield from _parts(part)


def minimap(session: Session, here: Neighborhood, case: Case) -> MiniMap:
    """The picture around a case's geometry."""
    geom = to_geom(case.geom)
    metric = Metric(here.utm_srid)
    frame = _Frame(metric, geom)
    middle = metric.project(geom).representative_point()
    x, y = frame.point(middle.x, middle.y)
    reach = max(WIDTH, HEIGHT) / 2 / frame.scale
    rows = session.execute(
        select(BaseFeature.paint, BaseFeature.size_m, BaseFeature.geom)
        .join(BaseLayer, BaseLayer.id == BaseFeature.layer_id)
        .where(
            BaseLayer.neighborhood_id == here.id,
            BaseLayer.is_visible,
            near_box(BaseFeature.geom, metric.box_around(geom, reach)),
        )
        .limit(LIMIT)
    ).all()
    order = list(COLOURS)
    known = sorted((row for row in rows if row[0] in COLOURS), key=lambda row: order.index(row[0]))
    return MiniMap(
        ground=tuple(_shape(frame, paint, size, to_geom(area)) for paint, size, area in known),
        subject="" if geom.geom_type == "Point" else frame.path(geom),
        is_area=geom.geom_type == "Polygon",
        x=round(x, 1),
        y=round(y, 1),
    )


def _shape(frame: _Frame, paint: str, size: float | None, geom: BaseGeometry) -> Shape:
    fill, edge = COLOURS[paint]
    if geom.geom_type == "Point":
        geom = frame.metric.buffer_m(geom, size or 2.5)
    width = 1.0 if edge else 0.0
    if "LineString" in geom.geom_type:
        fill, width = "", max(1.5, (size or 4.0) * frame.scale)
    return Shape(frame.path(geom), fill or "none", edge or "none", round(width, 1))
