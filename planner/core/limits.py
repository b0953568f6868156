"""How often something may be done: counted in the database, in a transaction of its own.

A rolled-back request must still count, and all server processes must share the count.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

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
    start = _window_start(limit, now)
    key = f"{limit.name}:{hashlib.sha256(who.encode()).hexdigest()[:40]}"
    counted = (
        database.upsert(LimitCount)
        .values(key=key, window_start=start, count=cost)
        .on_conflict_do_update(
            index_elements=[LimitCount.key, LimitCount.window_start],
            set_={"count": LimitCount.count + cost},
        )
        .returning(LimitCount.count)
    )
    with database.write() as session:
        used = session.scalars(counted).one()
    if used > limit.count:
        left = start + timedelta(seconds=limit.seconds) - now
        raise RateLimited(retry_after=max(1, int(left.total_seconds())))


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
