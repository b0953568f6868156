"""What the tray and case pages show: cases in words, with due colours and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit, Seat
from planner.accounts.queries import seats, staffing, units
from planner.core.actor import Actor
from planner.core.calendar import load_calendar
from planner.core.clock import local_date
from planner.core.workdays import WorkCalendar
from planner.routing import queries as routing
from planner.routing.models import Case
from planner.routing.policies import may
from planner.routing.rules import due_word
from planner.routing.terms import (
    FINAL,
    TRANSITIONS,
    UNADVISED,
    CaseState,
    CaseVerb,
    DueWord,
)


@dataclass(frozen=True, slots=True)
class DueFacts:
    """The date that counts now for a case, and its word."""

    at: datetime | None
    word: DueWord
    is_provisional: bool


def due_of(case: Case, now: datetime, calendar: WorkCalendar) -> DueFacts:
    """Until the seat has spoken the opinion's date counts, then the reply's; answered cases have none."""
    if case.state in FINAL or case.state is CaseState.REPLIED:
        return DueFacts(None, DueWord.NONE, False)
    at = case.opinion_due_at if case.state in UNADVISED else case.reply_due_at
    return DueFacts(at, due_word(now, at, calendar), case.due_is_provisional)


def dues(session: Session, cases: tuple[Case, ...], now: datetime) -> dict[int, DueFacts]:
    """Due facts by case id; the calendar is read once."""
    calendar = load_calendar(session)
    return {case.id: due_of(case, now, calendar) for case in cases}


def staffed_seats(session: Session, neighborhood_id: int, now: datetime) -> list[Seat]:
    """Seats somebody acts in today: only these can be given a case."""
    found = seats(session, neighborhood_id)
    staffed = staffing(session, [seat.id for seat in found], local_date(now))
    return [seat for seat in found if seat.id in staffed and staffed[seat.id].is_staffed]


def working_units(session: Session, neighborhood_id: int) -> list[HandlingUnit]:
    """Handling units in use."""
    return units(session, neighborhood_id)


def open_verbs(viewer: Actor, case: Case) -> frozenset[CaseVerb]:
    """What the viewer may do to the case now: by standing and by state."""
    return frozenset(
        verb
        for verb, states in TRANSITIONS.items()
        if case.state in states
        and may(viewer, case, verb)
        and (verb is not CaseVerb.THANK or not case.is_clocked)
    )


def thankable(viewer: Actor, cases: tuple[Case, ...]) -> set[int]:
    """Ids of the praise that the viewer may thank for."""
    return {case.id for case in cases if CaseVerb.THANK in open_verbs(viewer, case)}


def unassigned_count(session: Session, viewer: Actor, neighborhood_id: int) -> int:
    """How many cases wait for the office to place them; nobody else has such a list."""
    return routing.unassigned(session, viewer, neighborhood_id).total


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a case's way: a verb's label, when it was reached, `mark` is done, now or later."""

    verb: CaseVerb
    at: datetime | None
    mark: str


def way_of(case: Case) -> tuple[Stage, ...]:
    """收到 → 受理 → 设计师意见 → 正式答复 → 办结 with dates; praise is received and thanked."""
    first = case.opinions[0].given_at if case.opinions else None
    reply = case.replies[0].issued_at if case.replies else None
    reached: list[tuple[CaseVerb, datetime | None]] = [(CaseVerb.OPEN, case.opened_at)]
    if case.is_clocked or first or reply:
        reached += [
            (CaseVerb.ACKNOWLEDGE, case.acknowledged_at),
            (CaseVerb.GIVE_OPINION, first),
            (CaseVerb.ISSUE_REPLY, reply),
            (CaseVerb.CLOSE, case.closed_at),
        ]
    else:
        reached.append((CaseVerb.THANK, case.closed_at))
    last = max(index for index, (_, at) in enumerate(reached) if at is not None)
    marks = ["done" if index < last else "now" if index == last else "later" for index in range(5)]
    return tuple(Stage(verb, at, mark) for (verb, at), mark in zip(reached, marks, strict=False))
