"""What an author may do, proved by device or receipt: rewrite, add, withdraw, erase."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from planner.core.actor import Actor
from planner.core.errors import Conflict, NotFound
from planner.core.text import clean_reason
from planner.places.models import Neighborhood
from planner.places.queries import settings_of
from planner.routing.actions import publish_case, withdraw_case
from planner.routing.terms import TRANSITIONS as CASE_TRANSITIONS
from planner.routing.terms import CaseVerb

from ..models import Addition, Endorsement, ErasedMark, Mark, MarkChip, Wording
from ..policies import may_rewrite, owns
from ..rules import MAX_ADDITIONS, next_status, title_of
from ..terms import MarkStatus, MarkVerb
from .moderating import back_to_review
from .noting import note
from .photographing import erase_photos


def rewrite(session: Session, *, actor: Actor, now: datetime, mark: Mark, words: str) -> Mark:
    """Change one's words before the first staff act; the mark goes back to review."""
    _own(actor, mark)
    if not may_rewrite(actor, mark):
        raise Conflict("already_triaged")
    if mark.wording is None or mark.status is MarkStatus.WITHDRAWN:
        raise Conflict("nothing_to_edit")
    clean = _clean(session, mark, words)
    mark.wording.reason = clean
    mark.case.excerpt = clean[:240]
    mark.case.title = title_of(mark.kind, [], clean, mark.place_name)
    _age(mark)
    back_to_review(session, actor, now, mark)
    note(session, actor, now, mark, "mark.rewrite", words=clean)
    session.flush()
    return mark


def add_words(session: Session, *, actor: Actor, now: datetime, mark: Mark, words: str) -> Addition:
    """Add to a mark after triage, shown with its date; a published mark goes back to review for it."""
    _own(actor, mark)
    if mark.status is MarkStatus.WITHDRAWN:
        raise Conflict("nothing_to_edit")
    if len(mark.additions) >= MAX_ADDITIONS:
        raise Conflict("too_many_additions")
    clean = _clean(session, mark, words)
    made = Addition(mark_id=mark.id, text=clean, at=now)
    session.add(made)
    _age(mark)
    if mark.status is MarkStatus.PUBLISHED:
        back_to_review(session, actor, now, mark)
    note(session, actor, now, mark, "mark.add", words=clean)
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
    note(session, actor, now, mark, "mark.withdraw")
    session.flush()
    return mark


def erase_mark(session: Session, *, actor: Actor, now: datetime, mark: Mark) -> None:
    """Delete one's words for good: wording, additions and proofs go, the UUID stays taken (410).

    The row itself stays without any link to its author, so that case, answers and audit hold together.
    """
    _own(actor, mark)
    if mark.status is not MarkStatus.WITHDRAWN:
        withdraw(session, actor=actor, now=now, mark=mark)
    mark.case.title = ""
    mark.case.excerpt = ""
    session.add(ErasedMark(uuid=mark.uuid, receipt_hash=mark.receipt_hash, erased_at=now))
    mark.device_hash = mark.secret_hash = mark.external_id = None
    mark.receipt_hash, mark.body_hash = secrets.token_bytes(32), secrets.token_bytes(32)
    mark.place_name = ""
    note(session, actor, now, mark, "mark.erase")
    session.flush()
    for table in (Wording, Addition, MarkChip, Endorsement):
        session.execute(delete(table).where(table.mark_id == mark.id))
    erase_photos(session, now, mark)
    session.expire(mark)


def _clean(session: Session, mark: Mark, words: str) -> str:
    settings = settings_of(session.get_one(Neighborhood, mark.neighborhood_id))
    return clean_reason(words, minimum=settings.min_reason, maximum=settings.max_reason)


def _age(mark: Mark) -> None:
    """Words lie in rows of their own: without this, a moderator would publish what was never read."""
    flag_modified(mark, "status")


def _own(actor: Actor, mark: Mark) -> None:
    if not owns(actor, mark):
        raise NotFound()
