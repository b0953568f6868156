"""One maker for each target: a feature in WGS84 becomes an item, is left out, or is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.datum import geometry_to_wgs84

from ..rules import features as tags_of
from ..rules import painting
from ..rules.features import Feature
from ..terms import ImportTarget, LayerKind
from .parts import EXTENT_M, SURROUNDINGS_M, Fault, Ground, Item, Maker, PlaceName, Skip

HIDDEN_REASON = "不便标注的区域"
MOST_HOUSEHOLDS = 100_000
MOST_FLOOR_M2 = 5_000_000
LATEST_YEAR = 2_200


def maker_of(target: ImportTarget, ground: Ground, layer: LayerKind | None) -> Maker:
    """The maker of a target; `layer` fixes the layer of the painted map."""
    if target is ImportTarget.BASE:
        return _Painter(ground, layer)
    return {
        ImportTarget.GRID: _Grid,
        ImportTarget.BUILDINGS: _Buildings,
        ImportTarget.COMMUNITIES: _Communities,
        ImportTarget.ESTATES: _Estates,
        ImportTarget.VENUES: _Venues,
        ImportTarget.PLACES: _Places,
        ImportTarget.MASKS: _Masks,
    }[target](ground)


class _Painter:
    """Painted features, cut to the surroundings."""

    def __init__(self, ground: Ground, layer: LayerKind | None) -> None:
        self.layer = layer
        self.frame = shapely.box(*ground.box(SURROUNDINGS_M))
        shapely.prepare(self.frame)

    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        tags, shape = feature.tags, geom.geom_type
        if painting.is_sensitive(tags):
            raise Skip("sensitive")
        if self.layer is None:
            paint = painting.paint_of(tags, shape)
        else:
            paint = painting.fitted(self.layer, tags, shape)
        if paint is None:
            raise Skip("shape" if self.layer else "unpainted")
        inside = self._cut(geom)
        if inside is None:
            raise Skip("outside")
        kind = paint.kind.value if paint.kind is LayerKind.OVERLAY else paint.paint
        return Item(
            feature.line, inside, name=tags_of.name_of(tags), kind=kind, size_m=paint.size_m
        )

    def _cut(self, geom: BaseGeometry) -> BaseGeometry | None:
        """The part inside the surroundings, of the same dimension; None when there is none."""
        if not self.frame.intersects(geom):
            return None
        if self.frame.covers(geom):
            return geom
        part = self.frame.intersection(geom)
        wanted = shapely.get_dimensions(geom)
        kept = [each for each in shapely.get_parts(part) if shapely.get_dimensions(each) == wanted]
        if not kept:
            return None
        return kept[0] if len(kept) == 1 else shapely.union_all(kept)


class _Near:
    """Shared checks: an area or a point, near the neighborhood, a code and a name."""

    code_prefix = ""
    code_length = 40

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.reach = ground.grown(ground.tolerance_m)
        self.extent = shapely.box(*ground.box(EXTENT_M))
        shapely.prepare(self.reach)

    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        raise NotImplementedError

    def area(self, geom: BaseGeometry) -> BaseGeometry:
        """An area that lies at least partly in the neighborhood."""
        if "Polygon" not in geom.geom_type:
            raise Skip("shape")
        return self._near(geom)

    def point(self, geom: BaseGeometry) -> BaseGeometry:
        """The point that stands for any shape, in the neighborhood."""
        spot = _middle(geom)
        self._near(spot)
        return spot

    def _near(self, geom: BaseGeometry) -> BaseGeometry:
        if self.reach.intersects(geom):
            return geom
        if not self.extent.intersects(geom):
            away = self.ground.metric.distance_m(self.ground.boundary, geom)
            raise Fault("feature_far", metres=round(away) if np.isfinite(away) else "?")
        raise Skip("outside")

    def code(self, feature: Feature) -> str:
        """The file's code, else one from the line."""
        stated = tags_of.plain(tags_of.value(feature.tags, "code"), self.code_length)
        return stated or f"{self.code_prefix}{feature.line}"

    @staticmethod
    def whole(feature: Feature, what: str, highest: float) -> int | None:
        """A whole number of a cell; a fault when it holds something else."""
        text = tags_of.value(feature.tags, what)
        try:
            made = tags_of.number(text, highest=highest)
        except ValueError as error:
            raise Fault("number_bad", found=tags_of.plain(text, 40)) from error
        return None if made is None else round(made)


class _Grid(_Near):
    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        if "Polygon" not in geom.geom_type:
            raise Fault("shape_area")
        number = self.whole(feature, "number", 9_999)
        if not number:
            raise Fault("number_missing")
        community = tags_of.plain(tags_of.value(feature.tags, "community"), 40)
        return Item(
            feature.line,
            self.area(geom),
            code=f"g{number}",
            name=tags_of.name_of(feature.tags, 80) or f"第{number}网格",
            number=number,
            facts={"community": community},
        )


