"""A small drawing of what was read over the boundary: as it will lie, and as it would lie unconverted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..rules.features import Feature
from ..terms import ImportTarget
from .parts import Draft, Ground, Item

WIDTH, HEIGHT = 640.0, 420.0
MARGIN = 24.0
MOST_SHAPES = 1_500
MOST_LETTERS = 150_000
MOST_LABELS = 200
DOT = 2.5


def preview_of(draft: Draft, features: Sequence[Feature], ground: Ground) -> dict[str, Any]:
    """SVG path data by name: `boundary`, `areas`, `lines`, `points`, `before` (empty when not converted).

    `labels` are the numbers of grid cells as (x, y, number).
    """
    frame = _Frame(ground.grown(60))
    shapes = [item.geom for item in draft.items][:MOST_SHAPES]
    before = [feature.geom for feature in features][:MOST_SHAPES]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "boundary": frame.drawn([ground.boundary]),
        "areas": frame.drawn(shape for shape in shapes if "Polygon" in shape.geom_type),
        "lines": frame.drawn(shape for shape in shapes if "Line" in shape.geom_type),
        "points": frame.drawn(shape for shape in shapes if "Point" in shape.geom_type),
        "labels": frame.numbered(draft.items) if draft.target is ImportTarget.GRID else [],
        "before": "" if draft.datum in ("wgs84", "cgcs2000") else frame.drawn(before),
    }


class _Frame:
    """Degrees to pixels; equal scale both ways at this latitude."""

    def __init__(self, shown: BaseGeometry) -> None:
        west, south, east, north = shown.bounds
        self.squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self.squeeze, north - south
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.left = (west + east) / 2 - WIDTH / 2 / self.scale / self.squeeze
        self.top = (south + north) / 2 + HEIGHT / 2 / self.scale
        self.window = shapely.box(
            self.left,
            self.top - HEIGHT / self.scale,
            self.left + WIDTH / self.scale / self.squeeze,
            self.top,
        )

    def drawn(self, shapes: Iterable[BaseGeometry]) -> str:
        """Path data of everything that meets the window; a huge file is drawn in part."""
        made, letters = [], 0
        for shape in shapes:
            if letters > MOST_LETTERS:
                break
            if not self.window.intersects(shape):
                continue
            path = "".join(self._runs(shapely.simplify(shape, 0.6 / self.scale)))
            letters += len(path)
            made.append(path)
        return "".join(made)

    def numbered(self, items: Iterable[Item]) -> list[tuple[float, float, int]]:
        """Where each cell's number stands, in pixels."""
        spots = [(item.geom.representative_point(), item.number) for item in items]
        pixels = [(*self._pixel(spot.x, spot.y), number) for spot, number in spots[:MOST_LABELS]]
        return [(round(x, 1), round(y, 1), number) for x, y, number in pixels]

    def _runs(self, shape: BaseGeometry) -> Iterable[str]:
        for part in shapely.get_parts(shape):
            if part.geom_type == "Point":
                x, y = self._pixel(part.x, part.y)
                yield f"M{x - DOT:.1f} {y:.1f}a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 -{2 * DOT} 0"
            elif part.geom_type == "Polygon":
                for ring in (part.exterior, *part.interiors):
                    yield self._run(np.asarray(ring.coords)) + "Z"
            else:
                yield self._run(np.asarray(part.coords))

    def _run(self, points: np.ndarray) -> str:
        return "M" + "L".join("{:.1f} {:.1f}".format(*self._pixel(x, y)) for x, y in points[:, :2])

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        return ((x - self.left) * self.squeeze * self.scale, (self.top - y) * self.scale)
