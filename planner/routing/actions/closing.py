"""The end of a case and the way back: evidence, close, reopen, withdraw."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import audit, outbox
from planner.core.actor import Actor
from planner.core.errors import InvalidTransition, NotAllowed
from planner.core.text import clean_reason
from planner.places.models import Neighborhood
from planner.places.queries import settings_of

from ..models import Case, CaseEvidence
from ..policies import may_see_inside, may_waive
from ..terms import CaseVerb, EvidenceKind, Handling, LoopStage, Outcome
from .placing import set_clock
from .replying import open_draft
from .steps import begin, finish, save


def add_evidence(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    kind: EvidenceKind,
    reference: str,
    reason: str = "",
) -> CaseEvidence:
    """Prove something about a case; the same reference again is the same evidence.

    Rooms above call this for what they witnessed; a waiver is the office's alone and needs a reason.
    """
    allowed = may_waive(actor, case) if kind is EvidenceKind.WAIVER else may_see_inside(actor, case)
    if not allowed:
        raise NotAllowed()
    why = clean_reason(reason, field="reason") if kind is EvidenceKind.WAIVER else reason
    held = session.scalars(
        select(CaseEvidence).filter_by(case_id=case.id, kind=kind, reference=reference)
    ).first()
    if held is not None:
        return held
    made = CaseEvidence(
        case_id=case.id, kind=kind, reference=reference, reason=why, actor_ref=actor.ref, at=now
    )
    session.add(made)
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="case.evidence",
        subject_kind="case",
        subject_id=case.code,
        neighborhood_id=case.neighborhood_id,
        facts={"kind": kind.value, "reference": reference},
        personal={"reason": why or None},
    )
    session.flush()
    return made


def evidence_of(session: Session, case: Case) -> list[CaseEvidence]:
    """Everything proved about a case, oldest first."""
    wanted = select(CaseEvidence).filter_by(case_id=case.id).order_by(CaseEvidence.id)
    return list(session.scalars(wanted))


def close(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    reason: str = "",
    seen_version: int | None = None,
) -> Case:
    """办结, only after a published reply that is not 非本级, and for 会商 only after a consultation.

    Raises:
        InvalidTransition: ``no_reply``, ``passed_on_is_no_end``, ``draft_waiting`` or
            ``consultation_needed``.
    """
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.CLOSE, seen_version=seen_version
    )
    if not case.replies:
        raise InvalidTransition("no_reply")
    if case.replies[-1].outcome is Outcome.PASSED_ON:
        raise InvalidTransition("passed_on_is_no_end")
    if open_draft(case) is not None:
        raise InvalidTransition("draft_waiting")
    if case.handling is Handling.JOINT and not _is_consulted(session, case):
        raise InvalidTransition("consultation_needed")
    finish(move, reason=reason.strip())
    return case


def thank(
    session: Session, *, actor: Actor, now: datetime, case: Case, seen_version: int | None = None
) -> Case:
    """感谢并办结 for praise alone: the thanks is told in public and is its answer."""
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.THANK, seen_version=seen_version
    )
    if case.is_clocked:
        raise InvalidTransition("only_praise")
    if case.stage is LoopStage.CONSULT:
        case.stage = LoopStage.FEEDBACK
    finish(move)
    outbox.enqueue(
        session,
        now=now,
        kind="notice",
        dedupe_key=f"thanks:{case.uuid}:{case.version}",
        payload={"event": "thanked", "case": case.code, "neighborhood": case.neighborhood_id},
    )
    save(session)
    return case


def _is_consulted(session: Session, case: Case) -> bool:
    proofs = (EvidenceKind.CONSULTATION_HELD, EvidenceKind.WAIVER)
    return any(proof.kind in proofs for proof in evidence_of(session, case))


def reopen_until(case: Case, neighborhood: Neighborhood) -> datetime:
    """The last instant at which an answered case may be reopened: so many days after its end or reply."""
    ended = case.closed_at or (case.replies[-1].issued_at if case.replies else case.changed_at)
    return ended + timedelta(days=settings_of(neighborhood).reopen_days)


def reopen(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    reason: str,
    is_author: bool = False,
    seen_version: int | None = None,
) -> Case:
    """重新办理 within the neighborhood's days, with a new clock and the old history.

    Args:
        is_author: the room of the subject has checked that the actor wrote it or said the same.
    """
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.REOPEN,
        seen_version=seen_version,
        is_author=is_author,
    )
    why = clean_reason(reason, field="reason")
    neighborhood = session.get_one(Neighborhood, case.neighborhood_id)
    if now > reopen_until(case, neighborhood):
        raise InvalidTransition("too_late_to_reopen", days=settings_of(neighborhood).reopen_days)
    set_clock(session, case, neighborhood, case.topic, now)
    finish(move, reason=why)
    return case


def withdraw_case(session: Session, *, actor: Actor, now: datetime, case: Case) -> Case:
    """The author took the subject back before anything was answered (the subject's room checked who)."""
    finish(begin(session, actor=actor, now=now, case=case, verb=CaseVerb.WITHDRAW, is_author=True))
    return case
