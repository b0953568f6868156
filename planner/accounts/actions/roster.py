"""A roster of appointments taken from a table: all lines or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from planner.accounts import rules
from planner.accounts.queries import person_by_key, seat_number
from planner.accounts.rules import RosterLine
from planner.core.actor import Actor
from planner.core.errors import PlannerError

from .appointments import appoint
from .people import create_person
from .seats import add_seat, allow


@dataclass(frozen=True, slots=True)
class RosterFinding:
    """What became of one line: its wrongs as (code, facts), or whom it seats."""

    line: RosterLine
    is_new_person: bool = False
    problem: str = ""
    facts: dict[str, object] = field(default_factory=dict)


def take_roster(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood_id: int,
    lines: Sequence[RosterLine],
) -> list[RosterFinding]:
    """Set up seats and accounts as needed and appoint; one finding per line.

    The caller commits only when no finding has a problem, and rolls back after a preview. Lines after a
    faulty one are judged too, so that all faults are seen at once. New people have no password yet.
    """
    allow(actor, neighborhood_id)
    return [_take(session, actor, now, neighborhood_id, line) for line in lines]


def _take(
    session: Session, actor: Actor, now: datetime, neighborhood_id: int, line: RosterLine
) -> RosterFinding:
    if line.problem:
        return RosterFinding(line, problem=line.problem)
    assert line.tier is not None
    assert line.qualification is not None
    assert line.starts_on is not None
    person = person_by_key(session, rules.login_key(line.login))
    try:
        with session.begin_nested():
            rules.checked_seat_number(
                line.tier, line.number, seat_number(session, neighborhood_id, line.tier)
            )
            who = person or create_person(
                session,
                actor=actor,
                now=now,
                login=line.login,
                name=line.name or line.login,
                password_hash=None,
            )
            seat = add_seat(
                session,
                actor=actor,
                now=now,
                neighborhood_id=neighborhood_id,
                tier=line.tier,
                number=line.number,
            )
            appoint(
                session,
                actor=actor,
                now=now,
                seat=seat,
                person=who,
                qualification=line.qualification,
                starts_on=line.starts_on,
                planned_until=line.planned_until,
                kind=line.kind,
            )
    except PlannerError as error:
        code = next(iter(error.fields.values()), error.code)
        return RosterFinding(line, person is None, code, dict(error.facts))
    return RosterFinding(line, is_new_person=person is None)
