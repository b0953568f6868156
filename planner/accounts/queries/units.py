"""Handling units and their members."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit, Person, UnitMember
from planner.accounts.terms import UnitDuty


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


def all_units(session: Session, neighborhood_id: int) -> list[HandlingUnit]:
    """Handling units, those in use first."""
    return list(
        session.scalars(
            select(HandlingUnit)
            .where(HandlingUnit.neighborhood_id == neighborhood_id)
            .order_by(
                HandlingUnit.retired_at.is_not(None),
                HandlingUnit.community_id.is_not(None),
                HandlingUnit.code,
                HandlingUnit.id,
            )
        )
    )


def members(
    session: Session, neighborhood_id: int, day: date
) -> dict[int, list[tuple[UnitMember, Person]]]:
    """Who has a duty on the day or later, by unit."""
    found: dict[int, list[tuple[UnitMember, Person]]] = {}
    rows = session.execute(
        select(UnitMember, Person)
        .join(Person, Person.id == UnitMember.person_id)
        .join(HandlingUnit, HandlingUnit.id == UnitMember.unit_id)
        .where(
            HandlingUnit.neighborhood_id == neighborhood_id,
            or_(UnitMember.ends_on.is_(None), UnitMember.ends_on > day),
        )
        .order_by(Person.name, UnitMember.id)
    )
    for member, person in rows:
        found.setdefault(member.unit_id, []).append((member, person))
    for held in found.values():
        held.sort(key=lambda pair: list(UnitDuty).index(pair[0].duty))
    return found
