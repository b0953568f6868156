"""The parts of a draft: what it is judged against, what it holds, how it says no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.geo import Box, Metric

from ..rules.features import Feature
from ..terms import ImportTarget, LayerKind

SURROUNDINGS_M = 500
"""So far beyond the boundary the painted map goes on, for those who look around."""
AROUND_M = 100
EXTENT_M = 2_000


@dataclass(frozen=True, slots=True)
class Ground:
    """What an import is judged against; geometries in WGS84, `buildings` and `streets` are witnesses."""

    boundary: BaseGeometry
    metric: Metric
    tolerance_m: int
    buildings: Sequence[BaseGeometry] = ()
    streets: Sequence[BaseGeometry] = ()

    def grown(self, metres: float) -> BaseGeometry:
        """The boundary and so many metres around it."""
        return self.metric.buffer_m(self.boundary, metres)

    def box(self, metres: float) -> Box:
        """The box of the boundary and so many metres around it."""
        return self.metric.box_around(self.boundary, metres)


@dataclass(frozen=True, slots=True)
class Item:
    """One feature as it will be stored, WGS84; `kind`, `number`, `facts` mean what the target says."""

    line: int
    geom: BaseGeometry
    code: str = ""
    name: str = ""
    kind: str = ""
    number: int = 0
    size_m: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name with the point it stands at, WGS84."""

    name: str
    kind: str
    point: shapely.Point
    aliases: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should read: `level` is `bad` (refuses), `doubt` (asks) or `note`."""

    level: str
    code: str
    line: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        return {
            "level": self.level,
            "code": self.code,
            "line": self.line,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Draft:
    """A file understood: items to store, names found on the way, and what was left out by reason."""

    target: ImportTarget
    datum: str
    items: tuple[Item, ...]
    names: tuple[PlaceName, ...]
    skipped: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether the declared datum is probably wrong."""
        return any(finding.level == "doubt" for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How many items per layer (painted map), else per target."""
        if self.target is not ImportTarget.BASE:
            return {self.target.value: len(self.items)}
        found = Counter(item.kind.partition("-")[0] for item in self.items)
        return {kind.value: found[kind.value] for kind in LayerKind if found[kind.value]}


class Fault(Exception):
    """One feature that cannot be taken; the whole file is refused and this says why."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class Skip(Exception):
    """One feature that is left out, with the reason it is counted under."""


Maker = Callable[[Feature, BaseGeometry], Item]
