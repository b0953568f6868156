"""Who else said the same: of one mark, of a case, and the marks that a visitor joined."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from planner.core.actor import Actor

from ..models import Endorsement, Mark
from ..rules import voices
from ..terms import MarkStatus
from .filters import own
from .single import WHOLE

GONE = (MarkStatus.WITHDRAWN, MarkStatus.HIDDEN)


def said_by(viewer: Actor) -> ColumnElement[bool] | None:
    """What makes an endorsement the viewer's own, by person or by device; None for nobody."""
    proofs: list[ColumnElement[bool]] = []
    if viewer.person_id is not None:
        proofs.append(Endorsement.person_id == viewer.person_id)
    if viewer.device is not None:
        proofs.append(Endorsement.device_hash == bytes.fromhex(viewer.device))
    return or_(*proofs) if proofs else None


def own_endorsements(session: Session, viewer: Actor, mark: Mark) -> list[Endorsement]:
    """The viewer's 我也是 on a mark: none, one, or one by device and another by person."""
    mine = said_by(viewer)
    if mine is None:
        return []
    wanted = select(Endorsement).where(Endorsement.mark_id == mark.id, mine)
    return list(session.scalars(wanted.order_by(Endorsement.id)))


def supporters(session: Session, mark: Mark) -> int:
    """How many others said 我也是 to one mark."""
    wanted = select(func.count()).where(Endorsement.mark_id == mark.id)
    return session.scalar(wanted) or 0


def case_supporters(session: Session, case_ids: Collection[int]) -> dict[int, int]:
    """Case id -> how many others say the same, once each however many marks lie behind it; two queries."""
    authors: dict[int, list[bytes | None]] = {number: [] for number in case_ids}
    said: dict[int, list[tuple[bytes | None, int | None]]] = {number: [] for number in case_ids}
    behind = (Mark.case_id.in_(case_ids), Mark.status.not_in(GONE))
    for case_id, device in session.execute(select(Mark.case_id, Mark.device_hash).where(*behind)):
        authors[case_id].append(device)
    for case_id, device, person in session.execute(
        select(Mark.case_id, Endorsement.device_hash, Endorsement.person_id)
        .join(Mark, Mark.id == Endorsement.mark_id)
        .where(*behind)
    ):
        said[case_id].append((device, person))
    return {number: voices(said[number], authors[number]) for number in case_ids}


def joined_marks(session: Session, viewer: Actor, neighborhood_id: int) -> list[Mark]:
    """Published marks to which the visitor said 我也是, the last one first."""
    mine = said_by(viewer)
    if mine is None:
        return []
    wanted = (
        select(Mark)
        .where(
            Mark.neighborhood_id == neighborhood_id,
            Mark.status == MarkStatus.PUBLISHED,
            Mark.id.in_(select(Endorsement.mark_id).where(mine)),
        )
        .options(*WHOLE)
        .order_by(Mark.id.desc())
        .limit(50)
    )
    return list(session.scalars(wanted))


def stands_behind(session: Session, viewer: Actor, mark: Mark) -> bool:
    """Whether the viewer wrote or joined one of the marks behind this mark's case."""
    proofs, mine = own(viewer), said_by(viewer)
    if mine is not None:
        proofs.append(Mark.id.in_(select(Endorsement.mark_id).where(mine)))
    if not proofs:
        return False
    wanted = select(Mark.id).where(Mark.case_id == mark.case_id, or_(*proofs)).limit(1)
    return session.scalar(wanted) is not None
