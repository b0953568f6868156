"""Importing marks from a file: every row through the same door as a resident's, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Gone, Invalid, NotAllowed, PlannerError
from planner.core.geo import from_geojson, to_geom
from planner.core.text import normal
from planner.places.models import Neighborhood

from ..models import Mark, MarkImport
from ..policies import may_import
from ..terms import MarkStatus, MarkVerb
from .creating import Created, MarkInput, create_mark
from .moderating import moderate

SAME_PLACE = 2e-6
"""Degrees (0.2 m): two roundings to 6 decimals."""
MOST_FAULTS = 50
IMPORTED = {
    MarkStatus.PUBLISHED: MarkVerb.PUBLISH,
    MarkStatus.HELD: MarkVerb.HOLD,
    MarkStatus.HIDDEN: MarkVerb.HIDE,
}
HELD_ELSEWHERE = "导入时已是这样"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row: its line in the file, the mark, and the publication state it had elsewhere."""

    line: int
    given: MarkInput
    status: MarkStatus = MarkStatus.RECEIVED


@dataclass(frozen=True, slots=True)
class ImportSource:
    """Where the rows come from: file name, SHA-256 of its bytes, declared datum, how it was mapped."""

    filename: str
    digest: str
    datum: str
    mapping: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ImportReport:
    """What an import did or would do: rows taken, already known, deleted by their authors; counts."""

    taken: int = 0
    known: int = 0
    erased: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    seats: Counter[str] = field(default_factory=Counter)


def import_marks(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    rows: Sequence[ImportRow],
    source: ImportSource,
    receipt_key: bytes,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Take all rows or none. A row that is already here changes nothing.

    Raises:
        Invalid: ``rows_refused``; `facts["faults"]` names line, code and facts of each faulty row.
    """
    if not may_import(actor, neighborhood.id):
        raise NotAllowed()
    report, faults = ImportReport(), list[dict[str, Any]]()
    for done, row in enumerate(rows, start=1):
        try:
            _take(session, actor, now, neighborhood, row, receipt_key, report)
        except PlannerError as error:
            faults += row_faults(row.line, error)
        if progress is not None:
            progress(done)
    if faults:
        raise Invalid("rows_refused", number=len(faults), faults=faults[:MOST_FAULTS])
    _keep(session, actor, now, neighborhood, source, report)
    session.flush()
    return report


def as_published(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """The rows to be published at once; what was held or hidden elsewhere stays so."""
    return [
        replace(row, status=MarkStatus.PUBLISHED) if row.status is MarkStatus.RECEIVED else row
        for row in rows
    ]


def row_uuid(neighborhood: Neighborhood, name: str) -> UUID:
    """The UUID of an imported row: the same name in the same neighborhood is the same mark."""
    return uuid5(neighborhood.uuid, f"mark:{name}")


def _take(
    session: Session,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    row: ImportRow,
    receipt_key: bytes,
    report: ImportReport,
) -> None:
    held = _held(session, neighborhood, row.given)
    if held is not None:
        _refuse_other(held, row.given)
        report.known += 1
        return
    try:
        made = create_mark(
            session,
            actor=actor,
            now=now,
            neighborhood=neighborhood,
            given=row.given,
            receipt_key=receipt_key,
        )
    except Gone:
        report.erased += 1
        return
    if made.is_replay:
        report.known += 1
        return
    _publish(session, actor, now, made.mark, row.status)
    _count(report, made)


def _held(session: Session, neighborhood: Neighborhood, given: MarkInput) -> Mark | None:
    """The mark an outside id names: one imported before, or one of our own that was exported."""
    if given.external_id is None:
        return None
    which = Mark.external_id == given.external_id
    with suppress(ValueError):
        which |= Mark.uuid == UUID(given.external_id)
    wanted = select(Mark).where(Mark.neighborhood_id == neighborhood.id, which)
    return session.scalars(wanted.options(joinedload(Mark.wording))).first()


def _refuse_other(held: Mark, given: MarkInput) -> None:
    """The same id with other words, kind or place is a mistake somebody must look at."""
    words = held.wording
    said = {words.reason, words.original} if words else set()
    is_same = (
        held.kind is given.kind
        and normal(given.reason, field="reason") in said
        and from_geojson(given.geometry).hausdorff_distance(to_geom(held.geom)) < SAME_PLACE
    )
    if not is_same:
        raise Invalid(fields={"external_id": "external_id_differs"})


def _publish(session: Session, actor: Actor, now: datetime, mark: Mark, status: MarkStatus) -> None:
    verb = IMPORTED.get(status)
    if verb is not None and mark.status is not status:
        moderate(session, actor=actor, now=now, mark=mark, verb=verb, reason=HELD_ELSEWHERE)


def _count(report: ImportReport, made: Created) -> None:
    mark = made.mark
    report.taken += 1
    report.kinds[mark.kind.value] += 1
    report.topics[mark.topic_code or mark.public_topic_code] += 1
    report.seats[mark.case.seat.code if mark.case.seat else "unassigned"] += 1


def row_faults(line: int, error: PlannerError) -> list[dict[str, Any]]:
    """What is wrong with a row, as {line, code, facts}; the facts name the field."""
    named = error.fields or {"": error.code}
    return [
        {"line": line, "code": code, "facts": {**({"field": name} if name else {}), **error.facts}}
        for name, code in named.items()
    ]


def _keep(
    session: Session,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    source: ImportSource,
    report: ImportReport,
) -> None:
    if not report.taken:
        return
    session.add(
        MarkImport(
            neighborhood_id=neighborhood.id,
            filename=source.filename[:200],
            file_digest=source.digest,
            declared_datum=source.datum,
            mapping=dict(source.mapping),
            taken=report.taken,
            known=report.known,
            actor_ref=actor.ref,
            at=now,
        )
    )
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="marks.import",
        subject_kind="neighborhood",
        subject_id=neighborhood.slug,
        neighborhood_id=neighborhood.id,
        facts={"file": source.digest, "taken": report.taken, "known": report.known},
    )
