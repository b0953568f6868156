"""The only place that asks the machine for the time; everything else is handed `now`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """Aware UTC instant."""
    return datetime.now(UTC)


def local_date(instant: datetime) -> date:
    """Date in Asia/Shanghai at this aware instant."""
    return instant.astimezone(LOCAL_ZONE).date()


def local_midnight(day: date) -> datetime:
    """Aware UTC instant at which the local date begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE).astimezone(UTC)
