"""Files of marks: read in the child process, judged by datum, mapped row by row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planner.core.datum import geometry_to_wgs84
from planner.core.datum_fit import DatumFinding
from planner.core.errors import Invalid, PlannerError
from planner.core.geo import to_geojson
from planner.core.text import restore_cell
from planner.marks.actions import ImportRow, MarkInput, row_uuid
from planner.marks.actions.importing import MOST_FAULTS, row_faults
from planner.marks.terms import Channel, PinOrigin
from planner.places.drafting import Ground
from planner.places.drafting.datums import doubt, spots
from planner.places.models import Neighborhood
from planner.places.reading import Reading
from planner.places.rules.features import Feature

from .columns import ColumnMap, instant_of, kind_of, status_of

AROUND_M, SURROUNDINGS_M = 100, 500
DIGITS = 7


@dataclass(frozen=True, slots=True)
class MarkFile:
    """A file that was read: features in its own grid, the datum to convert from, its digest."""

    features: tuple[Feature, ...]
    datum: str
    digest: str
    is_table: bool


def mark_file(reading: Reading, datum: str, raw: bytes) -> MarkFile:
    """The features of a reading. A row without a place is refused, for every mark has one."""
    if reading.empty:
        bare = [{"line": line, "code": "geometry_missing", "facts": {}} for line in reading.bare]
        raise Invalid("rows_without_place", number=reading.empty, faults=bare)
    digest = hashlib.sha256(raw).hexdigest()
    return MarkFile(tuple(reading.features()), datum, digest, reading.format == "CSV")


def doubtful(file: MarkFile, ground: Ground) -> DatumFinding | None:
    """What speaks against the declared datum, with the better candidate; None when nothing does."""
    return doubt(
        spots([feature.geom for feature in file.features]),
        file.datum,
        around=ground.grown(max(AROUND_M, ground.tolerance_m)),
        extent=shapely.box(*ground.box(SURROUNDINGS_M)),
        base=ground.streets,
        may_be_wide=False,
    )


def rows_of(
    file: MarkFile, columns: ColumnMap, neighborhood: Neighborhood, now: datetime
) -> list[ImportRow]:
    """Every row as a mark to be taken.

    Raises:
        Invalid: ``column_missing``, or ``rows_refused`` with line, field and code of each fault.
    """
    columns.refuse_absent({name for feature in file.features for name in feature.tags})
    made, faults, twins = [], list[dict[str, Any]](), Counter[str]()
    for feature in file.features:
        try:
            made.append(_row(file, feature, columns, neighborhood, now, twins))
        except PlannerError as error:
            faults += row_faults(feature.line, error)
    faults += _doubles(made)
    if faults:
        raise Invalid("rows_refused", number=len(faults), faults=faults[:MOST_FAULTS])
    return made


def _row(
    file: MarkFile,
    feature: Feature,
    columns: ColumnMap,
    neighborhood: Neighborhood,
    now: datetime,
    twins: Counter[str],
) -> ImportRow:
    tags = _restored(feature.tags) if file.is_table else feature.tags
    geometry = to_geojson(geometry_to_wgs84(_single(feature.geom), file.datum), DIGITS)
    kind, reason = kind_of(columns.text(tags, "kind")), columns.text(tags, "reason")
    occurred_at = instant_of(columns.text(tags, "occurred_at"), now)
    outside = columns.text(tags, "external_id") or None
    if outside is not None and len(outside) > 80:
        raise Invalid(fields={"external_id": "too_long"})
    name = outside or _fingerprint(twins, kind, geometry, reason, occurred_at)
    given = MarkInput(
        uuid=row_uuid(neighborhood, name),
        kind=kind,
        geometry=geometry,
        reason=reason,
        topic=columns.text(tags, "topic") or None,
        pin_origin=PinOrigin.IMPORT,
        channel=Channel.IMPORT,
        declared_datum=file.datum,
        external_id=outside,
        occurred_at=occurred_at,
    )
    return ImportRow(feature.line, given, status_of(columns.text(tags, "status")))


def _restored(tags: Mapping[str, str]) -> dict[str, str]:
    return {name: restore_cell(text) for name, text in tags.items()}


def _single(geom: BaseGeometry) -> BaseGeometry:
    """The one part of a collection that has only one, as many programs write points."""
    parts = getattr(geom, "geoms", None)
    return parts[0] if parts is not None and len(parts) == 1 else geom


def _fingerprint(twins: Counter[str], *content: object) -> str:
    """A name for a row that has none: its content, and which of several equal rows it is."""
    digest = hashlib.sha256(repr(content).encode()).hexdigest()
    twins[digest] += 1
    return f"{digest}:{twins[digest]}"


def _doubles(rows: Sequence[ImportRow]) -> list[dict[str, Any]]:
    seen: dict[str, int] = {}
    faults = []
    for row in rows:
        name = row.given.external_id
        if name is None:
            continue
        if name in seen:
            facts = {"field": "external_id", "first": seen[name]}
            faults.append({"line": row.line, "code": "id_twice", "facts": facts})
        seen.setdefault(name, row.line)
    return faults
