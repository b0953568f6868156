"""`planner calendar`."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import click

from planner.core.actor import SYSTEM
from planner.core.calendar import CalendarRow, import_calendar, load_calendar
from planner.core.clock import utc_now
from planner.core.errors import Invalid

from .context import database, json_option, say
from .foreign import FILE


@click.group()
def calendar() -> None:
    """The official work calendar (rest days and make-up workdays)."""


@calendar.command("import")
@click.argument("file", type=FILE)
@json_option
def import_days(file: Path, as_json: bool) -> None:
    """Take the CSV FILE (date,is_workday,name,status,source) as the next version."""
    rows = _rows(file)
    with database().write() as session:
        made = import_calendar(session, actor=SYSTEM, now=utc_now(), rows=rows)
        last = made.official_until - timedelta(days=1)
        facts = {
            "version": made.version,
            "days": len(rows),
            "official_from": made.official_from,
            "official_until": made.official_until,
        }
    say(as_json, facts, f"version {facts['version']}: {len(rows)} days, official until {last}")


def _rows(file: Path) -> list[CalendarRow]:
    rows = []
    with file.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        if not {"date", "is_workday", "name", "status", "source"} <= set(reader.fieldnames or ()):
            raise Invalid("calendar_columns", file=file.name)
        for row in reader:
            if row["is_workday"] not in ("yes", "no"):
                raise Invalid("calendar_line", file=file.name, line=reader.line_num)
            try:
                day = date.fromisoformat(row["date"])
            except ValueError as error:
                raise Invalid("calendar_line", file=file.name, line=reader.line_num) from error
            rows.append(
                CalendarRow(
                    day, row["is_workday"] == "yes", row["name"], row["status"], row["source"]
                )
            )
    return rows


@calendar.command()
@click.argument("year", type=click.IntRange(1970, 2200))
@json_option
def show(year: int, as_json: bool) -> None:
    """Exceptional days of YEAR; a year that is not announced is said to be so."""
    with database().read() as session:
        held = load_calendar(session)
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    official = held.is_official(first) and held.is_official(after - timedelta(days=1))
    days = {day: works for day, works in sorted(held.days.items()) if first <= day < after}
    facts = {
        "year": year,
        "official": official,
        "version": held.version,
        "days": [{"date": day, "is_workday": works} for day, works in days.items()],
    }
    head = (
        f"{year}: official, version {held.version}"
        if official
        else (
            f"{year}: not announced; dates counted in it are provisional (Monday to Friday are workdays)"
        )
    )
    lines = [f"  {day} {day:%a} {'workday' if works else 'rest'}" for day, works in days.items()]
    say(as_json, facts, "\n".join([head, *lines]))
