"""The audit log: rows written with their cause, chained afterwards by one sealer.

Chaining inside the request cut throughput threefold and forked under load; rows are therefore
inserted unchained and `seal` appends `(seq, audit_id, hash)` about once a second.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from .actor import Actor
from .models import AuditEvent, AuditSeal

GENESIS = hashlib.sha256(b"planner audit chain").digest()


def record(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    subject_kind: str,
    subject_id: object,
    neighborhood_id: int | None = None,
    seat_code: str | None = None,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, str | bytes | None] | None = None,
) -> AuditEvent:
    """Add one row to the transaction.

    Args:
        facts: codes, states and numbers only; they are kept for ever and may be published to staff.
        personal: field -> personal text; only a salted digest of each is kept, so the text itself can
            be erased and still be proved when it is shown.
    """
    salt = secrets.token_bytes(16)
    event = AuditEvent(
        at=now,
        actor_ref=actor.ref,
        seat_code=seat_code,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        neighborhood_id=neighborhood_id,
        facts=dict(facts or {}),
        salt=salt,
        digests={
            name: digest(salt, value)
            for name, value in (personal or {}).items()
            if value is not None
        },
    )
    session.add(event)
    return event


def digest(salt: bytes, value: str | bytes) -> str:
    """Salted digest by which erased text can later be recognised."""
    raw = value.encode() if isinstance(value, str) else value
    return hmac.new(salt, raw, hashlib.sha256).hexdigest()


RECENT = 10_000
"""How many numbers below the newest sealed one are looked at each second for late rows."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of checking the chain: `sealed` links seen, `unsealed` rows behind it, first fault.

    `head` is the last link as ``seq:hash``; kept elsewhere it proves later that no end was cut off.
    """

    sealed: int
    unsealed: int
    broken_seq: int | None
    reason: str | None
    head: str | None = None

    @property
    def is_intact(self) -> bool:
        """Whether every link holds."""
        return self.broken_seq is None


def seal(session: Session, *, limit: int = 2_000, recent: int | None = RECENT) -> int:
    """Chain the oldest unsealed rows; give their number. One sealer at a time: `seq` is the lock.

    A number given early may be committed late (PostgreSQL), so it is not enough to go on from the newest
    sealed one. `recent` bounds how far back is looked; None looks at the whole log.

    Raises:
        IntegrityError: another sealer was faster; nothing is lost.
    """
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)).first()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    waiting = session.scalars(_unsealed(session, recent).order_by(AuditEvent.id).limit(limit)).all()
    for event in waiting:
        seq += 1
        previous = _link(previous, seq, event)
        session.add(AuditSeal(seq=seq, audit_id=event.id, hash=previous))
    session.flush()
    return len(waiting)


def has_unsealed(session: Session, *, recent: int | None = RECENT) -> bool:
    """Whether `seal` would find something; asked first so that an idle house writes nothing."""
    return session.scalars(_unsealed(session, recent).limit(1)).first() is not None


def oldest_unsealed(session: Session) -> datetime | None:
    """Time of the oldest row of late that is not chained yet."""
    waiting = _unsealed(session, RECENT).order_by(AuditEvent.id).limit(1)
    event = session.scalars(waiting).first()
    return event.at if event is not None else None


def _unsealed(session: Session, recent: int | None) -> Select[Any]:
    wanted = select(AuditEvent).where(
        ~select(AuditSeal.audit_id).where(AuditSeal.audit_id == AuditEvent.id).exists()
    )
    newest = session.scalar(select(func.max(AuditSeal.audit_id))) if recent is not None else None
    return wanted if newest is None else wanted.where(AuditEvent.id > newest - (recent or 0))


def verify(session: Session, *, head: str | None = None) -> Verdict:
    """Recompute the whole chain and name the first link that does not hold.

    Args:
        head: a `Verdict.head` noted down earlier; the chain must still hold that very link.
    """
    wanted = (
        select(AuditSeal, AuditEvent)
        .join(AuditEvent, AuditEvent.id == AuditSeal.audit_id, isouter=True)
        .order_by(AuditSeal.seq)
        .execution_options(yield_per=2_000)
    )
    previous, checked = GENESIS, 0
    noted_seq, noted_hash = _noted(head)
    with session.execute(wanted) as links:
        for link, event in links:
            reason = _fault(previous, checked + 1, link, event)
            if reason is None and link.seq == noted_seq and link.hash.hex() != noted_hash:
                reason = "not the link that was noted down"
            if reason is not None:
                return Verdict(checked, 0, checked + 1, reason)
            previous, checked = link.hash, checked + 1
    if noted_seq is not None and checked < noted_seq:
        return Verdict(checked, 0, checked + 1, "links noted down were cut off")
    total = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    return Verdict(checked, total - checked, None, None, f"{checked}:{previous.hex()}")


def _fault(previous: bytes, seq: int, link: AuditSeal, event: AuditEvent | None) -> str | None:
    if link.seq != seq:
        return "a link is missing"
    if event is None:
        return "a sealed row was removed"
    if not hmac.compare_digest(_link(previous, seq, event), link.hash):
        return "a sealed row was altered or moved"
    return None


def _noted(head: str | None) -> tuple[int | None, str]:
    seq, _, link = (head or "").partition(":")
    return (int(seq), link) if seq.isdigit() else (None, "")


def _link(previous: bytes, seq: int, event: AuditEvent) -> bytes:
    body = orjson.dumps(
        [
            seq,
            event.id,
            event.at.isoformat(),
            event.actor_ref,
            event.seat_code,
            event.verb,
            event.subject_kind,
            event.subject_id,
            event.neighborhood_id,
            event.facts,
            event.salt.hex(),
            event.digests,
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hashlib.sha256(previous + body).digest()
