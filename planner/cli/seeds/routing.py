"""Seeds of the routing room: the reference catalogue, and the demo's use of it with its rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.settings import Settings, resource_dir
from planner.places.queries import neighborhood_by_slug
from planner.routing import actions, queries
from planner.routing.sheets import parse_rules, read_catalogue, read_text

CATALOGUE = "nanjing-gulou"
NAME = "协商目录（示范目录，待民政部门确认）"
DEMO = "tianjin-xincun"


def seed_reference(session: Session, *, now: datetime) -> None:
    """The reference catalogue; unchanged files give no new version."""
    actions.import_catalogue(
        session,
        actor=SYSTEM,
        now=now,
        code=CATALOGUE,
        name=NAME,
        sheet=read_catalogue(resource_dir("seed") / "reference"),
        note="随系统提供",
    )


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """The demo uses the reference catalogue and starts with the reference rules in force."""
    here = neighborhood_by_slug(session, DEMO)
    if here is None:
        return
    if queries.catalogue_of(session, here.id) is None:
        actions.use_catalogue(session, actor=SYSTEM, now=now, neighborhood=here, code=CATALOGUE)
    if queries.active_rules(session, here.id) is None:
        raw = (resource_dir("seed") / "reference" / "rules.csv").read_bytes()
        lines = parse_rules(read_text(raw, "rules.csv"), queries.known_codes(session, here.id))
        made = actions.draft_rules(
            session, actor=SYSTEM, now=now, neighborhood=here, lines=lines, note="示范规则"
        )
        actions.activate_rules(session, actor=SYSTEM, now=now, rule_set=made)
