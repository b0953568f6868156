"""One case, for those who may see it, and what everybody may read of its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.accounts.models import HandlingUnit, Seat
from planner.core.actor import Actor
from planner.core.errors import NotFound

from ..models import Case, CaseAssist, CaseStep, Opinion, Reply, ReplyDraft
from ..policies import may_see
from ..terms import CaseState, CaseVerb, Outcome


def case_by_code(session: Session, viewer: Actor, neighborhood_id: int, code: str) -> Case:
    """The case with everything about it; NotFound also when the viewer may not know of it."""
    case = session.scalars(
        select(Case)
        .where(Case.neighborhood_id == neighborhood_id, Case.code == code)
        .options(*_WHOLE)
    ).first()
    if case is None or not may_see(viewer, case):
        raise NotFound()
    return case


_WHOLE = (
    joinedload(Case.seat),
    joinedload(Case.unit),
    joinedload(Case.topic),
    joinedload(Case.rule_set),
    selectinload(Case.steps),
    selectinload(Case.assists),
    selectinload(Case.opinions).joinedload(Opinion.seat),
    selectinload(Case.drafts).options(
        selectinload(ReplyDraft.signatures), joinedload(ReplyDraft.unit)
    ),
    selectinload(Case.replies).joinedload(Reply.unit),
)


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One line of the public timeline. Seats and units are named, persons never.

    `kind` is a verb, or ``opinion`` / ``reply`` for the two answers, which alone carry words.
    """

    kind: str
    at: datetime
    seat: str = ""
    unit: str = ""
    outcome: Outcome | None = None
    text: str = ""
    passed_on_to: str = ""
    is_superseded: bool = False
    replaces_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicAnswers:
    """What everybody who may see the subject reads of its case, oldest first."""

    code: str
    state: CaseState
    seat: str
    unit: str
    entries: tuple[PublicEntry, ...]
    opinion_due_at: datetime | None
    reply_due_at: datetime | None
    due_is_provisional: bool

    @property
    def opinion(self) -> PublicEntry | None:
        """The opinion in force."""
        return self._newest("opinion")

    @property
    def reply(self) -> PublicEntry | None:
        """The reply in force."""
        return self._newest("reply")

    def _newest(self, kind: str) -> PublicEntry | None:
        return next((entry for entry in reversed(self.entries) if entry.kind == kind), None)


_TOLD = {
    CaseVerb.OPEN,
    CaseVerb.ASSIGN,
    CaseVerb.ACKNOWLEDGE,
    CaseVerb.REASSIGN,
    CaseVerb.PASS_ON,
    CaseVerb.CONSULT,
    CaseVerb.START_WORKS,
    CaseVerb.THANK,
    CaseVerb.CLOSE,
    CaseVerb.REOPEN,
    CaseVerb.WITHDRAW,
}
"""Steps told in public; their inner reasons are not."""


def public_answers(session: Session, case: Case) -> PublicAnswers:
    """Timeline of a case in public facts: seats, units, dates, opinions and issued replies.

    Call it only for a case whose subject the reader may see; drafts, signatures, reasons of moves and
    persons are never in it.
    """
    entries = [*_steps(session, case), *_opinions(session, case), *_replies(session, case)]
    entries.sort(key=lambda entry: entry.at)
    return PublicAnswers(
        code=case.code,
        state=case.state,
        seat=case.seat.code if case.seat else "",
        unit=case.unit.name if case.unit else "",
        entries=tuple(entries),
        opinion_due_at=case.opinion_due_at,
        reply_due_at=case.reply_due_at,
        due_is_provisional=case.due_is_provisional,
    )


def _steps(session: Session, case: Case) -> list[PublicEntry]:
    rows = session.execute(
        select(CaseStep, Seat, HandlingUnit.name)
        .outerjoin(Seat, Seat.id == CaseStep.seat_id)
        .outerjoin(HandlingUnit, HandlingUnit.id == CaseStep.unit_id)
        .where(CaseStep.case_id == case.id, CaseStep.verb.in_(_TOLD))
        .order_by(CaseStep.id)
    )
    return [
        PublicEntry(
            kind=step.verb.value,
            at=step.at,
            seat=seat.code if seat else "",
            unit=unit or "",
            passed_on_to=str(step.facts.get("holder", "")),
        )
        for step, seat, unit in rows
    ]


def _opinions(session: Session, case: Case) -> list[PublicEntry]:
    rows = session.scalars(
        select(Opinion)
        .where(Opinion.case_id == case.id)
        .options(joinedload(Opinion.seat))
        .order_by(Opinion.id)
    ).all()
    replaced = {row.replaces_id for row in rows}
    dates = {row.id: row.given_at for row in rows}
    return [
        PublicEntry(
            kind="opinion",
            at=row.given_at,
            seat=row.seat.code,
            outcome=row.outcome,
            text=row.reason,
            passed_on_to=row.passed_on_to,
            is_superseded=row.id in replaced,
            replaces_at=dates.get(row.replaces_id or 0),
        )
        for row in rows
    ]


def _replies(session: Session, case: Case) -> list[PublicEntry]:
    rows = session.scalars(select(Reply).where(Reply.case_id == case.id).order_by(Reply.id)).all()
    replaced = {row.replaces_id for row in rows}
    dates = {row.id: row.issued_at for row in rows}
    return [
        PublicEntry(
            kind="reply",
            at=row.issued_at,
            unit=row.signed_as,
            outcome=row.outcome,
            text=row.body,
            passed_on_to=row.passed_on_to,
            is_superseded=row.id in replaced,
            replaces_at=dates.get(row.replaces_id or 0),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One step as staff read it: who held the case afterwards, and why it moved."""

    step: CaseStep
    seat: str
    unit: str
    acting_seat: str
    acting_unit: str


def trail(session: Session, case: Case) -> list[TrailEntry]:
    """Every step with its holders and times, oldest first; for those inside the case."""
    here = case.neighborhood_id
    seats = {
        seat.id: seat.code for seat in session.scalars(select(Seat).filter_by(neighborhood_id=here))
    }
    units = {
        unit.id: unit.name
        for unit in session.scalars(select(HandlingUnit).filter_by(neighborhood_id=here))
    }
    return [
        TrailEntry(
            step=step,
            seat=seats.get(step.seat_id or 0, ""),
            unit=units.get(step.unit_id or 0, ""),
            acting_seat=seats.get(step.acting_seat_id or 0, ""),
            acting_unit=units.get(step.acting_unit_id or 0, ""),
        )
        for step in case.steps
    ]


@dataclass(frozen=True, slots=True)
class Helper:
    """A seat (by code) or a unit (by name) that helps."""

    seat: str
    unit: str


def helpers(session: Session, case: Case) -> list[Helper]:
    """Who helps with a case now."""
    rows = session.execute(
        select(CaseAssist, Seat, HandlingUnit.name)
        .outerjoin(Seat, Seat.id == CaseAssist.seat_id)
        .outerjoin(HandlingUnit, HandlingUnit.id == CaseAssist.unit_id)
        .where(CaseAssist.case_id == case.id, CaseAssist.until.is_(None))
        .order_by(CaseAssist.id)
    )
    return [Helper(seat.code if seat else "", unit or "") for _, seat, unit in rows]
