"""What a new neighborhood needs of every room before its first mark, and what follows from its map."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts import actions as accounts
from planner.accounts.models import Seat
from planner.accounts.rules import RemitInput
from planner.accounts.terms import DesignerTier, RemitArea, RemitTopic
from planner.core.actor import Actor
from planner.core.geo import to_geom
from planner.core.settings import resource_dir
from planner.marks.models import Mark
from planner.places.models import Community, GridCell, Neighborhood
from planner.places.queries import current_grid
from planner.places.terms import AdminLevel, ImportTarget
from planner.routing import actions as routing
from planner.routing import queries as routing_queries
from planner.routing.sheets import parse_rules, read_catalogue, read_text

CATALOGUE = "nanjing-gulou"
CATALOGUE_NAME = "协商目录（示范目录，待民政部门确认）"
STREET_REMITS = (
    ("绿化与小公园", "green"),
    ("街景与老房子", "scenery"),
    ("步行与无障碍", "walking"),
    ("绿化与小公园", "green"),
    ("街景与老房子", "scenery"),
    ("步行与无障碍", "walking"),
    ("综合", ""),
    ("综合", ""),
)
COMMUNITY_SEATS = 12


def furnish(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    catalogue: str = CATALOGUE,
) -> None:
    """Catalogue, rules in force, handling units, and the 1 + 8 + 12 seats, vacant; nothing is replaced."""
    if routing_queries.catalogue_of(session, neighborhood.id) is None:
        if catalogue == CATALOGUE:
            reference_catalogue(session, actor=actor, now=now)
        routing.use_catalogue(
            session, actor=actor, now=now, neighborhood=neighborhood, code=catalogue
        )
    _units(session, actor, now, neighborhood)
    _rules(session, actor, now, neighborhood)
    _seats(session, actor, now, neighborhood)
    session.flush()


def follow_map(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, target: str
) -> None:
    """After a grid: community seats without a remit get their cells. After communities: their units."""
    if target == ImportTarget.COMMUNITIES:
        _units(session, actor, now, neighborhood)
    if target == ImportTarget.GRID:
        cells = _cells_by_seat(session, neighborhood)
        for seat in session.scalars(
            select(Seat).where(
                Seat.neighborhood_id == neighborhood.id, Seat.tier == DesignerTier.COMMUNITY
            )
        ):
            remits = cells.get(seat.number, [])
            if remits and not seat.remits:
                accounts.set_remits(session, actor=actor, now=now, seat=seat, remits=remits)


def _cells_by_seat(session: Session, here: Neighborhood) -> dict[int, list[RemitInput]]:
    """Grid cells dealt out to the community seats in turn: seat number -> remits."""
    dealt: dict[int, list[RemitInput]] = {}
    for cell in current_grid(session, here):
        number = (cell.number - 1) % COMMUNITY_SEATS + 1
        dealt.setdefault(number, []).append(_remit((RemitTopic.ANY, ""), str(cell.number)))
    return dealt


def reference_catalogue(session: Session, *, actor: Actor, now: datetime) -> None:
    """The one that comes with the product; unchanged files give no new version."""
    routing.import_catalogue(
        session,
        actor=actor,
        now=now,
        code=CATALOGUE,
        name=CATALOGUE_NAME,
        sheet=read_catalogue(resource_dir("seed") / "reference"),
        note="随系统提供",
    )


def _rules(session: Session, actor: Actor, now: datetime, here: Neighborhood) -> None:
    if routing_queries.active_rules(session, here.id) is not None:
        return
    raw = (resource_dir("seed") / "reference" / "rules.csv").read_bytes()
    lines = parse_rules(read_text(raw, "rules.csv"), routing_queries.known_codes(session, here.id))
    made = routing.draft_rules(
        session, actor=actor, now=now, neighborhood=here, lines=lines, note="示范规则"
    )
    routing.activate_rules(session, actor=actor, now=now, rule_set=made)


def _units(session: Session, actor: Actor, now: datetime, here: Neighborhood) -> None:
    """The reference units; those of communities once for each, or once for all while none is drawn."""
    communities = session.scalars(
        select(Community).where(Community.neighborhood_id == here.id).order_by(Community.id)
    ).all()
    path = resource_dir("seed") / "reference" / "units.csv"
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            each: list[Community | None] = [None]
            if row["per_community"] == "yes" and communities:
                each = [*communities]
            for community in each:
                accounts.create_unit(
                    session,
                    actor=actor,
                    now=now,
                    neighborhood_id=here.id,
                    code=row["code"],
                    name=_unit_name(row["name"], community),
                    level=AdminLevel(row["level"]),
                    community_id=community.id if community else None,
                    can_decide=row["can_decide"] == "yes",
                )


def _unit_name(name: str, community: Community | None) -> str:
    """社区两委 of 梧桐社区（示意） is 梧桐社区两委."""
    if community is None:
        return name
    return re.sub("（[^）]*）$", "", community.name) + name.removeprefix("社区")


def _seats(session: Session, actor: Actor, now: datetime, here: Neighborhood) -> None:
    """Every seat of the three tiers; one that already has a remit keeps it."""
    everywhere = (RemitTopic.ANY, "")
    plan = [(DesignerTier.TOTAL, 1, "总设计师", [_remit(everywhere)])]
    for number, (title, topic) in enumerate(STREET_REMITS, start=1):
        wanted = (RemitTopic.PUBLIC_TOPIC, topic) if topic else everywhere
        plan.append((DesignerTier.STREET, number, title, [_remit(wanted)]))
    cells = _cells_by_seat(session, here)
    for number in range(1, COMMUNITY_SEATS + 1):
        own = cells.get(number, [])
        title = f"第{own[0].area_code}网格" if len(own) == 1 else ""
        plan.append((DesignerTier.COMMUNITY, number, title, own))
    for tier, number, title, remits in plan:
        seat = _seat(session, actor, now, here, tier, number, title)
        if remits and not seat.remits:
            accounts.set_remits(session, actor=actor, now=now, seat=seat, remits=remits)


def _remit(topic: tuple[RemitTopic, str], cell: str = "") -> RemitInput:
    area = RemitArea.GRID if cell else RemitArea.WHOLE
    return RemitInput(topic[0], topic[1], area, cell)


def _seat(
    session: Session,
    actor: Actor,
    now: datetime,
    here: Neighborhood,
    tier: DesignerTier,
    number: int,
    title: str,
) -> Seat:
    return accounts.add_seat(
        session,
        actor=actor,
        now=now,
        neighborhood_id=here.id,
        tier=tier,
        number=number,
        title=title,
    )


def marks_moved(
    session: Session, neighborhood: Neighborhood, cells: Sequence[tuple[int, BaseGeometry]]
) -> int:
    """How many marks would get another grid number if these cells (number, WGS84 area) were in force."""
    held = session.execute(
        select(Mark.geom, GridCell.number)
        .outerjoin(GridCell, GridCell.id == Mark.grid_cell_id)
        .where(Mark.neighborhood_id == neighborhood.id)
    ).all()
    tree = shapely.STRtree([area for _, area in cells])
    moved = 0
    for geom, number in held:
        found = tree.query(to_geom(geom).representative_point(), predicate="intersects")
        numbers = sorted(cells[each][0] for each in found)
        moved += bool(numbers) and number not in numbers
    return moved
