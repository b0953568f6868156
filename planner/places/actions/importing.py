"""A foreign file on its way into the map: received, read by the worker, looked at, then taken or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Conflict, Invalid, NotAllowed
from planner.core.text import clean_reason, normal

from ..drafting import Draft
from ..models import BaseImport, Neighborhood
from ..policies import may_draw
from ..queries import open_imports, settings_of
from ..rules import checked_settings
from ..rules.features import plain
from ..terms import ImportState, ImportTarget, LayerKind
from .writing import WRITERS, Origin, Task

MOST_SOURCE = 240
MOST_OPEN = 10
"""Uploads of one neighborhood that may wait at the same time; each holds its file in the database."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, with what somebody said about it."""

    filename: str
    content: bytes
    target: ImportTarget
    datum: str = ""
    layer: LayerKind | None = None
    source: str = ""
    reason: str = ""


def origin_code(filename: str) -> str:
    """What an import of the same file replaces: the name without its ending, letters and digits only."""
    stem = filename.replace("\\", "/").rsplit("/", 1)[-1].split(".", 1)[0]
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in stem)
    return plain(kept, 28).strip("-") or "layer"


def receive_import(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, upload: Upload
) -> BaseImport:
    """Keep an uploaded file for the worker to read; nothing of it is on the map yet."""
    if not may_draw(actor, neighborhood):
        raise NotAllowed()
    if not upload.content:
        raise Invalid(fields={"file": "file_missing"})
    if open_imports(session, neighborhood) >= MOST_OPEN:
        raise Conflict("imports_waiting", fields={"file": "imports_waiting"}, maximum=MOST_OPEN)
    reason = upload.reason
    if upload.target is ImportTarget.GRID:
        reason = clean_reason(reason, minimum=2)
    made = BaseImport(
        neighborhood_id=neighborhood.id,
        filename=plain(upload.filename.replace("\\", "/").rsplit("/", 1)[-1], 200) or "file",
        code=origin_code(upload.filename),
        target=upload.target,
        layer=upload.layer.value if upload.layer else "",
        source=normal(upload.source, field="source")[:MOST_SOURCE],
        reason=reason,
        declared_datum=upload.datum,
        content=upload.content,
        created_by=actor.ref,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, actor, now, neighborhood, "map.upload", made)
    return made


def confirm_import(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    base_import: BaseImport,
    draft: Draft,
    accept_doubt: bool = False,
) -> dict[str, int]:
    """Put a looked-at file into force and forget the file; once."""
    _open(actor, neighborhood, base_import, ImportState.READY)
    counts = take_draft(
        session,
        actor=actor,
        now=now,
        neighborhood=neighborhood,
        draft=draft,
        origin=Origin(base_import.code, base_import.source, base_import.reason),
        accept_doubt=accept_doubt,
    )
    _end(base_import, ImportState.TAKEN, now)
    session.flush()
    return counts


def drop_import(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    base_import: BaseImport,
) -> None:
    """Give a file up, at any time before it was taken."""
    _open(actor, neighborhood, base_import, *(set(ImportState) - _ENDED))
    _end(base_import, ImportState.DROPPED, now)
    _note(session, actor, now, neighborhood, "map.drop", base_import)
    session.flush()


_ENDED = {ImportState.TAKEN, ImportState.DROPPED}


def _open(
    actor: Actor, neighborhood: Neighborhood, base_import: BaseImport, *states: ImportState
) -> None:
    if not may_draw(actor, neighborhood):
        raise NotAllowed()
    if base_import.state not in states:
        ended = base_import.state in _ENDED
        raise Conflict("import_gone" if ended else "import_not_ready")


def _end(base_import: BaseImport, state: ImportState, now: datetime) -> None:
    base_import.state, base_import.ended_at = state, now
    base_import.content = base_import.result = None


def take_draft(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    draft: Draft,
    origin: Origin,
    accept_doubt: bool = False,
) -> dict[str, int]:
    """Write a draft; the same code again replaces what it brought before. Give how many of what.

    Raises:
        Invalid: faults are left, nothing to take, or the datum is doubtful and nobody vouched for it.
    """
    if not may_draw(actor, neighborhood):
        raise NotAllowed()
    _refuse_doubt(draft, accept_doubt)
    faults = [finding for finding in draft.findings if finding.level == "bad"]
    if faults:
        told = [finding.as_json() for finding in faults]
        raise Invalid("features_faulty", number=len(faults), faults=told)
    if not (draft.items or draft.names):
        raise Invalid("file_empty")
    kept = WRITERS[draft.target](Task(session, actor, now, neighborhood, draft, origin))
    if draft.target is not ImportTarget.GRID:
        neighborhood.epoch += 1
    _credit(neighborhood, origin.source)
    counts = {**draft.counts, **({"kept": kept} if kept else {})}
    facts = {
        "target": draft.target.value,
        "code": origin.code,
        "datum": draft.datum,
        "doubt_accepted": draft.is_doubtful,
        "counts": counts,
    }
    _record(session, actor, now, neighborhood, "map.import", facts)
    session.flush()
    return counts


def _refuse_doubt(draft: Draft, accept_doubt: bool) -> None:
    """A declared datum that is probably wrong needs somebody who vouches for it."""
    doubts = [finding for finding in draft.findings if finding.level == "doubt"]
    if doubts and not accept_doubt:
        raise Invalid(
            "import_doubtful",
            fields={"accept": "import_doubtful"},
            why=doubts[0].code,
            **{key: value for key, value in doubts[0].facts.items() if value},
        )


def _credit(neighborhood: Neighborhood, source: str) -> None:
    """Print the source on the map; licences ask for it."""
    settings = settings_of(neighborhood)
    if not source or source in settings.map_source:
        return
    held = f"{settings.map_source}；{source}" if settings.map_source else source
    if len(held) <= MOST_SOURCE:
        neighborhood.settings = {**checked_settings(settings), "map_source": held}


def _note(
    session: Session,
    actor: Actor,
    now: datetime,
    here: Neighborhood,
    verb: str,
    made: BaseImport,
) -> None:
    facts = {"import": made.uuid.hex, "target": made.target.value, "code": made.code}
    _record(session, actor, now, here, verb, facts)


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    here: Neighborhood,
    verb: str,
    facts: Mapping[str, Any],
) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="neighborhood",
        subject_id=here.slug,
        neighborhood_id=here.id,
        facts=facts,
    )
