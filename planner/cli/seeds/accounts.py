"""The demo's people: offices, committees, moderators and the 1 + 8 + 12 seats, all invented."""

from __future__ import annotations

import csv
import secrets
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts import actions, queries, rules
from planner.accounts.models import HandlingUnit, Person
from planner.accounts.rules import RemitInput
from planner.accounts.terms import (
    QUALIFIES,
    TIER_LABELS,
    AppointmentKind,
    DesignerTier,
    RemitArea,
    RemitTopic,
    UnitDuty,
)
from planner.core.actor import SYSTEM, Role
from planner.core.clock import local_date
from planner.core.settings import Settings, resource_dir
from planner.places.models import Community, Neighborhood
from planner.places.queries import neighborhood_by_slug
from planner.places.terms import AdminLevel

from .places import SLUG

STREET_SEATS = [
    ("绿化与小公园", "green"),
    ("街景与老房子", "scenery"),
    ("步行与无障碍", "walking"),
    ("绿化与小公园", "green"),
    ("街景与老房子", "scenery"),
    ("步行与无障碍", "walking"),
    ("综合", ""),
    ("综合", ""),
]
VACANT = "community-12"
"""Held by nobody, with a substitute: so that the demo shows both."""


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """Set up units, people and seats once; passwords go to `demo-logins.txt` at first creation only."""
    here = neighborhood_by_slug(session, SLUG)
    if here is None:
        return
    made = Logins(session, now)
    units = _units(session, now, here)
    admin = made.person("admin", "管理员")
    actions.grant_role(
        session, actor=SYSTEM, now=now, person=admin, role=Role.ADMIN, neighborhood_id=None
    )
    _office(session, now, here, made, units)
    _seats(session, now, here, made)
    made.write(settings.data_dir / "demo-logins.txt")


class Logins:
    """Creates each demo person once and remembers the passwords of this run."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.fresh: list[tuple[str, str, str]] = []

    def person(self, login: str, name: str) -> Person:
        """The person with this login, made when absent."""
        held = queries.person_by_key(self.session, rules.login_key(login))
        if held is not None:
            return held
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        self.fresh.append((login, password, name))
        return actions.create_person(
            self.session,
            actor=SYSTEM,
            now=self.now,
            login=login,
            name=name,
            password_hash=rules.hash_password(password),
        )

    def write(self, path: Path) -> None:
        """Keep the generated passwords where only the operator reads them."""
        if not self.fresh:
            return
        path.touch(mode=0o600)
        lines = [f"{login}\t{password}\t{name}" for login, password, name in self.fresh]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _units(session: Session, now: datetime, here: Neighborhood) -> dict[str, HandlingUnit]:
    made: dict[str, HandlingUnit] = {}
    communities = session.scalars(
        select(Community).where(Community.neighborhood_id == here.id).order_by(Community.id)
    ).all()
    path = resource_dir("seed") / "reference" / "units.csv"
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            where = list(communities) if row["per_community"] == "yes" else [None]
            for community in where:
                plain = community.name.replace("（示意）", "") if community else ""
                name = f"{plain}{row['name'].removeprefix('社区')}" if community else row["name"]
                unit = actions.create_unit(
                    session,
                    actor=SYSTEM,
                    now=now,
                    neighborhood_id=here.id,
                    code=row["code"],
                    name=name,
                    level=AdminLevel(row["level"]),
                    community_id=community.id if community else None,
                    can_decide=row["can_decide"] == "yes",
                )
                made[f"{row['code']}:{community.code if community else ''}"] = unit
    return made


def _office(
    session: Session,
    now: datetime,
    here: Neighborhood,
    made: Logins,
    units: dict[str, HandlingUnit],
) -> None:
    roles = [
        ("office", "街道办周（示例）", Role.STREET_OFFICE),
        ("moderator", "审核员吴（示例）", Role.MODERATOR),
    ]
    for login, name, role in roles:
        person = made.person(login, name)
        actions.grant_role(
            session, actor=SYSTEM, now=now, person=person, role=role, neighborhood_id=here.id
        )
    chain = {
        UnitDuty.DRAFT: made.person("drafter", "经办陈（示例）"),
        UnitDuty.CHECK: made.person("checker", "科长许（示例）"),
        UnitDuty.ISSUE: made.person("issuer", "分管领导蒋（示例）"),
    }
    for key, unit in units.items():
        code, _, community = key.partition(":")
        if code == "residents_committee":
            person = made.person(f"committee-{community}", f"{unit.name}工作人员（示例）")
            for duty in UnitDuty:
                actions.add_member(
                    session, actor=SYSTEM, now=now, unit=unit, person=person, duty=duty
                )
        elif not community:
            for duty, person in chain.items():
                actions.add_member(
                    session, actor=SYSTEM, now=now, unit=unit, person=person, duty=duty
                )


def _seats(session: Session, now: datetime, here: Neighborhood, made: Logins) -> None:
    since = date(local_date(now).year, 1, 1)
    everything = [RemitInput(RemitTopic.ANY, "", RemitArea.WHOLE, "")]
    plan = [(DesignerTier.TOTAL, 1, "总设计师", everything)]
    for number, (title, topic) in enumerate(STREET_SEATS, start=1):
        kind = RemitTopic.PUBLIC_TOPIC if topic else RemitTopic.ANY
        remit = [RemitInput(kind, topic, RemitArea.WHOLE, "")]
        plan.append((DesignerTier.STREET, number, title, remit))
    for number in range(1, 13):
        remit = [RemitInput(RemitTopic.ANY, "", RemitArea.GRID, str(number))]
        plan.append((DesignerTier.COMMUNITY, number, f"第{number}网格", remit))
    for tier, number, title, remits in plan:
        seat = actions.add_seat(
            session,
            actor=SYSTEM,
            now=now,
            neighborhood_id=here.id,
            tier=tier,
            number=number,
            title=title,
        )
        actions.set_remits(session, actor=SYSTEM, now=now, seat=seat, remits=remits)
        if seat.appointments:
            continue
        person = made.person(seat.code, f"{TIER_LABELS[tier]}{number}（示例）")
        actions.appoint(
            session,
            actor=SYSTEM,
            now=now,
            seat=seat,
            person=person,
            qualification=QUALIFIES[tier],
            starts_on=since,
            kind=AppointmentKind.SUBSTITUTE if seat.code == VACANT else AppointmentKind.HOLDER,
        )
