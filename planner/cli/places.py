"""`planner neighborhood`, and the other groups about places: `basemap`, `calendar`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from planner import furnishing
from planner.core.actor import SYSTEM
from planner.core.clock import LOCAL_ZONE, utc_now
from planner.places import actions, queries
from planner.places.drafting import agreed_datum, boundary_from

from .basemap import basemap
from .context import database, json_option, say
from .foreign import FILE, crs_option, find, named, read
from .work_calendar import calendar

__all__ = ["basemap", "calendar", "neighborhood"]


@click.group()
def neighborhood() -> None:
    """Neighborhoods of this installation."""


@neighborhood.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="Name people read.")
@click.option("--boundary", required=True, type=FILE, help="File with the boundary's areas.")
@crs_option
@click.option("--name-en", default="", help="English name.")
@click.option("--office", default="", help="Name of the street office.")
@click.option("--tolerance", default=30, show_default=True, help="Metres beyond the boundary.")
@click.option("--catalogue", default=furnishing.CATALOGUE, show_default=True, metavar="CODE")
@json_option
def create(
    slug: str,
    name: str,
    boundary: Path,
    crs: str,
    name_en: str,
    office: str,
    tolerance: int,
    catalogue: str,
    as_json: bool,
) -> None:
    """Set up the neighborhood SLUG: boundary, catalogue, rules, units and vacant seats."""
    with named(boundary):
        reading = read(boundary, as_json)
        datum = agreed_datum(crs, reading.crs, reading.format)
        area = boundary_from(list(reading.features()), datum)
    with database().write() as session:
        now = utc_now()
        made = actions.create_neighborhood(
            session,
            actor=SYSTEM,
            now=now,
            slug=slug,
            name=name,
            boundary=area,
            name_en=name_en,
            office_name=office,
            tolerance_m=tolerance,
        )
        furnishing.furnish(session, actor=SYSTEM, now=now, neighborhood=made, catalogue=catalogue)
        square_km = queries.metric_of(made).area_m2(area) / 1e6
        facts = {"slug": slug, "utm_srid": made.utm_srid, "area_km2": round(square_km, 3)}
    say(
        as_json,
        facts,
        f"{name} is at /n/{slug}/ ({square_km:.2f} km², metres by {facts['utm_srid']})",
    )


@neighborhood.command("list")
@json_option
def list_(as_json: bool) -> None:
    """All neighborhoods with their collecting window."""
    with database().read() as session:
        rows = [
            {
                "slug": each.slug,
                "name": each.name,
                "collecting_from": each.collecting_from,
                "collecting_until": each.collecting_until,
                "cells": len(queries.current_grid(session, each)),
                **queries.totals_of(session, each),
            }
            for each in queries.neighborhoods(session)
        ]
    lines = [
        f"{row['slug']:24} {row['name']}  {row['cells']} cells, {row['buildings']} buildings,"
        f" {row['names']} names, collecting {_span(row)}"
        for row in rows
    ]
    say(as_json, {"neighborhoods": rows}, "\n".join(lines) or "no neighborhood yet")


def _span(row: dict[str, Any]) -> str:
    ends = [row["collecting_from"], row["collecting_until"]]
    return " to ".join(
        each.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if each else "open" for each in ends
    )


class Instant(click.ParamType[datetime | str]):
    """A local date, a local date and time, or `none`."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | str:
        """An aware UTC instant, or the word `none`."""
        if value == "none":
            return "none"
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value).replace(tzinfo=LOCAL_ZONE).astimezone(UTC)
        except ValueError:
            self.fail(f"{value} is not a date like 2026-10-01 or 2026-10-01T08:00", param, ctx)


@neighborhood.command("set")
@click.argument("slug")
@click.option("--collecting-from", type=Instant(), help="Local time, or `none`.")
@click.option("--collecting-until", type=Instant(), help="Local time, or `none`; exclusive.")
@click.option("--tolerance", type=int, help="Metres beyond the boundary.")
@click.option("--organiser", help="Who invites, as residents read it.")
@click.option("--promise", help="Promise of an answer, as residents read it.")
@json_option
def set_(
    slug: str,
    collecting_from: datetime | str | None,
    collecting_until: datetime | str | None,
    tolerance: int | None,
    organiser: str | None,
    promise: str | None,
    as_json: bool,
) -> None:
    """Change the collecting window and texts of SLUG; what is not named stays."""
    with database().write() as session:
        here = find(session, slug)
        held = queries.settings_of(here)
        wanted = replace(
            held,
            organiser=held.organiser if organiser is None else organiser,
            promise=held.promise if promise is None else promise,
        )
        actions.update_settings(
            session,
            actor=SYSTEM,
            now=utc_now(),
            neighborhood=here,
            settings=wanted,
            tolerance_m=here.tolerance_m if tolerance is None else tolerance,
            collecting_from=_chosen(collecting_from, here.collecting_from),
            collecting_until=_chosen(collecting_until, here.collecting_until),
        )
        facts = {
            "slug": slug,
            "collecting_from": here.collecting_from,
            "collecting_until": here.collecting_until,
            "tolerance_m": here.tolerance_m,
        }
    say(as_json, facts, f"{slug}: collecting {_span(facts)}, {facts['tolerance_m']} m tolerance")


def _chosen(wanted: datetime | str | None, held: datetime | None) -> datetime | None:
    if wanted is None:
        return held
    return wanted if isinstance(wanted, datetime) else None
