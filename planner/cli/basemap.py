"""`planner basemap`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from planner import furnishing
from planner.core.actor import SYSTEM
from planner.core.clock import utc_now
from planner.places import actions, queries
from planner.places.drafting import Draft, agreed_datum, draft_from
from planner.places.terms import ImportTarget, LayerKind

from .context import database, json_option, say
from .foreign import FILE, crs_option, find, named, read

SHOWN = 5


@click.group()
def basemap() -> None:
    """Base map, grids, buildings and names of a neighborhood."""


@basemap.command("import")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--target",
    type=click.Choice([target.value for target in ImportTarget]),
    default=ImportTarget.BASE.value,
    show_default=True,
    help="What the files become; `base` sorts features into painted layers by their tags.",
)
@click.option(
    "--layer", type=click.Choice([kind.value for kind in LayerKind]), help="Paint all as this."
)
@crs_option
@click.option("--source", default="", help="Printed on the map, e.g. the licence's credit line.")
@click.option("--reason", default="", help="Why the grid is drawn anew (target grid).")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--force", is_flag=True, help="Take it although the datum looks wrong.")
@json_option
def import_(
    slug: str,
    files: tuple[Path, ...],
    target: str,
    layer: str | None,
    crs: str,
    source: str,
    reason: str,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Import FILES into SLUG, all or nothing; the same file again replaces what it brought."""
    wanted = ImportTarget(target)
    with database().read() as session:
        ground = queries.ground_of(session, find(session, slug))
    drafts = []
    for file in files:
        with named(file):
            reading = read(file, as_json)
            draft = draft_from(
                list(reading.features()),
                target=wanted,
                datum=agreed_datum(crs, reading.crs, reading.format),
                ground=ground,
                layer=LayerKind(layer) if layer else None,
                empty=reading.empty,
                may_be_bare=len(files) > 1,
            )
        drafts.append((file, draft))
        if not as_json:
            _tell(file, draft)
    if not dry_run:
        origin = actions.Origin("", source, reason or "命令行导入")
        _take(slug, drafts, origin, force)
    facts = {"slug": slug, "written": not dry_run, "files": [_facts(*each) for each in drafts]}
    total = sum(len(draft.items) for _, draft in drafts)
    say(as_json, facts, f"{total} features {'would be ' if dry_run else ''}taken into {slug}")


def _take(slug: str, drafts: list[tuple[Path, Draft]], origin: actions.Origin, force: bool) -> None:
    """All files in one transaction; an interruption leaves nothing behind."""
    with database().write() as session:
        here, now = find(session, slug), utc_now()
        for file, draft in drafts:
            if not (draft.items or draft.names) and len(drafts) > 1:
                continue
            with named(file):
                actions.take_draft(
                    session,
                    actor=SYSTEM,
                    now=now,
                    neighborhood=here,
                    draft=draft,
                    origin=replace(origin, code=actions.origin_code(file.name)),
                    accept_doubt=force,
                )
        furnishing.follow_map(
            session, actor=SYSTEM, now=now, neighborhood=here, target=drafts[0][1].target
        )


def _facts(file: Path, draft: Draft) -> dict[str, Any]:
    return {
        "file": file.name,
        "target": draft.target.value,
        "datum": draft.datum,
        "counts": draft.counts,
        "names": len(draft.names),
        "skipped": dict(draft.skipped),
        "findings": [finding.as_json() for finding in draft.findings],
    }


def _tell(file: Path, draft: Draft) -> None:
    counts = ", ".join(f"{number} {kind}" for kind, number in draft.counts.items())
    left = ", ".join(f"{number} {why}" for why, number in draft.skipped.items())
    click.echo(f"{file.name} [{draft.datum}]: {counts or 'nothing'}; left out: {left or 'nothing'}")
    for finding in draft.findings[:SHOWN]:
        more = ", ".join(f"{key}={value}" for key, value in finding.facts.items() if value)
        click.echo(f"  {finding.level}: {finding.code} {more}", err=True)
