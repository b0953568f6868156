"""Audit rows of this room: codes and references only, never a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit, Person
from planner.core import audit
from planner.core.actor import Actor


def note_person(
    session: Session, actor: Actor, now: datetime, verb: str, person: Person, **facts: object
) -> None:
    """Something was done to an account."""
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="person",
        subject_id=person.uuid,
        facts=facts,
    )


def note_unit(
    session: Session, actor: Actor, now: datetime, verb: str, unit: HandlingUnit, **facts: object
) -> None:
    """Something was done to a handling unit."""
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="unit",
        subject_id=unit.id,
        neighborhood_id=unit.neighborhood_id,
        facts={"code": unit.code, **facts},
    )


def note_seat(
    session: Session,
    actor: Actor,
    now: datetime,
    verb: str,
    seat_code: str,
    neighborhood_id: int,
    **facts: object,
) -> None:
    """Something was done to a seat."""
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="seat",
        subject_id=seat_code,
        neighborhood_id=neighborhood_id,
        seat_code=seat_code if "-" in seat_code else None,
        facts=facts,
    )
