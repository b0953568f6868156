"""Verbs of accounts and units. Passwords arrive hashed: hashing stays outside the write transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from planner.accounts import rules
from planner.accounts.models import (
    ApiToken,
    Contact,
    FailedSignIn,
    HandlingUnit,
    Person,
    RoleGrant,
    SignIn,
    UnitMember,
)
from planner.accounts.policies import may_grant
from planner.accounts.queries import person_by_key
from planner.accounts.terms import UnitDuty
from planner.core import audit
from planner.core.actor import SYSTEM, Actor, ActorKind, Role, ScopeKind
from planner.core.clock import local_date
from planner.core.errors import Conflict, Invalid, NotAllowed, NotFound
from planner.core.text import clean_name, normal
from planner.places.terms import AdminLevel, IssuingChain


def create_person(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    login: str,
    name: str,
    password_hash: str | None,
) -> Person:
    """Open an account; the login is unique after folding case and width."""
    checked = rules.checked_login(login)
    key = rules.login_key(checked)
    if person_by_key(session, key) is not None:
        raise Conflict("login_taken", fields={"login": "login_taken"})
    person = Person(
        login=checked,
        login_key=key,
        name=clean_name(name, field="name"),
        password_hash=password_hash,
        created_at=now,
    )
    session.add(person)
    session.flush()
    _note(session, actor, now, "person.create", person)
    return person


def open_sign_in(session: Session, *, now: datetime, person: Person) -> str:
    """Start a session; gives the token for the cookie. Every sign-in has a token of its own."""
    token = rules.new_token()
    session.add(
        SignIn(
            person_id=person.id,
            token_hash=rules.token_hash(token),
            epoch=person.epoch,
            created_at=now,
            confirmed_at=now,
            expires_at=now + rules.SESSION_LIFE,
        )
    )
    _note(session, Actor(ActorKind.PERSON, person.id), now, "session.open", person)
    session.flush()
    return token


def end_sign_in(session: Session, *, now: datetime, token: str) -> None:
    """End this one session for good: a copied cookie stops working too."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == rules.token_hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_sign_ins(session: Session, *, actor: Actor, now: datetime, person: Person) -> None:
    """End every session of a person at once."""
    person.epoch += 1
    _note(session, actor, now, "session.end_all", person)
    session.flush()


def set_password(
    session: Session, *, actor: Actor, now: datetime, person: Person, password_hash: str
) -> None:
    """Store a new password hash; every other session ends."""
    if actor.person_id != person.id and not may_grant(actor, None):
        raise NotAllowed()
    person.password_hash = password_hash
    end_all_sign_ins(session, actor=actor, now=now, person=person)


def note_failure(session: Session, *, now: datetime, key: str) -> None:
    """Record a failed attempt; called in a transaction of its own, so that nothing erases it."""
    session.add(FailedSignIn(login_digest=rules.login_digest(key), at=now))


def is_locked(session: Session, *, now: datetime, key: str) -> bool:
    """Whether the name has too many failures in the last minutes."""
    failures = session.scalar(
        select(func.count())
        .select_from(FailedSignIn)
        .where(
            FailedSignIn.login_digest == rules.login_digest(key),
            FailedSignIn.at > now - rules.LOCK_FOR,
        )
    )
    return (failures or 0) >= rules.LOCK_AFTER


