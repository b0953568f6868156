"""Verbs of appointments: only ever added to. An end and an absence are rows of their own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.accounts import rules
from planner.accounts.models import Absence, Appointment, AppointmentEnd, Person, Seat
from planner.accounts.policies import may_note_absence
from planner.accounts.queries import seat_number
from planner.accounts.terms import AppointmentKind, Qualification
from planner.core.actor import Actor
from planner.core.clock import local_date
from planner.core.errors import Conflict, Invalid, NotAllowed
from planner.core.text import clean_reason, normal

from .notes import note_seat
from .seats import allow, lock_seats


def appoint(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    seat: Seat,
    person: Person,
    qualification: Qualification,
    starts_on: date,
    planned_until: date | None = None,
    kind: AppointmentKind = AppointmentKind.HOLDER,
    reason: str = "聘任",
) -> Appointment:
    """Appoint a holder or substitute: qualified, one per seat and day, and on one seat only."""
    allow(actor, seat.neighborhood_id)
    rules.checked_qualification(seat.tier, qualification)
    if planned_until is not None and planned_until <= starts_on:
        raise Invalid(fields={"planned_until": "ends_before_start"})
    if person.disabled_at is not None:
        raise Invalid(fields={"login": "person_disabled"})
    lock_seats(session, seat.neighborhood_id)
    allowed = seat_number(session, seat.neighborhood_id, seat.tier)
    rules.checked_seat_number(seat.tier, seat.number, allowed)
    _refuse_overlaps(session, seat, person, kind, starts_on, planned_until)
    made = Appointment(
        seat_id=seat.id,
        person_id=person.id,
        kind=kind,
        qualification=qualification,
        starts_on=starts_on,
        planned_until=planned_until,
        appointed_by=actor.ref,
        reason=normal(reason, field="reason")[:1000],
        created_at=now,
    )
    session.add(made)
    session.flush()
    note_seat(
        session,
        actor,
        now,
        "seat.appoint",
        seat.code,
        seat.neighborhood_id,
        person=person.id,
        kind=kind.value,
        starts_on=starts_on.isoformat(),
    )
    return made


def _refuse_overlaps(
    session: Session,
    seat: Seat,
    person: Person,
    kind: AppointmentKind,
    start: date,
    end: date | None,
) -> None:
    others = session.scalars(
        select(Appointment)
        .join(Seat, Seat.id == Appointment.seat_id)
        .where(Seat.neighborhood_id == seat.neighborhood_id)
        .options(selectinload(Appointment.end))
    ).all()
    for other in others:
        ended = other.end.ended_on if other.end else None
        until = rules.earlier(other.planned_until, ended)
        if not rules.overlaps(start, end, other.starts_on, until):
            continue
        if other.seat_id == seat.id and other.kind is kind:
            raise Conflict("seat_is_taken", seat=seat.code)
        if other.person_id != person.id:
            continue
        if other.seat_id == seat.id:
            raise Conflict("substitutes_oneself")
        if kind is AppointmentKind.HOLDER is other.kind:
            raise Conflict("person_sits_elsewhere")


def end_appointment(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    appointment: Appointment,
    ended_on: date,
    reason: str,
) -> AppointmentEnd:
    """End an appointment on a date with a reason; a second end is refused."""
    seat = appointment.seat
    allow(actor, seat.neighborhood_id)
    if session.get(AppointmentEnd, appointment.id) is not None:
        raise Conflict("already_ended")
    if ended_on < appointment.starts_on:
        raise Invalid(fields={"ended_on": "ends_before_start"})
    made = AppointmentEnd(
        appointment_id=appointment.id,
        ended_on=ended_on,
        reason=clean_reason(reason, field="reason", minimum=2),
        ended_by=actor.ref,
        created_at=now,
    )
    session.add(made)
    session.flush()
    note_seat(
        session,
        actor,
        now,
        "seat.end",
        seat.code,
        seat.neighborhood_id,
        person=appointment.person_id,
        ended_on=ended_on.isoformat(),
    )
    return made


def note_absence(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    appointment: Appointment,
    starts_on: date,
    ends_on: date,
) -> Absence:
    """The holder is away for [starts_on, ends_on): the substitute acts. The same span twice is one."""
    seat = appointment.seat
    if not may_note_absence(actor, seat.neighborhood_id, appointment.person_id):
        raise NotAllowed()
    if appointment.kind is not AppointmentKind.HOLDER:
        raise Invalid("holders_only")
    if ends_on <= starts_on:
        raise Invalid(fields={"ends_on": "ends_before_start"})
    held = session.scalars(
        select(Absence).where(
            Absence.appointment_id == appointment.id,
            Absence.starts_on == starts_on,
            Absence.ends_on == ends_on,
        )
    ).first()
    if held is not None:
        return held
    made = Absence(
        appointment_id=appointment.id,
        starts_on=starts_on,
        ends_on=ends_on,
        noted_by=actor.ref,
        created_at=now,
    )
    session.add(made)
    session.flush()
    note_seat(
        session,
        actor,
        now,
        "seat.absence",
        seat.code,
        seat.neighborhood_id,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    return made


def end_absence(
    session: Session, *, actor: Actor, now: datetime, appointment: Appointment, absence: Absence
) -> None:
    """The holder is back from today on."""
    seat = appointment.seat
    if not may_note_absence(actor, seat.neighborhood_id, appointment.person_id):
        raise NotAllowed()
    today = max(local_date(now), absence.starts_on)
    if absence.ends_on > today:
        absence.ends_on = today
        note_seat(session, actor, now, "seat.return", seat.code, seat.neighborhood_id)
    session.flush()
