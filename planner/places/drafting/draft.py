"""What a read file becomes, before anybody says yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.datum import geometry_to_wgs84
from planner.core.datum_fit import DatumFinding
from planner.core.errors import Invalid

from ..rules.features import Feature
from ..terms import ImportTarget, LayerKind
from . import datums
from .makers import maker_of, names_from
from .parts import AROUND_M, SURROUNDINGS_M, Draft, Fault, Finding, Ground, Item, Skip

MOST_FINDINGS = 20
WIDE = (ImportTarget.BASE, ImportTarget.PLACES, ImportTarget.COMMUNITIES)
"""Files that may reach far beyond the neighborhood; a grid or a list of buildings may not."""


def draft_from(
    features: Sequence[Feature],
    *,
    target: ImportTarget,
    datum: str,
    ground: Ground,
    layer: LayerKind | None = None,
    empty: int = 0,
    may_be_bare: bool = False,
) -> Draft:
    """Convert, sort and judge the features of one file for one target.

    `may_be_bare`: one of several files may hold nothing for this place.

    Raises:
        Invalid: `features_faulty` with every fault by line, `file_far` when nothing lies near.
    """
    finding = _datum_finding(features, target, datum, ground)
    make = maker_of(target, ground, layer)
    items: list[Item] = []
    skipped: Counter[str] = Counter({"empty": empty} if empty else {})
    faults: list[dict[str, Any]] = []
    for feature in features:
        try:
            items.append(make(feature, _moved(feature, datum)))
        except Skip as reason:
            skipped[str(reason)] += 1
        except Fault as fault:
            faults.append({"line": feature.line, "code": fault.code, "facts": fault.facts})
    doubts = [Finding("doubt", finding.code, facts=finding.facts)] if finding else []
    if faults and not doubts and all(f["code"] == "geometry_number" for f in faults):
        raise Invalid("file_far", fields={"file": "file_far"})
    if faults and not doubts:
        raise Invalid(
            "features_faulty",
            fields={"file": "features_faulty"},
            number=len(faults),
            faults=faults[:MOST_FINDINGS],
        )
    names = names_from(features, datum, ground) if target is ImportTarget.BASE else []
    if not (items or names or doubts or may_be_bare):
        code = "file_far" if skipped["outside"] else "file_empty"
        raise Invalid(code, fields={"file": code})
    faulty = [Finding("bad", f["code"], f["line"], f["facts"]) for f in faults[:MOST_FINDINGS]]
    return Draft(
        target=target,
        datum=datum,
        items=tuple(items),
        names=tuple(names),
        skipped=dict(skipped),
        findings=(*doubts, *faulty, *_twice(items, target)),
    )


def _moved(feature: Feature, datum: str) -> BaseGeometry:
    with np.errstate(all="ignore"):
        moved = geometry_to_wgs84(feature.geom, datum)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise Fault("geometry_number")
    return moved


def _datum_finding(
    features: Sequence[Feature], target: ImportTarget, datum: str, ground: Ground
) -> DatumFinding | None:
    """The same sort of thing witnesses best: streets by streets, everything else by buildings."""
    lines = [each.geom for each in features if "Line" in each.geom.geom_type]
    others = [each.geom for each in features if "Line" not in each.geom.geom_type]
    if target is not ImportTarget.BASE or len(others) >= len(lines):
        geoms, base = others or lines, ground.buildings
    else:
        geoms, base = lines, ground.streets
    return datums.doubt(
        datums.spots(geoms),
        datum,
        around=ground.grown(AROUND_M),
        extent=shapely.box(*ground.box(SURROUNDINGS_M)),
        base=base,
        may_be_wide=target in WIDE,
    )


def _twice(items: Iterable[Item], target: ImportTarget) -> tuple[Finding, ...]:
    """Codes and numbers must tell things apart."""
    if target in (ImportTarget.BASE, ImportTarget.PLACES, ImportTarget.MASKS):
        return ()
    seen: dict[str, int] = {}
    found = []
    for item in items:
        key = str(item.number) if target is ImportTarget.GRID else item.code
        if key in seen:
            found.append(Finding("bad", "code_twice", item.line, {"found": key}))
        seen[key] = item.line
    return tuple(found[:MOST_FINDINGS])
