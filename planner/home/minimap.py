"""A small still map of one case as SVG, painted by the server as the live map paints: no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.geo import Metric, near_box, to_geom
from planner.places.models import BaseFeature, BaseLayer, Building, NamedPlace, Neighborhood
from planner.routing.models import Case

WIDTH, HEIGHT = 640.0, 400.0
MARGIN_M = 90.0
LIMIT = 3_000
MOST_NAMES = 7
BOUNDARY = "rgb(11 107 95)"

ORDER = (
    "block",
    "green",
    "plaza",
    "sport",
    "parking",
    "water",
    "path",
    "road",
    "building",
    "tree",
)
"""The painting order of the live map (static/maps/basemap.js); the boundary comes last."""

GROUND = {
    "block": ("#f8f5ee", "none"),
    "green": ("#d3e6c8", "none"),
    "plaza": ("#efe6d2", "none"),
    "sport": ("#c3ddb6", "#d98f6c"),
    "parking": ("#d9e4f2", "#9db6d6"),
    "water": ("#b5d7e6", "#9cc6d8"),
}
HOUSES = {
    "home": ("#eadfce", "#cdbea5"),
    "heritage": ("#e2bfa6", "#b98a6c"),
    "school": ("#f3d9a8", "#d3ad66"),
    "office": ("#dcdde0", "#b5b9c0"),
    "market": ("#f1d3c0", "#cf9f83"),
    "other": ("#e6ddcd", "#c9bda8"),
}
LINES = {"water": 6.0, "path": 2.4, "road": 7.0}
"""Usual width in metres of what is drawn as a line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG path; `width` and `dash` in pixels."""

    d: str
    fill: str = "none"
    edge: str = "none"
    width: float = 0.0
    dash: str = ""
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Name:
    """A place's name at x, y in pixels."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MiniMap:
    """What the template draws: ground shapes, names, then the subject (a path, or a pin at x, y)."""

    ground: tuple[Shape, ...]
    names: tuple[Name, ...]
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

    def projected(self, geoms: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """WGS84 geometries in metres, cut to a little more than the picture."""
        edge = 30 / self.scale
        west, east = self.left - edge, self.left + WIDTH / self.scale + edge
        south, north = self.top - HEIGHT / self.scale - edge, self.top + edge
        moved = self.metric.project(shapely.GeometryCollection(list(geoms)))
        return [
            shapely.orient_polygons(shapely.clip_by_rect(part, west, south, east, north))
            for part in shapely.get_parts(moved)
        ]

    def point(self, x: float, y: float) -> tuple[float, float]:
        return ((x - self.left) * self.scale, (self.top - y) * self.scale)

    def path(self, geoms: Iterable[BaseGeometry], dx: float = 0.0, dy: float = 0.0) -> str:
        """SVG path data of projected geometries, moved by so many metres."""
        return "".join(
            self._run(points, is_closed, dx, dy)
            for geom in geoms
            for points, is_closed in _parts(geom)
        )

    def _run(self, points: Any, is_closed: bool, dx: float, dy: float) -> str:
        pixels = [self.point(x + dx, y + dy) for x, y, *_ in points]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels) + ("Z" if is_closed else "")


def _parts(geom: BaseGeometry) -> Iterable[tuple[list[tuple[float, ...]], bool]]:
    if geom.geom_type == "Polygon":
        for ring in (geom.exterior, *geom.interiors):
            yield list(ring.coords), True
    elif geom.geom_type == "LineString":
        yield list(geom.coords), False
    elif hasattr(geom, "geoms"):
        for part in geom.geoms:
            yield from _parts(part)


Painted: TypeAlias = list[tuple[str, float | None, BaseGeometry]]
"""Paint, size in metres, projected geometry."""


def minimap(session: Session, here: Neighborhood, case: Case) -> MiniMap:
    """The picture around a case's geometry."""
    geom = to_geom(case.geom)
    metric = Metric(here.utm_srid)
    frame = _Frame(metric, geom)
    middle = metric.project(geom).representative_point()
    x, y = frame.point(middle.x, middle.y)
    box = metric.box_around(geom, max(WIDTH, HEIGHT) / 2 / frame.scale)
    ground: list[Shape] = []
    features = _features(session, here, frame, box)
    for layer in ORDER:
        near = [row for row in features if row[0].partition("-")[0] == layer]
        if near:
            ground += _paint(frame, layer, near)
    rim = shapely.boundary(to_geom(here.boundary))
    dashes = frame.path(frame.projected([rim]))
    if dashes:
        ground.append(Shape(dashes, edge=BOUNDARY, width=2, dash="9 6", opacity=0.55))
    return MiniMap(
        ground=tuple(ground),
        names=tuple(_names(session, here, frame, box, (x, y))),
        subject="" if geom.geom_type == "Point" else frame.path([metric.project(geom)]),
        is_area=geom.geom_type == "Polygon",
        x=round(x, 1),
        y=round(y, 1),
    )


