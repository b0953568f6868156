"""Reads of the accounts room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from planner.core.actor import Actor, ActorKind, Grant, Role, ScopeKind
from planner.places.terms import AdminLevel

from .models import (
    ApiToken,
    Appointment,
    AppointmentEnd,
    HandlingUnit,
    Person,
    RoleGrant,
    Seat,
    SeatNumber,
    SignIn,
    UnitMember,
)
from .rules import token_hash
from .terms import DEFAULT_SEATS, AppointmentKind, DesignerTier


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who sits on a seat on a day; a seat without holder may still have its substitute."""

    holder_id: int | None = None
    substitute_id: int | None = None

    @property
    def is_staffed(self) -> bool:
        """Whether anybody can act for the seat."""
        return self.holder_id is not None or self.substitute_id is not None


def person_by_key(session: Session, login_key: str) -> Person | None:
    """The person with this NFKC-casefolded login."""
    return session.scalars(select(Person).where(Person.login_key == login_key)).first()


def live_sign_in(session: Session, token: str, now: datetime) -> tuple[SignIn, Person] | None:
    """The session behind a cookie's token, if neither it nor its person has ended."""
    row = session.execute(
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            SignIn.epoch == Person.epoch,
            Person.disabled_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def bearer(session: Session, token: str, now: datetime) -> Person | None:
    """The person behind a script's token."""
    return session.scalars(
        select(Person)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            Person.disabled_at.is_(None),
        )
    ).first()


def actor_for(session: Session, person: Person, day: date, device: str | None = None) -> Actor:
    """The person with every grant in force on the day: roles, seats (own or as substitute), units."""
    grants = (*_role_grants(session, person, day), *_seat_grants(session, person, day))
    return Actor(
        kind=ActorKind.PERSON,
        person_id=person.id,
        name=person.name,
        grants=(*grants, *_unit_grants(session, person, day)),
        device=device,
    )


def _role_grants(session: Session, person: Person, day: date) -> list[Grant]:
    rows = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.person_id == person.id,
            RoleGrant.starts_on <= day,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
        )
        .order_by(RoleGrant.id)
    )
    return [
        Grant(
            row.role, row.scope_kind, row.scope_id, row.neighborhood_id, row.starts_on, row.ends_on
        )
        for row in rows
    ]


def _seat_grants(session: Session, person: Person, day: date) -> list[Grant]:
    rows = session.execute(
        _live_appointments(day).where(Appointment.person_id == person.id).order_by(Appointment.id)
    ).all()
    away = staffing(session, [seat.id for _, seat in rows], day)
    grants = []
    for appointment, seat in rows:
        is_holder = appointment.kind is AppointmentKind.HOLDER
        if is_holder or away[seat.id].holder_id is None:
            grants.append(
                Grant(
                    Role.DESIGNER,
                    ScopeKind.SEAT,
                    seat.id,
                    seat.neighborhood_id,
                    appointment.starts_on,
                    appointment.planned_until,
                    seat.code,
                )
            )
    return grants


def _live_appointments(day: date):  # type: ignore[no-untyped-def]
    return (
        select(Appointment, Seat)
        .join(Seat, Seat.id == Appointment.seat_id)
        .outerjoin(AppointmentEnd, AppointmentEnd.appointment_id == Appointment.id)
        .where(
            Appointment.starts_on <= day,
            or_(Appointment.planned_until.is_(None), Appointment.planned_until > day),
            or_(AppointmentEnd.ended_on.is_(None), AppointmentEnd.ended_on > day),
        )
    )


def _unit_grants(session: Session, person: Person, day: date) -> list[Grant]:
    rows = session.execute(
        select(UnitMember, HandlingUnit)
        .join(HandlingUnit, HandlingUnit.id == UnitMember.unit_id)
        .where(
            UnitMember.person_id == person.id,
            HandlingUnit.retired_at.is_(None),
            UnitMember.starts_on <= day,
            or_(UnitMember.ends_on.is_(None), UnitMember.ends_on > day),
        )
        .order_by(HandlingUnit.id, UnitMember.id)
    ).all()
    duties: dict[int, list[str]] = {}
    units: dict[int, HandlingUnit] = {}
    for member, unit in rows:
        units[unit.id] = unit
        duties.setdefault(unit.id, []).append(member.duty.value)
    return [
        Grant(
            Role.COMMUNITY_STAFF if unit.level is AdminLevel.COMMUNITY else Role.STREET_OFFICE,
            ScopeKind.UNIT,
            unit.id,
            unit.neighborhood_id,
            scope_name="+".join(duties[unit.id]),
        )
        for unit in units.values()
    ]


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
    if tier not in tuple(DesignerTier) or not number.isdigit() or len(number) > 4:
        return None
    return session.scalars(
        select(Seat).where(
            Seat.neighborhood_id == neighborhood_id,
            Seat.tier == DesignerTier(tier),
            Seat.number == int(number),
        )
    ).first()


def staffing(session: Session, seat_ids: Iterable[int], day: date) -> dict[int, Staffing]:
    """Holder and substitute of each seat on a day, in one query."""
    wanted = list(seat_ids)
    found: dict[int, dict[AppointmentKind, int]] = {seat_id: {} for seat_id in wanted}
    if wanted:
        rows = session.execute(_live_appointments(day).where(Appointment.seat_id.in_(wanted)))
        for appointment, seat in rows:
            found[seat.id][appointment.kind] = appointment.person_id
    return {
        seat_id: Staffing(kinds.get(AppointmentKind.HOLDER), kinds.get(AppointmentKind.SUBSTITUTE))
        for seat_id, kinds in found.items()
    }


def live_appointments(session: Session, neighborhood_id: int, day: date) -> list[Appointment]:
    """Appointments in force on a day, with their people."""
    rows = session.execute(
        _live_appointments(day)
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


def units(session: Session, neighborhood_id: int) -> list[HandlingUnit]:
    """Handling units in use, neighborhood-wide ones first."""
    return list(
        session.scalars(
            select(HandlingUnit)
            .where(
                HandlingUnit.neighborhood_id == neighborhood_id, HandlingUnit.retired_at.is_(None)
            )
            .order_by(HandlingUnit.community_id.is_not(None), HandlingUnit.code, HandlingUnit.id)
        )
    )


def unit_for(
    session: Session, neighborhood_id: int, code: str, community_id: int | None
) -> HandlingUnit | None:
    """The unit of that code for a place: the community's own first, then the neighborhood's."""
    found = [
        unit
        for unit in units(session, neighborhood_id)
        if unit.code == code and unit.community_id in (None, community_id)
    ]
    found.sort(key=lambda unit: (unit.community_id is None, unit.id))
    return found[0] if found else None


def people(session: Session) -> list[Person]:
    """Everybody with an account, by name."""
    return list(
        session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.name))
    )
