"""Whatever leaves the house waits here, written in the transaction of its cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import OutboxMessage


def enqueue(
    session: Session,
    *,
    now: datetime,
    kind: str,
    dedupe_key: str,
    payload: Mapping[str, Any],
    due_at: datetime | None = None,
) -> OutboxMessage:
    """Add a message once per key: the same change announced twice stays one message.

    Args:
        kind: names the channel's handler, e.g. ``"mail"``.
        dedupe_key: at most 120 characters; UNIQUE in the database.
    """
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
