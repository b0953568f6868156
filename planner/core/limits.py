"""How often something may be done: counted in the database, in a transaction of its own.

A rolled-back request must still count, and all server processes must share the count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from .db import Database
from .errors import RateLimited
from .models import LimitCount


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in each window of `seconds`, for what `name` counts."""

    name: str
    count: int
    seconds: int


def spend(database: Database, limit: Limit, who: str, *, now: datetime, cost: int = 1) -> None:
    """Count one use by `who` (a device, an address, a login name); raise RateLimited when spent."""
    spend_each(database, [(limit, who)], now=now, cost=cost)


def spend_each(
    database: Database, uses: Sequence[tuple[Limit, str]], *, now: datetime, cost: int = 1
) -> None:
    """Count several uses in one transaction, up to the first that is spent.

    So one device that is refused does not eat up what all others at its address share.
    """
    with database.write_fleeting() as session:
        spent = next(
            (limit for limit, who in uses if _count(database, session, limit, who, now, cost)), None
        )
    if spent is not None:
        left = _window_start(spent, now) + timedelta(seconds=spent.seconds) - now
        raise RateLimited(retry_after=max(1, int(left.total_seconds())))


def _count(
    database: Database, session: Session, limit: Limit, who: str, now: datetime, cost: int
) -> bool:
    """Add the use; whether it was one too many."""
    key = f"{limit.name}:{hashlib.sha256(who.encode()).hexdigest()[:40]}"
    counted = (
        database.upsert(LimitCount)
        .values(key=key, window_start=_window_start(limit, now), count=cost)
        .on_conflict_do_update(
            index_elements=[LimitCount.key, LimitCount.window_start],
            set_={"count": LimitCount.count + cost},
        )
        .returning(LimitCount.count)
    )
    used: int = session.scalars(counted).one()
    return used > limit.count


def forget_old(database: Database, *, now: datetime) -> int:
    """Drop windows older than two days; give how many."""
    with database.write() as session:
        gone = session.execute(
            delete(LimitCount).where(LimitCount.window_start < now - timedelta(days=2))
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]


def _window_start(limit: Limit, now: datetime) -> datetime:
    seconds = int(now.timestamp()) // limit.seconds * limit.seconds
    return datetime.fromtimestamp(seconds, UTC)
