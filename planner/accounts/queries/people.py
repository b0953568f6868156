"""Accounts, sessions and tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts.models import ApiToken, Person, SignIn
from planner.accounts.rules import token_hash


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
