"""Verbs of sessions, tokens and failed attempts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from planner.accounts import rules
from planner.accounts.models import ApiToken, FailedSignIn, Person, SignIn
from planner.accounts.policies import may_grant
from planner.core.actor import Actor, ActorKind
from planner.core.errors import Invalid, NotAllowed
from planner.core.text import clean_name

from .notes import note_person


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
    note_person(session, Actor(ActorKind.PERSON, person.id), now, "session.open", person)
    session.flush()
    return token


def confirm_sign_in(session: Session, *, now: datetime, token: str) -> None:
    """The password was given again: the session is fresh for a while."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == rules.token_hash(token), SignIn.ended_at.is_(None))
        .values(confirmed_at=now)
    )


def end_sign_in(session: Session, *, now: datetime, token: str) -> None:
    """End this one session for good: a copied cookie stops working too."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == rules.token_hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_sign_ins(session: Session, *, actor: Actor, now: datetime, person: Person) -> None:
    """End every session of a person at once, and every script's token: a thief may hold either."""
    if actor.person_id != person.id and not may_grant(actor, None):
        raise NotAllowed()
    person.epoch += 1
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )
    note_person(session, actor, now, "session.end_all", person)
    session.flush()


def note_attempt(session: Session, *, now: datetime, key: str) -> int:
    """Count an attempt before its password is looked at, in a transaction of its own; gives its id.

    Counted afterwards, two hundred parallel guesses would all pass the check; counted first and committed,
    at most LOCK_AFTER of them reach the password.
    """
    made = FailedSignIn(login_digest=rules.login_digest(key), at=now)
    session.add(made)
    session.flush()
    return made.id


def is_locked(session: Session, *, now: datetime, key: str) -> bool:
    """Whether this attempt (already counted) is one too many for the name in the last minutes."""
    attempts = session.scalar(
        select(func.count())
        .select_from(FailedSignIn)
        .where(
            FailedSignIn.login_digest == rules.login_digest(key),
            FailedSignIn.at > now - rules.LOCK_FOR,
        )
    )
    return (attempts or 0) > rules.LOCK_AFTER


def forget_attempt(session: Session, *, attempt_id: int) -> None:
    """A refused attempt does not count, or the wait would never end."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.id == attempt_id))


def forget_attempts(session: Session, *, key: str) -> None:
    """The right password clears the name's failures."""
    session.execute(
        delete(FailedSignIn).where(FailedSignIn.login_digest == rules.login_digest(key))
    )


def create_token(
    session: Session, *, actor: Actor, now: datetime, person: Person, label: str, days: int
) -> str:
    """A bearer token for scripts; shown once, stored as its hash."""
    if actor.person_id != person.id and not may_grant(actor, None):
        raise NotAllowed()
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
    note_person(session, actor, now, "token.create", person)
    session.flush()
    return token


def revoke_token(session: Session, *, actor: Actor, now: datetime, token: ApiToken) -> None:
    """A script's token stops working with its next call."""
    if actor.person_id != token.person_id and not may_grant(actor, None):
        raise NotAllowed()
    if token.revoked_at is None:
        token.revoked_at = now
        person = session.get_one(Person, token.person_id)
        note_person(session, actor, now, "token.revoke", person)
    session.flush()


def forget_expired(session: Session, *, now: datetime) -> int:
    """Drop failed attempts older than a day and sessions ended or expired for 90 days; give how many."""
    gone = session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - timedelta(days=1)))
    old = session.execute(
        delete(SignIn).where(SignIn.expires_at < now - timedelta(days=rules.SESSION_KEPT_DAYS))
    )
    return int(gone.rowcount) + int(old.rowcount)  # type: ignore[attr-defined]
