"""What an author may do, proved by device or receipt: rewrite, add, withdraw, erase."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Conflict, NotFound
from planner.core.text import clean_reason
from planner.routing.actions import publish_case, withdraw_case
from planner.routing.terms import TRANSITIONS as CASE_TRANSITIONS
from planner.routing.terms import CaseVerb

from ..models import Addition, ErasedMark, Mark, MarkChip, Wording
from ..policies import owns
from ..rules import MAX_ADDITIONS, next_status
from ..terms import MarkStatus, MarkVerb


def rewrite(session: Session, *, actor: Actor, now: datetime, mark: Mark, words: str) -> Mark:
    """Change one's words before the first staff act; the mark goes back to review."""
    _own(actor, mark)
    if mark.triaged_at is not None or mark.case.acknowledged_at is not None:
        raise Conflict("already_triaged")
    if mark.wording is None or mark.status is MarkStatus.WITHDRAWN:
        raise Conflict("nothing_to_edit")
    clean = clean_reason(words)
    mark.wording.reason = clean
    mark.case.excerpt = clean[:240]
    if mark.status is not MarkStatus.RECEIVED:
        mark.status = next_status(MarkVerb.RETURN_TO_REVIEW, mark.status)
        publish_case(session, actor=actor, now=now, case=mark.case, is_public=False)
    _note(session, actor, now, mark, "mark.rewrite", clean)
    session.flush()
    return mark


def add_words(session: Session, *, actor: Actor, now: datetime, mark: Mark, words: str) -> Addition:
    """Add to a mark after triage; shown with its date once the mark is looked at again."""
    _own(actor, mark)
    if mark.status is MarkStatus.WITHDRAWN:
        raise Conflict("nothing_to_edit")
    if len(mark.additions) >= MAX_ADDITIONS:
        raise Conflict("too_many_additions")
    clean = clean_reason(words)
    made = Addition(mark_id=mark.id, text=clean, at=now)
    session.add(made)
    _note(session, actor, now, mark, "mark.add", clean)
    session.flush()
    session.expire(mark, ["additions"])
    return made


def withdraw(session: Session, *, actor: Actor, now: datetime, mark: Mark) -> Mark:
    """Take a mark back: nobody but its author and the office sees it any more."""
    _own(actor, mark)
    mark.status = next_status(MarkVerb.WITHDRAW, mark.status)
    publish_case(session, actor=actor, now=now, case=mark.case, is_public=False)
    if mark.case.state in CASE_TRANSITIONS[CaseVerb.WITHDRAW]:
        withdraw_case(session, actor=actor, now=now, case=mark.case)
    _note(session, actor, now, mark, "mark.withdraw")
    session.flush()
    return mark


def erase_mark(session: Session, *, actor: Actor, now: datetime, mark: Mark) -> None:
    """Delete one's words for good: wording, additions and proofs go, the UUID stays taken (410)."""
    _own(actor, mark)
    if mark.status is not MarkStatus.WITHDRAWN:
        withdraw(session, actor=actor, now=now, mark=mark)
    mark.case.title = ""
    mark.case.excerpt = ""
    session.flush()
    for table in (Wording, Addition, MarkChip):
        session.execute(delete(table).where(table.mark_id == mark.id))
    session.execute(
        update(Mark)
        .where(Mark.id == mark.id)
        .values(device_hash=None, secret_hash=None, place_name="", external_id=None)
    )
    session.add(ErasedMark(uuid=mark.uuid, erased_at=now))
    _note(session, actor, now, mark, "mark.erase")
    session.flush()


def _own(actor: Actor, mark: Mark) -> None:
    if not owns(actor, mark):
        raise NotFound()


def _note(
    session: Session, actor: Actor, now: datetime, mark: Mark, verb: str, words: str | None = None
) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="mark",
        subject_id=mark.uuid,
        neighborhood_id=mark.neighborhood_id,
        facts={"status": mark.status.value},
        personal={"words": words},
    )