def create_token(
    session: Session, *, actor: Actor, now: datetime, person: Person, label: str, days: int
) -> str:
    """A bearer token for scripts; shown once, stored as its hash."""
    if not 1 <= days <= 366:
        raise Invalid(fields={"days": "out_of_range"})
    token = rules.new_token()
    session.add(
        ApiToken(
            person_id=person.id,
            label=clean_name(label, field="label"),
            token_hash=rules.token_hash(token),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    _note(session, actor, now, "token.create", person)
    session.flush()
    return token


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
    installation-wide roles or makes administrators.
    """
    wide = neighborhood_id is None or role is Role.ADMIN
    if not may_grant(actor, None if wide else neighborhood_id):
        raise NotAllowed()
    start = starts_on or local_date(now)
    if ends_on is not None and ends_on <= start:
        raise Invalid(fields={"ends_on": "ends_before_start"})
    scope = ScopeKind.INSTALLATION if neighborhood_id is None else ScopeKind.NEIGHBORHOOD
    held = session.scalars(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.scope_kind == scope,
            RoleGrant.scope_id == (neighborhood_id or 0),
            RoleGrant.ends_on.is_(None),
        )
    ).first()
    if held is not None:
        return held
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        scope_kind=scope,
        scope_id=neighborhood_id or 0,
        neighborhood_id=neighborhood_id,
        starts_on=start,
        ends_on=ends_on,
        granted_by=actor.ref,
        reason=normal(reason, field="reason"),
        created_at=now,
    )
    session.add(grant)
    session.flush()
    _note(session, actor, now, "role.grant", person, role=role.value, neighborhood=neighborhood_id)
    return grant


def end_grant(session: Session, *, actor: Actor, now: datetime, grant: RoleGrant) -> None:
    """End a role today; it stops acting with the next request."""
    wide = grant.neighborhood_id is None or grant.role is Role.ADMIN
    if not may_grant(actor, None if wide else grant.neighborhood_id):
        raise NotAllowed()
    grant.ends_on = max(local_date(now), grant.starts_on)
    person = session.get_one(Person, grant.person_id)
    _note(session, actor, now, "role.end", person, role=grant.role.value)
    session.flush()


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
    if not may_grant(actor, neighborhood_id):
        raise NotAllowed()
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
        code=code,
        name=clean_name(name, field="name"),
        level=level,
        can_decide=can_decide,
        issuing_chain=chain,
    )
    session.add(unit)
    session.flush()
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="unit.create",
        subject_kind="unit",
        subject_id=unit.id,
        neighborhood_id=neighborhood_id,
        facts={"code": code, "chain": chain.value},
    )
    return unit


def set_chain(
    session: Session, *, actor: Actor, now: datetime, unit: HandlingUnit, chain: IssuingChain
) -> None:
    """Change through whose hands the unit's replies go; drafts under way keep their chain."""
    if not may_grant(actor, unit.neighborhood_id):
        raise NotAllowed()
    unit.issuing_chain = chain
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="unit.chain",
        subject_kind="unit",
        subject_id=unit.id,
        neighborhood_id=unit.neighborhood_id,
        facts={"chain": chain.value},
    )
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
    if not may_grant(actor, unit.neighborhood_id):
        raise NotAllowed()
    held = session.scalars(
        select(UnitMember).where(
            UnitMember.unit_id == unit.id,
            UnitMember.person_id == person.id,
            UnitMember.duty == duty,
            UnitMember.ends_on.is_(None),
        )
    ).first()
    if held is not None:
        return held
    member = UnitMember(
        unit_id=unit.id, person_id=person.id, duty=duty, starts_on=starts_on or local_date(now)
    )
    session.add(member)
    session.flush()
    _note(session, actor, now, "unit.member", person, unit=unit.id, duty=duty.value)
    return member


def erase_person(session: Session, *, actor: Actor, now: datetime, person: Person) -> None:
    """Erase name, login and contacts; rows that prove what was done keep the impersonal reference."""
    if actor.person_id != person.id and not may_grant(actor, None):
        raise NotAllowed()
    if person.erased_at is not None:
        raise NotFound()
    contact = session.get(Contact, person.id)
    if contact is not None:
        session.delete(contact)
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    person.login = person.login_key = f"erased-{person.uuid.hex}"
    person.name = ""
    person.password_hash = None
    person.erased_at = person.disabled_at = now
    person.epoch += 1
    _note(session, actor, now, "person.erase", person)
    session.flush()


def _note(
    session: Session, actor: Actor, now: datetime, verb: str, person: Person, **facts: object
) -> None:
    audit.record(
        session,
        actor=actor or SYSTEM,
        now=now,
        verb=verb,
        subject_kind="person",
        subject_id=person.uuid,
        facts=facts,
    )
