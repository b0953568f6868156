"""Verbs of seats: their number, appointments, ends, remits. Appointments are only ever added to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.accounts import rules
from planner.accounts.models import Appointment, AppointmentEnd, Person, Remit, Seat, SeatNumber
from planner.accounts.policies import may_grant
from planner.accounts.queries import seat_number, staffing
from planner.accounts.terms import (
    AppointmentKind,
    DesignerTier,
    Qualification,
    RemitArea,
    RemitTopic,
)
from planner.core import audit
from planner.core.actor import Actor
from planner.core.clock import local_date
from planner.core.errors import Conflict, Invalid, NotAllowed
from planner.core.text import clean_reason


def set_seat_number(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood_id: int,
    tier: DesignerTier,
    number: int,
    reason: str,
) -> SeatNumber:
    """Change how many seats a tier has, with a reason; never below a seat somebody sits on."""
    _allow(actor, neighborhood_id)
    words = clean_reason(reason, field="reason")
    if not 1 <= number <= 99:
        raise Invalid(fields={"number": "out_of_range"})
    above = session.scalars(
        select(Seat).where(
            Seat.neighborhood_id == neighborhood_id, Seat.tier == tier, Seat.number > number
        )
    ).all()
    staffed = staffing(session, [seat.id for seat in above], local_date(now))
    if any(each.is_staffed for each in staffed.values()):
        raise Conflict("seats_are_occupied", number=number)
    made = SeatNumber(
        neighborhood_id=neighborhood_id,
        tier=tier,
        number=number,
        reason=words,
        changed_by=actor.ref,
        changed_at=now,
    )
    session.add(made)
    _note(session, actor, now, "seat.number", f"{tier.value}", neighborhood_id, number=number)
    session.flush()
    return made


def add_seat(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood_id: int,
    tier: DesignerTier,
    number: int,
    title: str = "",
) -> Seat:
    """Set up a seat; one beyond the tier's number is refused. An existing one is given back."""
    _allow(actor, neighborhood_id)
    rules.checked_seat_number(tier, number, seat_number(session, neighborhood_id, tier))
    held = session.scalars(
        select(Seat).where(
            Seat.neighborhood_id == neighborhood_id, Seat.tier == tier, Seat.number == number
        )
    ).first()
    if held is not None:
        return held
    seat = Seat(
        neighborhood_id=neighborhood_id, tier=tier, number=number, title=title, created_at=now
    )
    session.add(seat)
    session.flush()
    _note(session, actor, now, "seat.add", seat.code, neighborhood_id)
    return seat


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
    _allow(actor, seat.neighborhood_id)
    rules.checked_qualification(seat.tier, qualification)
    if planned_until is not None and planned_until <= starts_on:
        raise Invalid(fields={"planned_until": "ends_before_start"})
    others = session.scalars(
        select(Appointment)
        .join(Seat, Seat.id == Appointment.seat_id)
        .where(Seat.neighborhood_id == seat.neighborhood_id)
        .options(selectinload(Appointment.end))
    ).all()
    for other in others:
        until = other.end.ended_on if other.end else other.planned_until
        if not rules.overlaps(starts_on, planned_until, other.starts_on, until):
            continue
        if other.seat_id == seat.id and other.kind is kind:
            raise Conflict("seat_is_taken", seat=seat.code)
        if other.person_id == person.id and kind is AppointmentKind.HOLDER is other.kind:
            raise Conflict("person_sits_elsewhere")
    made = Appointment(
        seat_id=seat.id,
        person_id=person.id,
        kind=kind,
        qualification=qualification,
        starts_on=starts_on,
        planned_until=planned_until,
        appointed_by=actor.ref,
        reason=reason,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, actor, now, "seat.appoint", seat.code, seat.neighborhood_id, person=person.id)
    return made


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
    _allow(actor, seat.neighborhood_id)
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
    _note(session, actor, now, "seat.end", seat.code, seat.neighborhood_id)
    return made


def set_remits(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    seat: Seat,
    remits: list[tuple[RemitTopic, str, RemitArea, str]],
) -> None:
    """Replace a seat's remits: (topic kind, topic code, area kind, area code) each."""
    _allow(actor, seat.neighborhood_id)
    wanted = [(t.value, tc, a.value, ac) for t, tc, a, ac in remits]
    held = [(r.topic_kind.value, r.topic_code, r.area_kind.value, r.area_code) for r in seat.remits]
    if wanted == held:
        return
    for old in list(seat.remits):
        session.delete(old)
    session.flush()
    session.expire(seat, ["remits"])
    for topic_kind, topic_code, area_kind, area_code in remits:
        session.add(
            Remit(
                seat_id=seat.id,
                topic_kind=topic_kind,
                topic_code=topic_code,
                area_kind=area_kind,
                area_code=area_code,
            )
        )
    session.flush()
    session.expire(seat, ["remits"])
    _note(session, actor, now, "seat.remits", seat.code, seat.neighborhood_id, number=len(remits))


def _allow(actor: Actor, neighborhood_id: int) -> None:
    if not may_grant(actor, neighborhood_id):
        raise NotAllowed()


def _note(
    session: Session,
    actor: Actor,
    now: datetime,
    verb: str,
    seat_code: str,
    neighborhood_id: int,
    **facts: object,
) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="seat",
        subject_id=seat_code,
        neighborhood_id=neighborhood_id,
        facts=facts,
    )
