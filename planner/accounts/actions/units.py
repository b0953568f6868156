"""Verbs of handling units: names are data, a retired unit stays on old matters."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit, Person, UnitMember
from planner.accounts.policies import may_grant
from planner.accounts.rules import checked_code
from planner.accounts.terms import UnitDuty
from planner.core.actor import Actor
from planner.core.clock import local_date
from planner.core.errors import Conflict, NotAllowed
from planner.core.text import clean_name
from planner.places.terms import AdminLevel, IssuingChain

from .notes import note_unit


def create_unit(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood_id: int,
    code: str,
    name: str,
    level: AdminLevel,
    community_id: int | None = None,
    can_decide: bool = True,
    chain: IssuingChain = IssuingChain.NONE,
) -> HandlingUnit:
    """A handling unit, or the one that already has this code at this place."""
    _allow(actor, neighborhood_id)
    community = (
        HandlingUnit.community_id.is_(None)
        if community_id is None
        else HandlingUnit.community_id == community_id
    )
    held = session.scalars(
        select(HandlingUnit).where(
            HandlingUnit.neighborhood_id == neighborhood_id, HandlingUnit.code == code, community
        )
    ).first()
    if held is not None:
        return held
    unit = HandlingUnit(
        neighborhood_id=neighborhood_id,
        community_id=community_id,
        code=checked_code(code, field="code"),
        name=clean_name(name, field="name"),
        level=level,
        can_decide=can_decide,
        issuing_chain=chain,
    )
    session.add(unit)
    session.flush()
    note_unit(session, actor, now, "unit.create", unit, chain=chain.value)
    return unit


def rename_unit(
    session: Session, *, actor: Actor, now: datetime, unit: HandlingUnit, name: str
) -> None:
    """A reform renames a unit; its code, members and matters stay."""
    _allow(actor, unit.neighborhood_id)
    unit.name = clean_name(name, field="name")
    note_unit(session, actor, now, "unit.rename", unit)
    session.flush()


def set_chain(
    session: Session, *, actor: Actor, now: datetime, unit: HandlingUnit, chain: IssuingChain
) -> None:
    """Change through whose hands the unit's replies go; drafts under way keep their chain."""
    _allow(actor, unit.neighborhood_id)
    if unit.issuing_chain is chain:
        return
    note_unit(
        session, actor, now, "unit.chain", unit, was=unit.issuing_chain.value, chain=chain.value
    )
    unit.issuing_chain = chain
    session.flush()


def retire_unit(session: Session, *, actor: Actor, now: datetime, unit: HandlingUnit) -> None:
    """Give the unit nothing new; what it has it keeps, under its name."""
    _allow(actor, unit.neighborhood_id)
    if unit.retired_at is None:
        unit.retired_at = now
        note_unit(session, actor, now, "unit.retire", unit)
    session.flush()


def add_member(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    unit: HandlingUnit,
    person: Person,
    duty: UnitDuty,
    starts_on: date | None = None,
) -> UnitMember:
    """Give a person a duty in a unit's issuing chain; the same duty twice is one."""
    _allow(actor, unit.neighborhood_id)
    if unit.retired_at is not None:
        raise Conflict("unit_retired")
    start = starts_on or local_date(now)
    known = session.scalars(
        select(UnitMember)
        .where(
            UnitMember.unit_id == unit.id,
            UnitMember.person_id == person.id,
            UnitMember.duty == duty,
        )
        .order_by(UnitMember.id)
    ).all()
    for held in known:
        if held.ends_on is None:
            return held
        if held.starts_on == start:
            held.ends_on = None
            note_unit(session, actor, now, "unit.member", unit, member=person.id, duty=duty.value)
            session.flush()
            return held
    member = UnitMember(unit_id=unit.id, person_id=person.id, duty=duty, starts_on=start)
    session.add(member)
    session.flush()
    note_unit(session, actor, now, "unit.member", unit, member=person.id, duty=duty.value)
    return member


def end_member(
    session: Session, *, actor: Actor, now: datetime, unit: HandlingUnit, member: UnitMember
) -> None:
    """End a duty today; it stops acting with the next request."""
    _allow(actor, unit.neighborhood_id)
    if member.ends_on is None:
        member.ends_on = max(local_date(now), member.starts_on)
        note_unit(
            session,
            actor,
            now,
            "unit.member_end",
            unit,
            member=member.person_id,
            duty=member.duty.value,
        )
    session.flush()


def _allow(actor: Actor, neighborhood_id: int) -> None:
    if not may_grant(actor, neighborhood_id):
        raise NotAllowed()
