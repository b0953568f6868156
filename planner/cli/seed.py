"""`planner seed reference|demo`."""

from __future__ import annotations

import csv
from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.calendar import CalendarRow, import_calendar
from planner.core.clock import local_date, utc_now
from planner.core.models import Installation
from planner.core.settings import Settings, resource_dir
from planner.furnishing import reference_catalogue

from .context import database, json_option, say, settings
from .seeds import accounts, marks, places


@click.group()
def seed() -> None:
    """Reference data, and the demo neighborhood."""


@seed.command()
@json_option
def reference(as_json: bool) -> None:
    """Work calendar, catalogue, chips: safe to run again after every update."""
    with database().write() as session:
        seed_reference(session, now=utc_now())
    say(as_json, {"seeded": "reference"}, "reference data is in place")


@seed.command()
@json_option
def demo(as_json: bool) -> None:
    """The demo neighborhood tianjin-xincun; a second run changes nothing."""
    with database().write() as session:
        seed_demo(session, now=utc_now(), settings=settings())
    logins = settings().data_dir / "demo-logins.txt"
    say(as_json, {"seeded": "demo", "logins": str(logins)}, f"demo is in place; logins: {logins}")


def seed_reference(session: Session, *, now: datetime) -> None:
    """The installation's own row, the official calendar, the reference catalogue."""
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1, created_at=now, demo_day=local_date(now)))
        session.flush()
    with (resource_dir("seed") / "reference" / "work_calendar.csv").open(
        encoding="utf-8", newline=""
    ) as source:
        rows = [
            CalendarRow(
                day=date.fromisoformat(row["date"]),
                is_workday=row["is_workday"] == "yes",
                name=row["name"],
                status=row["status"],
                source=row["source"],
            )
            for row in csv.DictReader(source)
        ]
    import_calendar(session, actor=SYSTEM, now=now, rows=rows)
    reference_catalogue(session, actor=SYSTEM, now=now)


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """Reference data and every room's part of the demo, once; a second run changes nothing."""
    seed_reference(session, now=now)
    for room in (places, accounts, marks):
        room.seed_demo(session, now=now, settings=settings)