def _features(session: Session, here: Neighborhood, frame: _Frame, box: Any) -> Painted:
    drawn = session.execute(
        select(BaseFeature.paint, BaseFeature.size_m, BaseFeature.geom)
        .join(BaseLayer, BaseLayer.id == BaseFeature.layer_id)
        .where(
            BaseLayer.neighborhood_id == here.id,
            BaseLayer.is_visible,
            near_box(BaseFeature.geom, box),
        )
        .order_by(BaseLayer.position, BaseFeature.id)
        .limit(LIMIT)
    ).all()
    houses = session.execute(
        select(Building.use, Building.geom)
        .where(Building.neighborhood_id == here.id, near_box(Building.geom, box))
        .order_by(Building.id)
        .limit(LIMIT)
    ).all()
    rows = [(paint, size, to_geom(area)) for paint, size, area in drawn]
    rows += [(f"building-{use.value}", None, to_geom(area)) for use, area in houses]
    cut = frame.projected([area for _, _, area in rows])
    return [(row[0], row[1], area) for row, area in zip(rows, cut, strict=True) if area]


def _paint(frame: _Frame, layer: str, near: Painted) -> list[Shape]:
    if layer == "building":
        return _houses(frame, near)
    if layer == "tree":
        return _trees(frame, near)
    areas = [area for _, _, area in near if "Polygon" in area.geom_type]
    lines = [row for row in near if "Line" in row[2].geom_type]
    painted: list[Shape] = []
    if areas and layer in GROUND:
        fill, edge = GROUND[layer]
        width = 0.0 if edge == "none" else 0.8
        dash = "4 3" if layer == "parking" else ""
        painted.append(Shape(frame.path(areas), fill, edge, width, dash))
    if lines and layer in LINES:
        painted += _lines(frame, layer, lines)
    return painted


def _lines(frame: _Frame, layer: str, lines: Painted) -> list[Shape]:
    """Lines of one width in one path; roads lie on a casing, so that crossings join."""
    by_width: dict[float, list[BaseGeometry]] = {}
    for _, size, line in lines:
        by_width.setdefault(size or LINES[layer], []).append(line)
    runs = [
        (frame.path(found), max(0.8, metres * frame.scale)) for metres, found in by_width.items()
    ]
    colour, extra = {"road": ("#fff", 0.0), "path": ("#f7f1e3", 0.6)}.get(layer, ("#b5d7e6", 0.0))
    painted = [Shape(d, edge=colour, width=round(width + extra, 1)) for d, width in runs]
    if layer == "road":
        casing = [Shape(d, edge="#dcd2bf", width=round(width + 2.2, 1)) for d, width in runs]
        return casing + painted
    return painted


def _houses(frame: _Frame, near: Painted) -> list[Shape]:
    shadow = frame.path((area for _, _, area in near), 1.8, -2.6)
    painted = [Shape(shadow, fill="#4a3c28", opacity=0.16)]
    for use, (fill, edge) in HOUSES.items():
        found = [area for paint, _, area in near if paint.partition("-")[2] == use]
        if found:
            painted.append(Shape(frame.path(found), fill, edge, 0.8))
    return painted


def _trees(frame: _Frame, near: Painted) -> list[Shape]:
    crowns = [
        (*frame.point(spot.x, spot.y), max(1.0, (size or 2.4) * frame.scale))
        for _, size, spot in near
        if spot.geom_type == "Point"
    ]
    dark = "".join(_disc(x, y, r) for x, y, r in crowns)
    light = "".join(_disc(x - r * 0.22, y - r * 0.22, r * 0.62) for x, y, r in crowns)
    return [Shape(dark, fill="#9fc492", opacity=0.85), Shape(light, fill="#b9d7ab")]


def _disc(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"


def _names(
    session: Session, here: Neighborhood, frame: _Frame, box: Any, pin: tuple[float, float]
) -> list[Name]:
    """Names of places near the middle, none over another and none behind the pin."""
    rows = session.execute(
        select(NamedPlace.name, NamedPlace.geom)
        .where(NamedPlace.neighborhood_id == here.id, near_box(NamedPlace.geom, box))
        .order_by(NamedPlace.id)
        .limit(60)
    )
    spots = []
    for text, geom in rows:
        at = frame.metric.project(to_geom(geom))
        x, y = frame.point(at.x, at.y)
        spots.append(((x - pin[0]) ** 2 + (y - pin[1]) ** 2, text, x, y))
    taken = [(pin[0] - 26, pin[1] - 60, pin[0] + 26, pin[1] + 6)]
    found: list[Name] = []
    for _, text, x, y in sorted(spots):
        half = len(text) * 8.5
        if abs(x - pin[0]) < half and -60 < y - pin[1] < 12:
            y = pin[1] + 22  # a name under the pin is written below its foot
        label = (x - half, y - 12, x + half, y + 12)
        is_inside = label[0] > 4 and label[2] < WIDTH - 4 and label[1] > 4 and label[3] < HEIGHT - 4
        if is_inside and not any(_overlap(label, other) for other in taken):
            taken.append(label)
            found.append(Name(text, round(x, 1), round(y + 5, 1)))
    return found[:MOST_NAMES]


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
