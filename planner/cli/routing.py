"""`planner routing|catalogue`."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.clock import local_date, utc_now
from planner.core.errors import NotFound
from planner.places.models import Neighborhood
from planner.places.queries import neighborhood_by_slug
from planner.routing import actions, queries
from planner.routing.sheets import parse_rules, read_catalogue, read_text

from .context import database, json_option, say


def _neighborhood(session: Session, slug: str) -> Neighborhood:
    found = neighborhood_by_slug(session, slug)
    if found is None:
        raise NotFound("neighborhood_not_found", slug=slug)
    return found


@click.group()
def routing() -> None:
    """Routing rules of a neighborhood."""


@routing.command("try")
@click.argument("slug")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def try_file(slug: str, rules: Path, as_json: bool) -> None:
    """Say which live cases the rules in the file RULES would send elsewhere; nothing is moved."""
    with database().read() as session:
        here = _neighborhood(session, slug)
        known = queries.known_codes(session, here.id)
        lines = parse_rules(read_text(rules.read_bytes(), "rules.csv"), known)
        day = local_date(utc_now())
        trial = queries.try_rules(session, here.id, lines, version=0, day=day)
    facts = {
        "looked_at": trial.looked_at,
        "moved": [
            {"case": shift.code, "from": shift.seat_before or None, "to": shift.seat_after or None}
            for shift in trial.shifts
        ],
    }
    lines_out = [f"{len(trial.shifts)} of {trial.looked_at} live cases would move"]
    lines_out += [
        f"  {shift.code}  {shift.seat_before or 'unassigned'} -> {shift.seat_after or 'unassigned'}"
        for shift in trial.shifts
    ]
    say(as_json, facts, "\n".join(lines_out))


@routing.command()
@click.argument("slug")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--activate", is_flag=True, help="Put them in force at once.")
@click.option("--note", default="", help="What this version is about.")
@json_option
def load(slug: str, rules: Path, activate: bool, note: str, as_json: bool) -> None:
    """Store the rules in the file RULES as the next version."""
    with database().write() as session:
        here = _neighborhood(session, slug)
        known = queries.known_codes(session, here.id)
        lines = parse_rules(read_text(rules.read_bytes(), "rules.csv"), known)
        now = utc_now()
        made = actions.draft_rules(
            session, actor=SYSTEM, now=now, neighborhood=here, lines=lines, note=note
        )
        if activate:
            actions.activate_rules(session, actor=SYSTEM, now=now, rule_set=made)
        facts = {"version": made.version, "rules": len(lines), "state": made.state.value}
    say(as_json, facts, f"version {facts['version']}: {facts['rules']} rules, {facts['state']}")


@click.group()
def catalogue() -> None:
    """Catalogues of topics (协商目录)."""


@catalogue.command("import")
@click.argument("code")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", default="", help="Name people read.")
@click.option("--use", "slug", help="Let the neighborhood SLUG use it.")
@click.option("--note", default="", help="What this version is about.")
@json_option
def import_(code: str, folder: Path, name: str, slug: str | None, note: str, as_json: bool) -> None:
    """Import catalogue.csv, public_topics.csv and chips.csv from FOLDER as the next version of CODE."""
    sheet = read_catalogue(folder)
    with database().write() as session:
        now = utc_now()
        version = actions.import_catalogue(
            session, actor=SYSTEM, now=now, code=code, name=name, sheet=sheet, note=note
        )
        if slug:
            here = _neighborhood(session, slug)
            actions.use_catalogue(session, actor=SYSTEM, now=now, neighborhood=here, code=code)
        facts = {
            "code": code,
            "version": version.number,
            "topics": len(sheet.topics),
            "public_topics": len(sheet.public_topics),
            "chips": len(sheet.chips),
        }
    say(
        as_json,
        facts,
        f"{code} version {facts['version']}: {facts['topics']} topics,"
        f" {facts['public_topics']} public topics, {facts['chips']} chips",
    )
