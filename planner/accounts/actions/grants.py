"""Verbs of roles: given from a date, ended on a date, in force with the next request."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.accounts.models import Person, RoleGrant
from planner.accounts.policies import may_grant
from planner.core.actor import Actor, Role, ScopeKind
from planner.core.clock import local_date
from planner.core.errors import Conflict, Invalid, NotAllowed
from planner.core.text import normal

from .notes import note_person


def grant_role(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    person: Person,
    role: Role,
    neighborhood_id: int | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give a role in a neighborhood (or, for None, in the whole installation) from a date on.

    The same live grant twice is one grant. Only an administrator of the installation gives
    installation-wide roles or makes administrators; designers get theirs by appointment.
    """
    wide = neighborhood_id is None or role is Role.ADMIN
    if not may_grant(actor, None if wide else neighborhood_id):
        raise NotAllowed()
    if role is Role.DESIGNER:
        raise Invalid(fields={"role": "designer_by_appointment"})
    start = starts_on or local_date(now)
    if ends_on is not None and ends_on <= start:
        raise Invalid(fields={"ends_on": "ends_before_start"})
    held = _overlapping(session, person, role, neighborhood_id, start, ends_on)
    if held is not None:
        if held.ends_on == ends_on:
            return held
        raise Conflict("already_granted", fields={"role": "already_granted"})
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        scope_kind=ScopeKind.INSTALLATION if neighborhood_id is None else ScopeKind.NEIGHBORHOOD,
        scope_id=neighborhood_id or 0,
        neighborhood_id=neighborhood_id,
        starts_on=start,
        ends_on=ends_on,
        granted_by=actor.ref,
        reason=normal(reason, field="reason")[:1000],
        created_at=now,
    )
    session.add(grant)
    session.flush()
    note_person(
        session, actor, now, "role.grant", person, role=role.value, neighborhood=neighborhood_id
    )
    return grant


def _overlapping(
    session: Session,
    person: Person,
    role: Role,
    neighborhood_id: int | None,
    start: date,
    end: date | None,
) -> RoleGrant | None:
    wanted = select(RoleGrant).where(
        RoleGrant.person_id == person.id,
        RoleGrant.role == role,
        RoleGrant.scope_id == (neighborhood_id or 0),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > start),
    )
    if end is not None:
        wanted = wanted.where(RoleGrant.starts_on < end)
    return session.scalars(wanted.order_by(RoleGrant.id).limit(1)).first()


def end_grant(session: Session, *, actor: Actor, now: datetime, grant: RoleGrant) -> None:
    """End a role today; it stops acting with the next request. The last administrator stays."""
    wide = grant.neighborhood_id is None or grant.role is Role.ADMIN
    if not may_grant(actor, None if wide else grant.neighborhood_id):
        raise NotAllowed()
    today = local_date(now)
    if grant.ends_on is not None and grant.ends_on <= max(today, grant.starts_on):
        return
    if grant.role is Role.ADMIN and grant.neighborhood_id is None:
        _keep_one_administrator(session, grant, today)
    grant.ends_on = max(today, grant.starts_on)
    person = session.get_one(Person, grant.person_id)
    note_person(session, actor, now, "role.end", person, role=grant.role.value)
    session.flush()


def _keep_one_administrator(session: Session, grant: RoleGrant, today: date) -> None:
    others = session.scalars(
        select(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.ADMIN,
            RoleGrant.scope_kind == ScopeKind.INSTALLATION,
            RoleGrant.starts_on <= today,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > today),
            Person.disabled_at.is_(None),
        )
        .with_for_update()
    ).all()
    if not any(other.person_id != grant.person_id for other in others):
        raise Conflict("last_administrator")
