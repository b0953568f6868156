"""Builders for people, seats and units."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from planner.accounts.models import (
    Appointment,
    HandlingUnit,
    Person,
    Remit,
    RoleGrant,
    Seat,
    UnitMember,
)
from planner.accounts.queries import actor_for
from planner.accounts.terms import (
    QUALIFIES,
    AppointmentKind,
    DesignerTier,
    RemitArea,
    RemitTopic,
    UnitDuty,
)
from planner.core.actor import Actor, Role, ScopeKind
from planner.core.clock import local_date
from planner.places.models import Neighborhood
from planner.places.terms import AdminLevel, IssuingChain
from tests.conftest import NOW

TODAY = local_date(NOW)
_count = itertools.count(1)


def make_person(session: Session, **over: Any) -> Person:
    """A person without a password."""
    number = next(_count)
    values = {
        "login": f"p{number}",
        "login_key": f"p{number}",
        "name": f"某人{number}",
        "created_at": NOW,
    }
    made = Person(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_grant(
    session: Session, person: Person, role: Role, here: Neighborhood | None, **over: Any
) -> RoleGrant:
    """A role in a neighborhood, or everywhere."""
    values = {
        "person_id": person.id,
        "role": role,
        "scope_kind": ScopeKind.NEIGHBORHOOD if here else ScopeKind.INSTALLATION,
        "scope_id": here.id if here else 0,
        "neighborhood_id": here.id if here else None,
        "starts_on": date(2026, 1, 1),
        "granted_by": "system",
        "created_at": NOW,
    }
    made = RoleGrant(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_staff(session: Session, role: Role, here: Neighborhood | None) -> Actor:
    """A person with one role, as actor today."""
    person = make_person(session)
    make_grant(session, person, role, here)
    return actor_for(session, person, TODAY)


def make_seat(
    session: Session,
    here: Neighborhood,
    tier: DesignerTier,
    number: int,
    *,
    topic: tuple[RemitTopic, str] = (RemitTopic.ANY, ""),
    area: tuple[RemitArea, str] = (RemitArea.WHOLE, ""),
    remit: bool = True,
) -> Seat:
    """A vacant seat with one remit."""
    made = Seat(neighborhood_id=here.id, tier=tier, number=number, created_at=NOW)
    session.add(made)
    session.flush()
    if remit:
        session.add(
            Remit(
                seat_id=made.id,
                topic_kind=topic[0],
                topic_code=topic[1],
                area_kind=area[0],
                area_code=area[1],
            )
        )
        session.flush()
    return made


def make_appointment(
    session: Session,
    seat: Seat,
    person: Person | None = None,
    *,
    kind: AppointmentKind = AppointmentKind.HOLDER,
) -> Appointment:
    """Somebody on the seat since the beginning of the year."""
    made = Appointment(
        seat_id=seat.id,
        person_id=(person or make_person(session)).id,
        kind=kind,
        qualification=QUALIFIES[seat.tier],
        starts_on=date(2026, 1, 1),
        appointed_by="system",
        reason="聘任",
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def make_holder(session: Session, seat: Seat) -> Actor:
    """A new holder of the seat, as actor today."""
    person = make_person(session)
    make_appointment(session, seat, person)
    return actor_for(session, person, TODAY)


def make_unit(
    session: Session, here: Neighborhood, code: str = "office_urban", **over: Any
) -> HandlingUnit:
    """A handling unit of the street office that issues replies at once."""
    values = {
        "neighborhood_id": here.id,
        "code": code,
        "name": "街道城市管理科",
        "level": AdminLevel.SUBDISTRICT,
        "issuing_chain": IssuingChain.NONE,
    }
    made = HandlingUnit(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_member(session: Session, unit: HandlingUnit, *duties: UnitDuty) -> Actor:
    """A member of the unit with these duties, as actor today."""
    person = make_person(session)
    for duty in duties:
        session.add(
            UnitMember(unit_id=unit.id, person_id=person.id, duty=duty, starts_on=date(2026, 1, 1))
        )
    session.flush()
    return actor_for(session, person, TODAY)
