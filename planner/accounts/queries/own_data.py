"""Everything the accounts room knows of one person, for that person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts.models import (
    Absence,
    ApiToken,
    Appointment,
    AppointmentEnd,
    Consent,
    Contact,
    HandlingUnit,
    Person,
    RoleGrant,
    Seat,
    SignIn,
    UnitMember,
)
from planner.core.models import AuditEvent


def own_data(session: Session, person: Person) -> dict[str, Any]:
    """Account, contact, consents, roles, seats, duties, sessions, tokens and own deeds; no secret."""
    contact = session.get(Contact, person.id)
    return {
        "account": {
            "uuid": str(person.uuid),
            "login": person.login,
            "name": person.name,
            "created_at": _text(person.created_at),
        },
        "contact": {
            "phone": contact.phone if contact else None,
            "email": contact.email if contact else None,
        },
        "consents": _rows(session, person, Consent, ("kind", "is_given", "text_version", "at")),
        "roles": _rows(
            session, person, RoleGrant, ("role", "neighborhood_id", "starts_on", "ends_on")
        ),
        "seats": _seats(session, person),
        "duties": _duties(session, person),
        "sessions": _rows(session, person, SignIn, ("created_at", "expires_at", "ended_at")),
        "tokens": _rows(
            session, person, ApiToken, ("label", "created_at", "expires_at", "revoked_at")
        ),
        "deeds": _deeds(session, person),
    }


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _rows(
    session: Session, person: Person, table: type[Any], columns: tuple[str, ...]
) -> list[dict[str, Any]]:
    found = session.scalars(select(table).where(table.person_id == person.id).order_by(table.id))
    return [{name: _text(getattr(row, name)) for name in columns} for row in found]


def _seats(session: Session, person: Person) -> list[dict[str, Any]]:
    found = session.execute(
        select(Appointment, Seat, AppointmentEnd)
        .join(Seat, Seat.id == Appointment.seat_id)
        .outerjoin(AppointmentEnd, AppointmentEnd.appointment_id == Appointment.id)
        .where(Appointment.person_id == person.id)
        .order_by(Appointment.id)
    ).all()
    away: dict[int, list[dict[str, Any]]] = {}
    ids = [appointment.id for appointment, _, _ in found]
    for row in session.scalars(
        select(Absence).where(Absence.appointment_id.in_(ids)).order_by(Absence.id)
    ):
        span = {"from": _text(row.starts_on), "until": _text(row.ends_on)}
        away.setdefault(row.appointment_id, []).append(span)
    return [
        {
            "seat": seat.code,
            "kind": appointment.kind.value,
            "from": _text(appointment.starts_on),
            "planned_until": _text(appointment.planned_until),
            "ended_on": _text(end.ended_on) if end else None,
            "absences": away.get(appointment.id, []),
        }
        for appointment, seat, end in found
    ]


def _duties(session: Session, person: Person) -> list[dict[str, Any]]:
    found = session.execute(
        select(UnitMember, HandlingUnit)
        .join(HandlingUnit, HandlingUnit.id == UnitMember.unit_id)
        .where(UnitMember.person_id == person.id)
        .order_by(UnitMember.id)
    )
    return [
        {
            "unit": unit.name,
            "duty": member.duty.value,
            "from": _text(member.starts_on),
            "until": _text(member.ends_on),
        }
        for member, unit in found
    ]


def _deeds(session: Session, person: Person) -> list[dict[str, Any]]:
    found = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.actor_ref == f"person:{person.id}")
        .order_by(AuditEvent.id)
    )
    return [{"at": _text(row.at), "verb": row.verb, "subject": row.subject_id} for row in found]