class _Buildings(_Near):
    code_prefix = "b"
    code_length = 60

    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        households = self.whole(feature, "households", MOST_HOUSEHOLDS)
        text = tags_of.value(feature.tags, "floor_area_m2")
        try:
            floor = tags_of.number(text, highest=MOST_FLOOR_M2) or 0.0
        except ValueError as error:
            raise Fault("number_bad", found=tags_of.plain(text, 40)) from error
        if painting.is_sensitive(feature.tags):
            raise Skip("sensitive")
        return Item(
            feature.line,
            self.area(geom),
            code=self.code(feature),
            name=tags_of.name_of(feature.tags),
            kind=tags_of.use_of(feature.tags).value,
            facts={
                "households": households or 0,
                "floor_area_cm2": round(floor * 100),
                "estate": tags_of.plain(tags_of.value(feature.tags, "estate"), 40),
            },
        )


class _Communities(_Near):
    code_prefix = "c"

    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        name = tags_of.name_of(feature.tags, 80)
        if not name:
            raise Fault("name_missing")
        return Item(feature.line, self.area(geom), code=self.code(feature), name=name)


class _Estates(_Near):
    code_prefix = "e"

    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        name = tags_of.name_of(feature.tags, 80)
        if not name:
            raise Fault("name_missing")
        year = self.whole(feature, "year", LATEST_YEAR)
        return Item(
            feature.line,
            self.area(geom),
            code=self.code(feature),
            name=name,
            facts={"built_year": year},
        )


class _Venues(_Near):
    code_prefix = "v"

    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        name = tags_of.name_of(feature.tags, 80)
        if not name:
            raise Fault("name_missing")
        kind = tags_of.plain(tags_of.value(feature.tags, "kind"), 40) or "venue"
        return Item(feature.line, self.point(geom), code=self.code(feature), name=name, kind=kind)


class _Places(_Near):
    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        name = tags_of.name_of(feature.tags)
        if not name:
            raise Skip("unnamed")
        if painting.is_sensitive(feature.tags):
            raise Skip("sensitive")
        paint = painting.paint_of(feature.tags, geom.geom_type)
        stated = tags_of.plain(tags_of.value(feature.tags, "kind"), 40)
        kind = stated or painting.place_kind(feature.tags, paint.kind if paint else None)
        return Item(
            feature.line,
            self._spot(geom),
            name=name,
            kind=kind,
            facts={"aliases": tags_of.plain(tags_of.value(feature.tags, "aliases"), 240)},
        )

    def _spot(self, geom: BaseGeometry) -> BaseGeometry:
        """A file of a whole city may hold places far away: they are left out, not refused."""
        if not self.reach.intersects(geom):
            raise Skip("outside")
        return _middle(self.reach.intersection(geom))


class _Masks(_Near):
    def __call__(self, feature: Feature, geom: BaseGeometry) -> Item:
        if "Polygon" not in geom.geom_type:
            raise Fault("shape_area")
        reason = tags_of.plain(tags_of.value(feature.tags, "reason"), 120) or HIDDEN_REASON
        return Item(feature.line, self.area(geom), name=reason)


def names_from(features: Sequence[Feature], datum: str, ground: Ground) -> list[PlaceName]:
    """Names people can search for, one for each name and kind: the longest or largest piece inside counts."""
    reach = ground.grown(ground.tolerance_m)
    shapely.prepare(reach)
    best: dict[tuple[str, str], tuple[float, PlaceName]] = {}
    for size, found in _named(features, datum, ground, reach):
        key = (found.name, found.kind)
        if key not in best or size > best[key][0]:
            best[key] = (size, found)
    return [found for _, found in best.values()]


def _named(
    features: Iterable[Feature], datum: str, ground: Ground, reach: BaseGeometry
) -> Iterator[tuple[float, PlaceName]]:
    for feature in features:
        name = tags_of.name_of(feature.tags)
        if not name or painting.is_sensitive(feature.tags):
            continue
        with np.errstate(all="ignore"):
            geom = geometry_to_wgs84(feature.geom, datum)
        if not reach.intersects(geom):
            continue
        inside = ground.metric.project(reach.intersection(geom))
        paint = painting.paint_of(feature.tags, geom.geom_type)
        aliases = tags_of.plain(tags_of.value(feature.tags, "aliases"), 240)
        kind = painting.place_kind(feature.tags, paint.kind if paint else None)
        spot = ground.metric.unproject(_middle(inside))
        yield (
            inside.area or inside.length,
            PlaceName(name, kind, shapely.Point(spot.x, spot.y), aliases),
        )


def _middle(geom: BaseGeometry) -> shapely.Point:
    """A point on the shape: the middle of a line's longest piece, a point inside an area."""
    parts = list(shapely.get_parts(geom))
    lines = [part for part in parts if part.geom_type == "LineString"]
    if lines and len(lines) == len(parts):
        longest = max(lines, key=lambda part: part.length)
        return shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return geom.representative_point()
