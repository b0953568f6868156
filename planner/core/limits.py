"""How often something may be done: counted in the database, in a transaction of its own.

A rolled-back request must still count, and all server processes must share the count.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update

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
    with database.write() as session:
        changed = session.execute(
            update(LimitCount)
            .where(LimitCount.key == key, LimitCount.window_start == start)
            .values(count=LimitCount.count + cost)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            session.execute(_first_use(database, key, start, cost))
        used = session.scalar(
            select(LimitCount.count).where(LimitCount.key == key, LimitCount.window_start == start)
        )
    if used is not None and used > limit.count:
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


def _first_use(database: Database, key: str, start: datetime, cost: int):  # type: ignore[no-untyped-def]
    if database.is_sqlite:
        return insert(LimitCount).values(key=key, window_start=start, count=cost)
    from sqlalchemy.dialects.postgresql import insert as upsert

    return (
        upsert(LimitCount)
        .values(key=key, window_start=start, count=cost)
        .on_conflict_do_update(
            index_elements=[LimitCount.key, LimitCount.window_start],
            set_={"count": LimitCount.count + cost},
        )
    )
