"""Decisions about accounts: names, passwords, tokens, who may sit on a seat. No database."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from planner.core.errors import Conflict, Invalid
from planner.core.text import clean_name

from .terms import QUALIFIES, DesignerTier, Qualification

SESSION_LIFE = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=15)
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)

COMMON_PASSWORDS = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)
"""What people choose first; compared case-folded."""

_hasher = PasswordHasher()


def login_key(login: str) -> str:
    """The one form of a login name under which lockout and uniqueness count."""
    return unicodedata.normalize("NFKC", login).casefold().strip()[:120]


def checked_login(login: str) -> str:
    """A login name of 2 to 40 characters without blanks."""
    name = clean_name(login, field="login", maximum=40)
    if len(name) < 2 or " " in name:
        raise Invalid(fields={"login": "bad_login"})
    return name


def checked_password(password: str) -> str:
    """At least 8 characters, not among the commonest; anything may be pasted."""
    if len(password) < 8:
        raise Invalid(fields={"password": "password_short"})
    if len(password.encode()) > 500:
        raise Invalid(fields={"password": "too_long"})
    if password.casefold() in COMMON_PASSWORDS or len(set(password)) < 3:
        raise Invalid(fields={"password": "password_common"})
    return password


def hash_password(password: str) -> str:
    """Argon2id; about 50 ms, so never inside a write transaction."""
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))


def password_fits(stored: str | None, given: str) -> bool:
    """Whether the password is right; an unknown account costs the same time."""
    try:
        return _hasher.verify(stored or _nobody(), given) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def new_token() -> str:
    """A random token of 256 bits for a cookie or a script."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(b"planner token:" + token.encode()).digest()


def login_digest(key: str) -> bytes:
    """What is stored of a name in the list of failed attempts."""
    return hashlib.sha256(b"planner login:" + key.encode()).digest()


def checked_qualification(tier: DesignerTier, qualification: Qualification) -> None:
    """Each tier has its own qualification: professional, deputy or delegate, resident."""
    if QUALIFIES[tier] is not qualification:
        raise Invalid(fields={"qualification": "wrong_qualification"})


def checked_seat_number(tier: DesignerTier, number: int, allowed: int) -> None:
    """A seat beyond the tier's number is refused until the number is changed with a reason."""
    if number < 1:
        raise Invalid(fields={"number": "not_a_number"})
    if number > allowed:
        raise Conflict("seat_number_exceeded", tier=tier.value, allowed=allowed, number=number)


def overlaps(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two half-open spans of days share a day; None is open."""
    return (end is None or other_start < end) and (other_end is None or start < other_end)
