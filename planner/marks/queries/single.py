"""One mark, for those who may know of it, and a visitor's own marks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.accounts.models import Consent
from planner.core.actor import Actor
from planner.core.errors import Gone, NotFound
from planner.routing.models import Case

from ..models import Addition, ErasedMark, Mark, Moderation
from ..policies import may_see
from .filters import own

WHOLE = (
    joinedload(Mark.case).joinedload(Case.seat),
    joinedload(Mark.case).joinedload(Case.unit),
    joinedload(Mark.wording),
    joinedload(Mark.grid_cell),
    selectinload(Mark.additions),
    selectinload(Mark.chips),
)


def mark_by_code(session: Session, viewer: Actor, neighborhood_id: int, code: str) -> Mark:
    """One mark with its case and words; NotFound also when the viewer may not know of it."""
    return _seen(viewer, _one(session, neighborhood_id, Mark.code == code))


def mark_by_uuid(session: Session, viewer: Actor, neighborhood_id: int, uuid: UUID) -> Mark:
    """One mark by its UUID; NotFound also when the viewer may not know of it."""
    return _seen(viewer, _one(session, neighborhood_id, Mark.uuid == uuid))


def mark_by_receipt(session: Session, receipt: bytes) -> Mark | None:
    """The mark a receipt opens, wherever it lies; Gone when its author has deleted it."""
    found = session.scalars(select(Mark).where(Mark.receipt_hash == receipt)).first()
    if found is None and session.scalar(
        select(ErasedMark.uuid).where(ErasedMark.receipt_hash == receipt)
    ):
        raise Gone("mark_erased")
    return found


def _one(session: Session, neighborhood_id: int, which: ColumnElement[bool]) -> Mark | None:
    wanted = select(Mark).where(Mark.neighborhood_id == neighborhood_id, which).options(*WHOLE)
    return session.scalars(wanted).first()


def _seen(viewer: Actor, mark: Mark | None) -> Mark:
    if mark is None or not may_see(viewer, mark):
        raise NotFound()
    return mark


def moderation_history(session: Session, mark: Mark) -> list[Moderation]:
    """What was done to the mark's publication, oldest first; for staff."""
    wanted = select(Moderation).where(Moderation.mark_id == mark.id).order_by(Moderation.id)
    return list(session.scalars(wanted))


def additions_of(session: Session, mark_ids: Sequence[int]) -> dict[int, list[Addition]]:
    """Mark id -> what its author added, oldest first, in one query; for the moderation queue."""
    found: dict[int, list[Addition]] = {}
    wanted = select(Addition).where(Addition.mark_id.in_(mark_ids)).order_by(Addition.id)
    for addition in session.scalars(wanted):
        found.setdefault(addition.mark_id, []).append(addition)
    return found


def own_marks(session: Session, viewer: Actor, neighborhood_id: int, limit: int = 50) -> list[Mark]:
    """The visitor's own marks by device or shown receipts, newest first."""
    proofs = own(viewer)
    if not proofs:
        return []
    wanted = (
        select(Mark)
        .where(Mark.neighborhood_id == neighborhood_id, or_(*proofs))
        .options(*WHOLE)
        .order_by(Mark.id.desc())
        .limit(limit)
    )
    return list(session.scalars(wanted))


def consents_of(session: Session, marks: Sequence[Mark]) -> list[Consent]:
    """Consents given with the receipts of these marks, oldest first."""
    if not marks:
        return []
    receipts = [mark.receipt_hash for mark in marks]
    wanted = select(Consent).where(Consent.receipt_hash.in_(receipts)).order_by(Consent.id)
    return list(session.scalars(wanted))
