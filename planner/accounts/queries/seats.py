"""Seats, their people on a day, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from planner.accounts.models import (
    Absence,
    Appointment,
    AppointmentEnd,
    Person,
    Seat,
    SeatNumber,
)
from planner.accounts.terms import DEFAULT_SEATS, AppointmentKind, DesignerTier


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who sits on a seat on a day; without a holder, or while it is away, the substitute acts."""

    holder_id: int | None = None
    substitute_id: int | None = None
    is_away: bool = False

    @property
    def holder_acts(self) -> bool:
        """Whether the holder is there and not away."""
        return self.holder_id is not None and not self.is_away

    @property
    def is_staffed(self) -> bool:
        """Whether anybody can act for the seat."""
        return self.holder_acts or self.substitute_id is not None


def live_appointments_on(day: date) -> Select[Appointment, Seat]:
    """Appointments with their seats in force on a day; whose account is disabled acts for nobody."""
    return (
        select(Appointment, Seat)
        .join(Seat, Seat.id == Appointment.seat_id)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(AppointmentEnd, AppointmentEnd.appointment_id == Appointment.id)
        .where(
            Person.disabled_at.is_(None),
            Appointment.starts_on <= day,
            or_(Appointment.planned_until.is_(None), Appointment.planned_until > day),
            or_(AppointmentEnd.ended_on.is_(None), AppointmentEnd.ended_on > day),
        )
    )


def seats(session: Session, neighborhood_id: int) -> list[Seat]:
    """All seats with their remits, by tier (total, street, community) and number."""
    order = list(DesignerTier)
    found = session.scalars(
        select(Seat)
        .where(Seat.neighborhood_id == neighborhood_id)
        .options(selectinload(Seat.remits))
    ).all()
    return sorted(found, key=lambda seat: (order.index(seat.tier), seat.number))


def seat_by_code(session: Session, neighborhood_id: int, code: str) -> Seat | None:
    """The seat with a code such as ``street-3``."""
    tier, _, number = code.partition("-")
    is_number = number.isascii() and number.isdigit() and len(number) <= 4
    if tier not in tuple(DesignerTier) or not is_number:
        return None
    return session.scalars(
        select(Seat).where(
            Seat.neighborhood_id == neighborhood_id,
            Seat.tier == DesignerTier(tier),
            Seat.number == int(number),
        )
    ).first()


def staffing(session: Session, seat_ids: Iterable[int], day: date) -> dict[int, Staffing]:
    """Holder and substitute of each seat on a day, and whether the holder is away; in one query."""
    found: dict[int, Staffing] = {seat_id: Staffing() for seat_id in seat_ids}
    if not found:
        return found
    away = (
        select(Absence.id)
        .where(
            Absence.appointment_id == Appointment.id,
            Absence.starts_on <= day,
            Absence.ends_on > day,
        )
        .exists()
    )
    rows = session.execute(
        live_appointments_on(day).add_columns(away).where(Appointment.seat_id.in_(list(found)))
    )
    for appointment, seat, is_away in rows:
        held = found[seat.id]
        found[seat.id] = (
            replace(held, holder_id=appointment.person_id, is_away=bool(is_away))
            if appointment.kind is AppointmentKind.HOLDER
            else replace(held, substitute_id=appointment.person_id)
        )
    return found


def appointments_from(session: Session, seat_ids: Sequence[int], day: date) -> list[Appointment]:
    """Appointments of these seats that are in force on the day or begin later."""
    if not seat_ids:
        return []
    return list(
        session.scalars(
            select(Appointment)
            .outerjoin(AppointmentEnd, AppointmentEnd.appointment_id == Appointment.id)
            .where(
                Appointment.seat_id.in_(seat_ids),
                or_(Appointment.planned_until.is_(None), Appointment.planned_until > day),
                or_(AppointmentEnd.ended_on.is_(None), AppointmentEnd.ended_on > day),
            )
            .order_by(Appointment.id)
        )
    )


def appointments_of(session: Session, seat_id: int) -> list[Appointment]:
    """Everybody who ever held or will hold a seat, newest first, with person and end."""
    return list(
        session.scalars(
            select(Appointment)
            .where(Appointment.seat_id == seat_id)
            .options(selectinload(Appointment.person), selectinload(Appointment.end))
            .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
        )
    )


def appointments_held(session: Session, person_id: int, day: date) -> list[Appointment]:
    """A person's appointments in force on the day or later, with their seats."""
    held = session.scalars(
        select(Appointment)
        .outerjoin(AppointmentEnd, AppointmentEnd.appointment_id == Appointment.id)
        .where(
            Appointment.person_id == person_id,
            or_(Appointment.planned_until.is_(None), Appointment.planned_until > day),
            or_(AppointmentEnd.ended_on.is_(None), AppointmentEnd.ended_on > day),
        )
        .options(selectinload(Appointment.seat))
        .order_by(Appointment.id)
    )
    return list(held)


def absences_from(
    session: Session, appointment_ids: Sequence[int], day: date
) -> dict[int, list[Absence]]:
    """Absences that last on the day or begin later, by appointment."""
    found: dict[int, list[Absence]] = {}
    rows = session.scalars(
        select(Absence)
        .where(Absence.appointment_id.in_(appointment_ids), Absence.ends_on > day)
        .order_by(Absence.starts_on, Absence.id)
    )
    for row in rows:
        found.setdefault(row.appointment_id, []).append(row)
    return found


def live_appointments(session: Session, neighborhood_id: int, day: date) -> list[Appointment]:
    """Appointments in force on a day, with their people."""
    rows = session.execute(
        live_appointments_on(day)
        .where(Seat.neighborhood_id == neighborhood_id)
        .options(selectinload(Appointment.person))
        .order_by(Appointment.id)
    )
    return [appointment for appointment, _ in rows]


def seat_number(session: Session, neighborhood_id: int, tier: DesignerTier) -> int:
    """How many seats the tier has: the newest setting, else the default 1 / 8 / 12."""
    newest = session.scalar(
        select(SeatNumber.number)
        .where(SeatNumber.neighborhood_id == neighborhood_id, SeatNumber.tier == tier)
        .order_by(SeatNumber.id.desc())
        .limit(1)
    )
    return newest if newest is not None else DEFAULT_SEATS[tier]
