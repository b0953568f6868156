"""`planner db|backup|restore|audit`."""

from __future__ import annotations

import sys

import click

from planner.core import audit as audit_log
from planner.core import migrate

from .context import database, json_option, say


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


@click.group()
def audit() -> None:
    """The tamper-evident log."""


@audit.command()
@json_option
def verify(as_json: bool) -> None:
    """Recompute the chain; exit 1 and name the first fault when it does not hold."""
    with database().read() as session:
        verdict = audit_log.verify(session)
    facts = {
        "intact": verdict.is_intact,
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "broken_seq": verdict.broken_seq,
        "reason": verdict.reason,
    }
    sentence = (
        f"intact: {verdict.sealed} sealed, {verdict.unsealed} waiting"
        if verdict.is_intact
        else f"BROKEN at link {verdict.broken_seq}: {verdict.reason}"
    )
    say(as_json, facts, sentence)
    sys.exit(0 if verdict.is_intact else 1)
