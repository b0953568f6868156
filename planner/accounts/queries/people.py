"""Accounts, sessions, tokens, and who works in a neighborhood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planner.accounts.models import (
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
from planner.accounts.rules import token_hash
from planner.accounts.terms import ConsentKind


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


def people(session: Session) -> list[Person]:
    """Everybody with an account, by name."""
    return list(
        session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.name))
    )


def contact_of(session: Session, person_id: int) -> Contact | None:
    """How to reach a person; shown to that person only."""
    return session.get(Contact, person_id)


def consents_of(session: Session, person_id: int) -> dict[ConsentKind, Consent]:
    """The newest word of a person on each consent."""
    rows = session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.id)
    )
    return {row.kind: row for row in rows}


def live_tokens(session: Session, person_id: int, now: datetime) -> list[ApiToken]:
    """A person's tokens that still work."""
    return list(
        session.scalars(
            select(ApiToken)
            .where(
                ApiToken.person_id == person_id,
                ApiToken.revoked_at.is_(None),
                ApiToken.expires_at > now,
            )
            .order_by(ApiToken.id)
        )
    )


def live_sessions(session: Session, person: Person, now: datetime) -> int:
    """On how many devices a person is signed in."""
    number = session.scalar(
        select(func.count())
        .select_from(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            SignIn.epoch == person.epoch,
        )
    )
    return number or 0


@dataclass(slots=True)
class Colleague:
    """Somebody with a role, a seat or a duty in one neighborhood, on a day or later."""

    person: Person
    grants: list[RoleGrant] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    duties: list[tuple[HandlingUnit, UnitMember]] = field(default_factory=list)


def colleagues(session: Session, neighborhood_id: int, day: date) -> list[Colleague]:
    """Everybody who has something to do here, by name; in three queries."""
    found: dict[int, Colleague] = {}

    def of(person: Person) -> Colleague:
        return found.setdefault(person.id, Colleague(person))

    grants = session.execute(
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.neighborhood_id == neighborhood_id,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
        )
        .order_by(RoleGrant.id)
    )
    for grant, person in grants:
        of(person).grants.append(grant)
    seats = session.execute(
        select(Seat, Person)
        .join(Appointment, Appointment.seat_id == Seat.id)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(AppointmentEnd, AppointmentEnd.appointment_id == Appointment.id)
        .where(
            Seat.neighborhood_id == neighborhood_id,
            or_(Appointment.planned_until.is_(None), Appointment.planned_until > day),
            or_(AppointmentEnd.ended_on.is_(None), AppointmentEnd.ended_on > day),
        )
        .order_by(Appointment.id)
    )
    for seat, person in seats:
        of(person).seats.append(seat)
    duties = session.execute(
        select(HandlingUnit, UnitMember, Person)
        .join(UnitMember, UnitMember.unit_id == HandlingUnit.id)
        .join(Person, Person.id == UnitMember.person_id)
        .where(
            HandlingUnit.neighborhood_id == neighborhood_id,
            or_(UnitMember.ends_on.is_(None), UnitMember.ends_on > day),
        )
        .order_by(HandlingUnit.id, UnitMember.id)
    )
    for unit, member, person in duties:
        of(person).duties.append((unit, member))
    return sorted(found.values(), key=lambda each: (each.person.name, each.person.id))
