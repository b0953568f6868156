"""Decisions about accounts: names, passwords, tokens, who may sit on a seat. No database."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from shapely.geometry.base import BaseGeometry

from planner.core.errors import Conflict, Invalid
from planner.core.text import clean_name

from .terms import (
    QUALIFIES,
    AppointmentKind,
    DesignerTier,
    Qualification,
    RemitArea,
    RemitTopic,
)

SESSION_LIFE = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=15)
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
SESSION_KEPT_DAYS = 90
MOST_SEATS = 99
"""Of one tier in one neighborhood."""

_PHONE = re.compile(r"\+?[0-9]{5,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

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


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends; None is open."""
    return min((day for day in (one, other) if day is not None), default=None)


def checked_phone(text: str) -> str | None:
    """A phone number as digits, or None for an empty field."""
    digits = re.sub(r"[\s()-]", "", text)
    if digits and not _PHONE.fullmatch(digits):
        raise Invalid(fields={"phone": "bad_phone"})
    return digits or None


def checked_email(text: str) -> str | None:
    """A mail address, or None for an empty field."""
    if text and (len(text) > 200 or not _EMAIL.fullmatch(text)):
        raise Invalid(fields={"email": "bad_email"})
    return text or None


def checked_code(text: str, *, field: str) -> str:
    """A short stable name of lower-case letters, digits, hyphens and underlines."""
    if not _CODE.fullmatch(text):
        raise Invalid(fields={field: "bad_code"})
    return text


@dataclass(frozen=True, slots=True)
class RemitInput:
    """One remit of a seat: topic set x area; `geom` (WGS84) only for an area drawn on the map."""

    topic_kind: RemitTopic
    topic_code: str
    area_kind: RemitArea
    area_code: str
    geom: BaseGeometry | None = None


def checked_remit(remit: RemitInput) -> RemitInput:
    """A remit that names a topic and an area exactly when their kinds ask for one."""
    wrong = {}
    if (remit.topic_kind is RemitTopic.ANY) == bool(remit.topic_code):
        wrong["topic_code"] = "must_be_empty" if remit.topic_code else "missing"
    named = remit.area_kind not in (RemitArea.WHOLE, RemitArea.GEOMETRY)
    if named != bool(remit.area_code):
        wrong["area_code"] = "must_be_empty" if remit.area_code else "missing"
    if (remit.area_kind is RemitArea.GEOMETRY) != (remit.geom is not None):
        wrong["geometry"] = "geometry_missing"
    if wrong:
        raise Invalid(fields=wrong)
    return remit


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of a roster table as read; `problem` names what made it unreadable."""

    number_in_file: int
    login: str
    name: str
    tier: DesignerTier | None
    number: int
    qualification: Qualification | None
    starts_on: date | None
    planned_until: date | None = None
    kind: AppointmentKind = AppointmentKind.HOLDER
    problem: str = ""
