"""The demo's people: offices, committees, moderators and the 1 + 8 + 12 seats, all invented."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from planner.accounts import actions, queries, rules
from planner.accounts.models import Person
from planner.accounts.terms import QUALIFIES, TIER_LABELS, AppointmentKind, UnitDuty
from planner.core.actor import SYSTEM, Role
from planner.core.clock import local_date
from planner.core.settings import Settings
from planner.furnishing import furnish
from planner.places.models import Community, Neighborhood
from planner.places.queries import neighborhood_by_slug

from .places import SLUG

VACANT = "community-12"
"""Held by nobody, with a substitute: so that the demo shows both."""


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """Set up units, people and seats once; passwords go to `demo-logins.txt` at first creation only."""
    here = neighborhood_by_slug(session, SLUG)
    if here is None:
        return
    made = Logins(session, now)
    furnish(session, actor=SYSTEM, now=now, neighborhood=here)
    admin = made.person("admin", "管理员")
    actions.grant_role(
        session, actor=SYSTEM, now=now, person=admin, role=Role.ADMIN, neighborhood_id=None
    )
    _office(session, now, here, made)
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


def _office(session: Session, now: datetime, here: Neighborhood, made: Logins) -> None:
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
    for unit in queries.units(session, here.id):
        community = session.get(Community, unit.community_id) if unit.community_id else None
        if community is not None and unit.code == "residents_committee":
            person = made.person(f"committee-{community.code}", f"{unit.name}工作人员（示例）")
            for duty in UnitDuty:
                actions.add_member(
                    session, actor=SYSTEM, now=now, unit=unit, person=person, duty=duty
                )
        elif community is None:
            for duty, person in chain.items():
                actions.add_member(
                    session, actor=SYSTEM, now=now, unit=unit, person=person, duty=duty
                )


def _seats(session: Session, now: datetime, here: Neighborhood, made: Logins) -> None:
    """Somebody invented on each seat that has nobody yet."""
    since = date(local_date(now).year, 1, 1)
    for seat in queries.seats(session, here.id):
        if seat.appointments:
            continue
        person = made.person(seat.code, f"{TIER_LABELS[seat.tier]}{seat.number}（示例）")
        actions.appoint(
            session,
            actor=SYSTEM,
            now=now,
            seat=seat,
            person=person,
            qualification=QUALIFIES[seat.tier],
            starts_on=since,
            kind=AppointmentKind.SUBSTITUTE if seat.code == VACANT else AppointmentKind.HOLDER,
        )
