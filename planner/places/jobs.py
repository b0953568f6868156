"""Uploaded files waiting to be read. The reading happens in a child process, outside any transaction."""

from __future__ import annotations

import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.core.db import Database
from planner.core.errors import PlannerError
from planner.core.settings import Settings

from .drafting import Draft, agreed_datum, draft_from, preview_of
from .models import BaseImport, Neighborhood
from .queries import ground_of
from .reading import Reading, read_foreign
from .rules.features import Feature
from .terms import ImportState, LayerKind

CLAIM = timedelta(minutes=5)
MOST_ATTEMPTS = 3
PROGRESS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: int
    attempt: int
    content: bytes


def read_waiting(database: Database, settings: Settings, now: datetime) -> int:
    """Read one waiting upload, or one whose reader died; give how many were handled (0 or 1)."""
    claimed = _claim(database, now)
    if claimed is None:
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="planner-import-") as held:
            path = Path(held) / "given"
            path.write_bytes(claimed.content)
            reading = read_foreign(path, progress=_reporter(database, claimed))
        _ready(database, claimed, reading)
    except PlannerError as error:
        _refuse(database, claimed, error)
    return 1


def _claim(database: Database, now: datetime) -> _Claimed | None:
    """Take the oldest upload that nobody reads. One that killed its readers thrice is refused."""
    with database.write() as session:
        found = session.scalars(
            select(BaseImport)
            .where(
                or_(
                    BaseImport.state == ImportState.WAITING,
                    (BaseImport.state == ImportState.READING) & (BaseImport.claimed_until < now),
                )
            )
            .order_by(BaseImport.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if found is None or found.content is None:
            return None
        if found.attempts >= MOST_ATTEMPTS:
            _mark_refused(found, PlannerError("reader_died"))
            return None
        found.state, found.claimed_until = ImportState.READING, now + CLAIM
        found.attempts += 1
        return _Claimed(found.id, found.attempts, found.content)


def _reporter(database: Database, claimed: _Claimed) -> Callable[[int, int], None]:
    """Writes progress about once a second, in a transaction of its own."""
    last = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < PROGRESS_SECONDS:
            return
        last = time.monotonic()
        with database.write() as session:
            found = _still_ours(session, claimed)
            if found is not None:
                found.done, found.total = done, total

    return report


def _still_ours(session: Session, claimed: _Claimed) -> BaseImport | None:
    """The upload, unless it was dropped meanwhile or a later reader took it."""
    return session.scalars(
        select(BaseImport)
        .where(
            BaseImport.id == claimed.id,
            BaseImport.state == ImportState.READING,
            BaseImport.attempts == claimed.attempt,
        )
        .with_for_update()
    ).first()


def _ready(database: Database, claimed: _Claimed, reading: Reading) -> None:
    packed = zlib.compress(reading.lines, 6)
    features = list(reading.features())
    with database.read() as session:
        found = session.get_one(BaseImport, claimed.id)
        datum = agreed_datum(found.declared_datum, reading.crs, reading.format)
        here = session.get_one(Neighborhood, found.neighborhood_id)
        summary, findings = _looked_at(session, here, found, features, datum, reading)
    with database.write() as session:
        ours = _still_ours(session, claimed)
        if ours is None:
            return
        ours.state, ours.datum, ours.result, ours.content = (
            ImportState.READY,
            datum,
            packed,
            None,
        )
        ours.summary, ours.findings = summary, findings
        ours.done = ours.total = reading.count


def _looked_at(
    session: Session,
    here: Neighborhood,
    found: BaseImport,
    features: list[Feature],
    datum: str,
    reading: Reading,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    ground = ground_of(session, here)
    draft = draft_from(
        features,
        target=found.target,
        datum=datum,
        ground=ground,
        layer=LayerKind(found.layer) if found.layer else None,
        empty=reading.empty,
    )
    summary = {
        "format": reading.format,
        "crs": reading.crs,
        "count": reading.count,
        "counts": draft.counts,
        "names": len(draft.names),
        "skipped": dict(draft.skipped),
        "preview": preview_of(draft, features, ground),
    }
    return summary, [finding.as_json() for finding in draft.findings]


def draft_of(session: Session, here: Neighborhood, found: BaseImport) -> Draft:
    """The draft of a read upload, judged again against what lies there now."""
    lines = zlib.decompress(found.result or b"")
    reading = Reading(format="", crs="", lines=lines)
    return draft_from(
        list(reading.features()),
        target=found.target,
        datum=found.datum,
        ground=ground_of(session, here),
        layer=LayerKind(found.layer) if found.layer else None,
    )


def _refuse(database: Database, claimed: _Claimed, error: PlannerError) -> None:
    with database.write() as session:
        ours = _still_ours(session, claimed)
        if ours is not None:
            _mark_refused(ours, error)


def _mark_refused(found: BaseImport, error: PlannerError) -> None:
    """Say why, feature by feature; the file itself is forgotten."""
    facts = {key: value for key, value in error.facts.items() if key != "faults"}
    faults = error.facts.get("faults")
    found.state, found.content, found.result = ImportState.REFUSED, None, None
    found.findings = [
        {"level": "bad", "code": error.code, "line": 0, "facts": facts},
        *({"level": "bad", **fault} for fault in (faults if isinstance(faults, list) else [])),
    ]
