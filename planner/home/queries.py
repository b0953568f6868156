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
from planner.routing.models import Case
from planner.routing.policies import may
from planner.routing.rules import due_word
from planner.routing.terms import FINAL, TRANSITIONS, UNADVISED, CaseState, CaseVerb, DueWord


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
        if case.state in states and may(viewer, case, verb)
    )
