"""The official work calendar in the database: imported as versions, read as a pure value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import audit
from .actor import Actor
from .errors import Invalid
from .models import WorkCalendarDay, WorkCalendarVersion
from .workdays import WorkCalendar

NEVER = date(1970, 1, 1)
_kept: dict[str, dict[date, bool]] = {}
"""Days of the few calendars there are, by the digest of their content, which never changes."""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One exceptional day as announced."""

    day: date
    is_workday: bool
    name: str
    status: str
    source: str


def load_calendar(session: Session) -> WorkCalendar:
    """The newest calendar; without one every weekday works and nothing is official."""
    version = session.scalars(
        select(WorkCalendarVersion).order_by(WorkCalendarVersion.version.desc()).limit(1)
    ).first()
    if version is None:
        return WorkCalendar(0, NEVER, NEVER, {})
    days = _kept.get(version.digest)
    if days is None:
        found = session.execute(
            select(WorkCalendarDay.day, WorkCalendarDay.is_workday).where(
                WorkCalendarDay.version == version.version
            )
        )
        days = _kept[version.digest] = {day: is_workday for day, is_workday in found}
    return WorkCalendar(version.version, version.official_from, version.official_until, days)


def import_calendar(
    session: Session, *, actor: Actor, now: datetime, rows: Iterable[CalendarRow]
) -> WorkCalendarVersion:
    """Take a whole calendar as a new version; the same content again is the same version.

    Whole years with official rows count as announced: from 1 January of the first to the end of the last.
    """
    taken = sorted(rows, key=lambda row: row.day)
    _check(taken)
    digest = hashlib.sha256(
        "\n".join(f"{r.day}|{r.is_workday}|{r.name}|{r.status}|{r.source}" for r in taken).encode()
    ).hexdigest()
    held = session.scalars(
        select(WorkCalendarVersion).where(WorkCalendarVersion.digest == digest)
    ).first()
    if held is not None:
        return held
    newest = session.scalar(
        select(WorkCalendarVersion.version).order_by(WorkCalendarVersion.version.desc()).limit(1)
    )
    official = [row.day.year for row in taken if row.status == "official"]
    made = WorkCalendarVersion(
        version=(newest or 0) + 1,
        official_from=date(min(official), 1, 1),
        official_until=date(max(official) + 1, 1, 1),
        digest=digest,
        imported_at=now,
    )
    session.add(made)
    session.add_all(
        WorkCalendarDay(
            version=made.version,
            day=row.day,
            is_workday=row.is_workday,
            name=row.name,
            status=row.status,
            source=row.source,
        )
        for row in taken
    )
    facts = {"days": len(taken), "until": made.official_until.isoformat()}
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="calendar.import",
        subject_kind="work_calendar",
        subject_id=made.version,
        facts=facts,
    )
    session.flush()
    return made


def _check(rows: list[CalendarRow]) -> None:
    if not any(row.status == "official" for row in rows):
        raise Invalid("calendar_without_official_days")
    years = {row.day.year for row in rows if row.status == "official"}
    if years != set(range(min(years), max(years) + 1)):
        raise Invalid("calendar_with_a_gap", years=sorted(years))
    for earlier, later in pairwise(rows):
        if earlier.day == later.day:
            raise Invalid("calendar_day_twice", day=str(later.day))
    for row in rows:
        if row.status not in ("official", "provisional"):
            raise Invalid("calendar_status_unknown", day=str(row.day), status=row.status)
