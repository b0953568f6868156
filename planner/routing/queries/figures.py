"""Load and response of each seat, from the cases themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from planner.accounts import queries as accounts
from planner.accounts.models import Seat
from planner.accounts.queries import Staffing
from planner.core.clock import local_date

from ..models import Case, Opinion
from ..terms import LIVE, CaseState
from .tray import NEXT_DUE

WAITING = and_(Case.state.in_(LIVE - {CaseState.REPLIED}), Case.is_clocked)
"""Clocked cases without a published answer: what a tray calls 待办."""


@dataclass(frozen=True, slots=True)
class SeatFigures:
    """One seat's load; `median_days` counts calendar days from receipt to its first opinion."""

    seat: Seat
    staffing: Staffing
    waiting: int
    overdue: int
    advised: int
    median_days: float | None


def seat_figures(session: Session, neighborhood_id: int, now: datetime) -> list[SeatFigures]:
    """Figures of every seat, in the order of the roster."""
    seats = accounts.seats(session, neighborhood_id)
    staffing = accounts.staffing(session, [seat.id for seat in seats], local_date(now))
    loads, spans = _loads(session, neighborhood_id, now), _spans(session, neighborhood_id)
    return [
        SeatFigures(
            seat=seat,
            staffing=staffing[seat.id],
            waiting=loads.get(seat.id, (0, 0))[0],
            overdue=loads.get(seat.id, (0, 0))[1],
            advised=len(spans.get(seat.id, ())),
            median_days=round(median(spans[seat.id]), 1) if seat.id in spans else None,
        )
        for seat in seats
    ]


def _loads(session: Session, neighborhood_id: int, now: datetime) -> Mapping[int, tuple[int, int]]:
    late = func.sum(case((now >= NEXT_DUE, 1), else_=0))
    rows = session.execute(
        select(Case.seat_id, func.count(), late)
        .where(Case.neighborhood_id == neighborhood_id, Case.seat_id.is_not(None), WAITING)
        .group_by(Case.seat_id)
    )
    return {seat_id: (number, int(overdue or 0)) for seat_id, number, overdue in rows}


def _spans(session: Session, neighborhood_id: int) -> Mapping[int, list[float]]:
    """Days from receipt to the seat's first opinion on each case."""
    rows = session.execute(
        select(Opinion.seat_id, Case.opened_at, func.min(Opinion.given_at))
        .join(Case, Case.id == Opinion.case_id)
        .where(Case.neighborhood_id == neighborhood_id)
        .group_by(Opinion.seat_id, Case.id, Case.opened_at)
    )
    found: dict[int, list[float]] = {}
    for seat_id, opened, given in rows:
        found.setdefault(seat_id, []).append((given - opened).total_seconds() / 86_400)
    return found
