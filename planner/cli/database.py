"""`planner db|backup|restore|audit`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from planner.app import all_metadata
from planner.core import audit as audit_log
from planner.core import backup as archive
from planner.core import migrate
from planner.core.clock import utc_now
from planner.core.settings import load_settings

from .context import database, json_option, progress, say, settings


@click.group()
def db() -> None:
    """Schema of the database."""


@db.command()
@click.argument("revision", default="head")
@json_option
def upgrade(revision: str, as_json: bool) -> None:
    """Bring the schema forward."""
    migrate.upgrade(database(), revision)
    now_at = migrate.current(database())
    say(as_json, {"revision": now_at}, f"schema is at {now_at}")


@db.command()
@click.argument("revision")
@json_option
def downgrade(revision: str, as_json: bool) -> None:
    """Take the schema back to REVISION (`base` empties it)."""
    migrate.downgrade(database(), revision)
    now_at = migrate.current(database())
    say(as_json, {"revision": now_at}, f"schema is at {now_at or 'base'}")


@db.command()
@json_option
def check(as_json: bool) -> None:
    """Say whether migrations wait or tables differ from the models."""
    behind = migrate.is_behind(database())
    differences = [] if behind else migrate.drift(database())
    facts = {"revision": migrate.current(database()), "behind": behind, "differences": differences}
    say(
        as_json,
        facts,
        "migrations are waiting" if behind else "; ".join(differences) or "schema is current",
    )
    sys.exit(1 if behind or differences else 0)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write database, photos and receipt key into FILE while the installation goes on working."""
    metadata = all_metadata()
    with progress("backup", len(metadata.tables), quiet=as_json) as bar:
        made = archive.backup(database(), metadata, settings(), file, now=utc_now(), progress=bar)
    facts = {"file": str(file), "bytes": file.stat().st_size, **archive.facts_of(made, settings())}
    say(
        as_json,
        facts,
        f"{file}: {made.rows} rows, {len(made.photos)} photos, {facts['bytes']} bytes."
        " Keep it where only you can read it.",
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put it in the place of what is here.")
@json_option
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Bring back what FILE holds; a failed restore leaves everything as it was."""
    metadata = all_metadata()
    with progress("restore", len(metadata.tables), quiet=as_json) as bar:
        made = archive.restore(database(), metadata, settings(), file, force=force, progress=bar)
    is_behind = migrate.is_behind(database())
    now_set = load_settings(dict(os.environ))  # the receipt key may have come back just now
    facts = {"file": str(file), "behind": is_behind, **archive.facts_of(made, now_set)}
    next_step = "Run 'planner db upgrade', then start" if is_behind else "Start"
    say(as_json, facts, f"{made.rows} rows, {len(made.photos)} photos. {next_step} the server.")


@click.group()
def audit() -> None:
    """The tamper-evident log."""


def _head(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[1-9][0-9]{0,17}:[0-9a-f]{64}", value):
        raise click.BadParameter("expected SEQ:HASH as 'planner audit verify' gives it")
    return value


@audit.command()
@click.option(
    "--head",
    callback=_head,
    metavar="SEQ:HASH",
    help="A head noted down earlier, which the chain must still hold.",
)
@json_option
def verify(head: str | None, as_json: bool) -> None:
    """Recompute the chain; exit 1 and name the first fault when it does not hold."""
    with database().read() as session:
        verdict = audit_log.verify(session, head=head)
    facts = {
        "intact": verdict.is_intact,
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "broken_seq": verdict.broken_seq,
        "reason": verdict.reason,
        "head": verdict.head,
    }
    sentence = (
        f"intact: {verdict.sealed} sealed, {verdict.unsealed} waiting; head {verdict.head}"
        if verdict.is_intact
        else f"BROKEN at link {verdict.broken_seq}: {verdict.reason}"
    )
    say(as_json, facts, sentence)
    sys.exit(0 if verdict.is_intact else 1)
