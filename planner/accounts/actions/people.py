"""Verbs of accounts. Passwords arrive hashed: hashing stays outside the write transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from planner.accounts import rules
from planner.accounts.models import (
    ApiToken,
    Consent,
    Contact,
    FailedSignIn,
    Person,
    RoleGrant,
    UnitMember,
)
from planner.accounts.policies import may_grant
from planner.accounts.queries import appointments_held, person_by_key
from planner.accounts.terms import ConsentKind
from planner.core.actor import Actor
from planner.core.clock import local_date
from planner.core.errors import Conflict, Gone, Invalid, NotAllowed
from planner.core.text import clean_name, normal

from .notes import note_person
from .sign_ins import end_all_sign_ins


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
    note_person(session, actor, now, "person.create", person)
    return person


def set_password(
    session: Session, *, actor: Actor, now: datetime, person: Person, password_hash: str
) -> None:
    """Store a new password hash; every session of the person ends, and every wait for failures."""
    if actor.person_id != person.id and not may_grant(actor, None):
        raise NotAllowed()
    person.password_hash = password_hash
    session.execute(
        delete(FailedSignIn).where(
            FailedSignIn.login_digest == rules.login_digest(person.login_key)
        )
    )
    end_all_sign_ins(session, actor=actor, now=now, person=person)


def set_contact(
    session: Session, *, actor: Actor, now: datetime, person: Person, phone: str, email: str
) -> None:
    """Keep (or, with both empty, forget) how to reach a person; only the person sees and sets it."""
    if actor.person_id != person.id:
        raise NotAllowed()
    given = {
        "phone": rules.checked_phone(normal(phone, field="phone")),
        "email": rules.checked_email(normal(email, field="email")),
    }
    held = session.get(Contact, person.id)
    if not any(given.values()):
        if held is not None:
            session.delete(held)
    elif held is None:
        session.add(Contact(person_id=person.id, **given))
    else:
        held.phone, held.email = given["phone"], given["email"]
    note_person(session, actor, now, "person.contact", person)
    session.flush()


def record_consent(
    session: Session,
    *,
    now: datetime,
    kind: ConsentKind,
    is_given: bool,
    text_version: str,
    person_id: int | None = None,
    receipt_hash: bytes | None = None,
) -> Consent:
    """One consent given or withdrawn, by account or by receipt; the newest row counts."""
    if (person_id is None) == (receipt_hash is None):
        raise Invalid("consent_owner")
    made = Consent(
        person_id=person_id,
        receipt_hash=receipt_hash,
        kind=kind,
        is_given=is_given,
        text_version=text_version,
        at=now,
    )
    session.add(made)
    session.flush()
    return made


def disable_person(session: Session, *, actor: Actor, now: datetime, person: Person) -> None:
    """Close an account: sessions and tokens stop with the next request, its seats count as vacant."""
    if not may_grant(actor, None):
        raise NotAllowed()
    if person.disabled_at is None:
        person.disabled_at = now
        note_person(session, actor, now, "person.disable", person)
        end_all_sign_ins(session, actor=actor, now=now, person=person)
    session.flush()


def _still_holds(session: Session, person: Person, now: datetime) -> bool:
    """Whether a role, a seat or a duty is in force today or later."""
    today = local_date(now)
    lasting = (
        select(table.id).where(
            table.person_id == person.id, or_(table.ends_on.is_(None), table.ends_on > today)
        )
        for table in (RoleGrant, UnitMember)
    )
    return bool(appointments_held(session, person.id, today)) or any(
        session.scalars(each.limit(1)).first() is not None for each in lasting
    )


def erase_person(session: Session, *, actor: Actor, now: datetime, person: Person) -> None:
    """Erase name, login, password and contacts; what was done stays under the impersonal reference.

    Somebody who still holds a seat or a role is asked to hand it over first.
    """
    if actor.person_id != person.id and not may_grant(actor, None):
        raise NotAllowed()
    if person.erased_at is not None:
        raise Gone()
    if _still_holds(session, person, now):
        raise Conflict("hand_over_first")
    contact = session.get(Contact, person.id)
    if contact is not None:
        session.delete(contact)
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person.id)
        .values(revoked_at=now, label="erased")
    )
    session.execute(
        delete(FailedSignIn).where(
            FailedSignIn.login_digest == rules.login_digest(person.login_key)
        )
    )
    person.login = person.login_key = f"erased-{person.uuid.hex}"
    person.name = ""
    person.password_hash = None
    person.erased_at = person.disabled_at = now
    person.epoch += 1
    note_person(session, actor, now, "person.erase", person)
    session.flush()
