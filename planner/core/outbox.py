"""Whatever leaves the house waits here, written in the transaction of its cause.

A worker claims a message for a while, sends it, and says so. A worker that dies between the last two
leaves the message to be sent again: channels get each message at least once, and once as a rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from .models import OutboxMessage, OutboxState

LEASE = timedelta(minutes=5)
"""How long a claim holds; longer than the slowest channel takes to give up on one batch."""

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)

_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,80}")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in the hands of one worker. `left`: channels it still has to reach, None for all."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    left: tuple[str, ...] | None
    attempts: int


def enqueue(
    session: Session,
    *,
    now: datetime,
    kind: str,
    dedupe_key: str,
    payload: Mapping[str, str | int | bool | None],
    due_at: datetime | None = None,
) -> OutboxMessage:
    """Add a message once per key: the same change announced twice stays one message.

    Args:
        kind: names the handler in the worker, e.g. ``"notice"``.
        dedupe_key: at most 120 characters; UNIQUE in the database.
        payload: codes and numbers only; words, which could be personal, are refused.
    """
    for name, value in payload.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"outbox payload {name!r} holds words; only codes may wait here")
    held = session.scalars(
        select(OutboxMessage).where(OutboxMessage.dedupe_key == dedupe_key)
    ).first()
    if held is not None:
        return held
    message = OutboxMessage(
        kind=kind,
        payload=dict(payload),
        dedupe_key=dedupe_key,
        created_at=now,
        due_at=due_at or now,
    )
    session.add(message)
    return message


def claim(session: Session, *, now: datetime, worker: str, limit: int = 20) -> list[Claimed]:
    """Take due messages that no living claim holds; commit before sending.

    Rows another worker is just taking are passed over (PostgreSQL); on SQLite a writing session is alone.
    """
    found = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.state == OutboxState.WAITING,
            OutboxMessage.due_at <= now,
            or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for message in found:
        message.claimed_by, message.claimed_until = worker, now + LEASE
        message.attempts += 1
    session.flush()
    return [Claimed(each.id, each.kind, each.payload, _left(each), each.attempts) for each in found]


def confirm(session: Session, *, now: datetime, worker: str, message_id: int) -> bool:
    """The message left the house; False when the claim had passed to another worker meanwhile."""
    return _settle(
        session, worker, message_id, state=OutboxState.SENT, sent_at=now, last_error=None
    )


def postpone(
    session: Session,
    *,
    now: datetime,
    worker: str,
    message: Claimed,
    error: str,
    left: Sequence[str] = (),
) -> bool:
    """Try again after a pause that doubles; failed for good after `MAX_ATTEMPTS`.

    Args:
        error: what kind of failure, without text of the message or addresses of channels.
        left: names of channels not reached; the next attempt goes to these only.
    """
    is_over = message.attempts >= MAX_ATTEMPTS
    return _settle(
        session,
        worker,
        message.id,
        state=OutboxState.FAILED if is_over else OutboxState.WAITING,
        due_at=now + pause_after(message.attempts),
        last_error=error[:500],
        left_channels=" ".join(left)[:500] or None,
    )


def standing(session: Session, *, now: datetime) -> tuple[timedelta, int]:
    """For how long the oldest due message has waited, and how many have failed for good."""
    oldest = session.scalar(
        select(func.min(OutboxMessage.due_at)).where(OutboxMessage.state == OutboxState.WAITING)
    )
    failed = session.scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.FAILED)
    )
    waited = now - oldest if oldest is not None and oldest < now else timedelta(0)
    return waited, failed or 0


def pause_after(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … at most two hours."""
    return min(FIRST_PAUSE * int(2 ** min(attempts - 1, 20)), LONGEST_PAUSE)


def _settle(session: Session, worker: str, message_id: int, **values: Any) -> bool:
    changed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.claimed_by == worker)
        .values(claimed_by=None, claimed_until=None, **values)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _left(message: OutboxMessage) -> tuple[str, ...] | None:
    return tuple(message.left_channels.split()) if message.left_channels else None
