"""Who somebody is on a day: roles, seats and duties as the grants of an actor."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.accounts.models import Appointment, HandlingUnit, Person, RoleGrant, UnitMember
from planner.accounts.terms import AppointmentKind
from planner.core.actor import Actor, ActorKind, Grant, Role, ScopeKind
from planner.places.terms import AdminLevel

from .seats import live_appointments_on, staffing


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
        live_appointments_on(day).where(Appointment.person_id == person.id).order_by(Appointment.id)
    ).all()
    seated = staffing(session, [seat.id for _, seat in rows], day)
    grants = []
    for appointment, seat in rows:
        is_holder = appointment.kind is AppointmentKind.HOLDER
        if is_holder or not seated[seat.id].holder_acts:
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
