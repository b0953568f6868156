"""Role × route: every route of the application against the hand-written table, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts.models import Absence, Person, RoleGrant, Seat
from planner.accounts.queries import members
from planner.accounts.terms import UnitDuty
from planner.core.actor import SYSTEM, Role
from planner.core.db import Database
from planner.core.policies import anyone
from planner.marks import actions as marks
from planner.marks.models import Mark
from planner.routing.models import Case
from planner.routing.terms import MarkKind
from planner.web.guards import policy_of
from tests.conftest import NOW
from tests.factories.accounts import (
    TODAY,
    make_grant,
    make_member,
    make_person,
    make_unit,
)
from tests.factories.places import make_mask, make_named_place
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import browser, set_clock

from .access_table import EVERYBODY, OUTSIDERS, TABLE

NO_CODE = "ZZZZZ-ZZZZZ-ZZZZZ"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass
class World:
    """Neighborhood A (`here`) with one of each role, neighborhood B, and an unpublished mark in A."""

    app: Flask
    database: Database
    a: Stage
    b: Stage
    case: str
    mark: str
    uuid: UUID
    people: dict[str, int | None] = field(default_factory=dict)


def make_mark(session: Session, stage: Stage) -> Any:
    lon, lat = SPOTS[3]
    made = marks.create_mark(
        session,
        actor=SYSTEM,
        now=NOW,
        neighborhood=stage.here,
        given=marks.MarkInput(
            uuid=uuid4(),
            kind=MarkKind.IMPROVE,
            geometry={"type": "Point", "coordinates": [lon, lat]},
            topic="PUB01",
            reason="下班以后两边停满了车。",
        ),
        receipt_key=b"r" * 32,
    )
    return made.mark


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    set_clock(app)
    with database.write() as session:
        a, b = make_stage(session), make_stage(session, slug="b")
        mark = make_mark(session, a)
        case = session.get_one(Case, mark.case_id)
        made = World(app, database, a, b, case.code, mark.code, mark.uuid)

        def person(role: Role, here: Any, **over: Any) -> int:
            who = make_person(session)
            make_grant(session, who, role, here, **over)
            return who.id

        ended = TODAY - timedelta(days=1)
        made.people = {
            "visitor": None,
            "community": a.holders["community-3"].person_id,
            "street": a.holders["street-1"].person_id,
            "total": a.holders["total-1"].person_id,
            "drafter": a.drafter.person_id,
            "checker": a.checker.person_id,
            "issuer": a.issuer.person_id,
            "clerk_of_unit": a.writer.person_id,
            "moderator": person(Role.MODERATOR, a.here),
            "office": a.clerk.person_id,
            "local_admin": person(Role.ADMIN, a.here),
            "admin": person(Role.ADMIN, None),
            "staff_of_b": b.clerk.person_id,
            "ex_staff": person(Role.STREET_OFFICE, a.here, ends_on=ended),
        }
    return made


def arguments(world: World, kind: str) -> dict[str, Any]:
    """Values for the address; what a request may destroy is made anew each time."""
    slug = {"slug": "here"}
    plain: dict[str, dict[str, Any]] = {
        "": {},
        "here": slug,
        "static": {"version_wanted": "x", "filename": "app/favicon.svg"},
        "code": {"code": NO_CODE},
        "receipt": {**slug, "receipt": NO_CODE},
        "mark": {**slug, "code": world.mark},
        "own_mark": {**slug, "code": world.mark, "verb": "withdraw"},
        "no_photo": {**slug, "code": world.mark, "photo": uuid4(), "size": "small"},
        "photo_uuid": {**slug, "uuid": world.uuid, "photo": uuid4()},
        "mark_uuid": {**slug, "uuid": world.uuid},
        "case": {**slug, "code": world.case},
        "case_verb": {**slug, "code": world.case, "verb": "assist"},
        "seat": {**slug, "code": "street-2"},
        "rules": {**slug, "version": 1},
        "layer": {**slug, "code": "road"},
        "no_token": {"token_id": 999_999},
        "no_appointment": {"appointment_id": 999_999},
        "no_absence": {"appointment_id": 999_999, "absence_id": 999_999},
        "no_code": {**slug, "code": NO_CODE},
        "no_mark": {**slug, "uuid": uuid4()},
        "no_import": {**slug, "uuid": uuid4()},
    }
    return plain[kind] if kind in plain else {**slug, **made_anew(world, world.a, kind)}


def made_anew(world: World, stage: Stage, kind: str) -> dict[str, Any]:
    """One fresh object of a neighborhood that a request may end, remove or retire."""
    with world.database.write() as session:
        if kind == "grant":
            grant = make_grant(session, make_person(session), Role.EXPERT, stage.here)
            return {"grant_id": grant.id}
        if kind == "person":
            person = make_person(session)
            make_grant(session, person, Role.EXPERT, stage.here)
            return {"person": person.uuid}
        if kind == "unit":
            return {"unit_id": make_unit(session, stage.here, f"u{uuid4().hex[:8]}").id}
        if kind == "member":
            unit = make_unit(session, stage.here, f"u{uuid4().hex[:8]}")
            make_member(session, unit, UnitDuty.DRAFT)
            row = members(session, stage.here.id, TODAY)[unit.id][0][0]
            return {"unit_id": unit.id, "member_id": row.id}
        if kind == "place":
            return {"place_id": make_named_place(session, stage.here, "巷口", *SPOTS[1]).id}
        if kind == "mask":
            area = shapely.Point(*SPOTS[2]).buffer(0.00001)
            return {"mask_id": make_mask(session, stage.here, area).id}
        seat = session.get_one(Seat, stage.seats["street-2"].id)
        made = {"code": seat.code, "appointment_id": seat.appointments[0].id}
        if kind == "absence":
            away = Absence(
                appointment_id=made["appointment_id"],
                starts_on=TODAY,
                ends_on=TODAY + timedelta(days=2),
                noted_by="system",
                created_at=NOW,
            )
            session.add(away)
            session.flush()
            made["absence_id"] = away.id
        return made


def refused_with(app: Flask, endpoint: str, who: str, method: str, has_slug: bool) -> int:
    """What somebody gets who may not: sign in first, not yours to know of, or not yours to do."""
    if policy_of(app, endpoint) is anyone:
        return 404
    if who == "visitor":
        return 401 if method in UNSAFE else 303
    return 404 if has_slug and (who in OUTSIDERS or TABLE[endpoint].hides) else 403


def method_of(app: Flask, endpoint: str) -> tuple[str, bool]:
    rule = next(app.url_map.iter_rules(endpoint))
    method = next(iter(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})))
    return method, "slug" in rule.arguments


def test_every_route_is_in_the_table_and_nothing_else(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes - set(TABLE) == set(), "add the new routes to tests/web/access_table.py"
    assert set(TABLE) - routes == set(), (
        "these are gone: take them out of tests/web/access_table.py"
    )
    for endpoint in routes:
        rules = list(app.url_map.iter_rules(endpoint))
        assert len(rules) == 1, f"{endpoint} has two addresses; name them apart"


@pytest.mark.slow
def test_role_by_route_is_exactly_the_table(world):
    faults = []
    for endpoint, route in TABLE.items():
        method, has_slug = method_of(world.app, endpoint)
        for who in sorted(EVERYBODY):
            client = browser(world.app, world.people[who])
            with world.app.test_request_context():
                address = url_for(endpoint, **arguments(world, route.args))
            kind = {"json": {}} if address.startswith("/api/") and method in UNSAFE else {}
            answer = client.open(address, method=method, **kind)
            if who in route.who:
                expected = route.ok
            else:
                expected = (refused_with(world.app, endpoint, who, method, has_slug),)
            to_sign_in = answer.status_code == 303 and "/sign-in" in (answer.location or "")
            if who in route.who and to_sign_in and endpoint != "accounts.end_sessions":
                faults.append(f"{who} {method} {address} [{endpoint}]: sent to sign in")
            if answer.status_code not in expected:
                faults.append(
                    f"{who} {method} {address} [{endpoint}]: {answer.status_code}, not {expected}"
                )
    assert faults == []


OBJECTS = [
    ("people.end", "grant"),
    ("people.password", "person"),
    ("people.disable", "person"),
    ("units.change", "unit"),
    ("units.retire", "unit"),
    ("units.add_member", "unit"),
    ("units.end_member", "member"),
    ("seats.end", "appointment"),
    ("seats.absence", "appointment"),
    ("seats.back", "absence"),
    ("naming.remove", "place"),
    ("naming.remove_mask", "mask"),
]


@pytest.mark.parametrize(("endpoint", "kind"), OBJECTS)
def test_objects_of_b_when_named_under_as_address_then_404(world, endpoint, kind):
    foreign = made_anew(world, world.b, kind)
    client = browser(world.app, world.people["local_admin"])
    with world.app.test_request_context():
        address = url_for(endpoint, slug="here", **foreign)
    typed = {"password": "long-enough-1", "reason": "任期届满", "name": "改名", "chain": "none"}
    assert client.post(address, data=typed).status_code == 404


def test_marks_and_cases_of_b_when_named_under_as_address_then_404(world):
    with world.database.write() as session:
        mark = make_mark(session, world.b)
        codes = mark.code, session.get_one(Case, mark.case_id).code, mark.uuid
    client = browser(world.app, world.people["local_admin"])
    for address in (
        f"/n/here/marks/{codes[0]}",
        f"/n/here/cases/{codes[1]}",
        f"/api/v1/neighborhoods/here/marks/{codes[2]}",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/n/here/cases/{codes[1]}/acknowledge").status_code == 404
    assert client.post(f"/n/here/unassigned/{codes[1]}").status_code == 404
    assert client.post(f"/n/here/queue/{codes[0]}", data={"verb": "publish"}).status_code == 404


def test_counts_and_exports_of_a_when_read_by_bs_staff_then_like_a_visitors(world):
    for who, total in (("office", 1), ("community", 1), ("visitor", 0), ("staff_of_b", 0)):
        client = browser(world.app, world.people[who])
        listed = client.get("/api/v1/neighborhoods/here/marks").get_json()
        assert len(listed["features"]) == total, who
        exported = client.get("/n/here/marks.csv").text
        assert ("下班以后两边停满了车。" in exported) is bool(total), who
        assert (world.mark in client.get("/n/here/marks.geojson").text) is bool(total), who
        assert (world.mark in client.get("/n/here/marks").text) is bool(total), who


def test_client_sent_owner_status_and_tier_are_ignored(world):
    client = browser(world.app)
    typed = {
        "kind": "improve",
        "chips": "ip1",
        "place": "",
        "status": "published",
        "seat": "total-1",
        "tier": "total",
        "neighborhood_id": str(world.b.here.id),
        "device_hash": "0" * 64,
    }
    client.post("/n/here/marks/new", data=typed)
    with world.database.read() as session:
        for mark in session.scalars(select(Mark)):
            assert mark.status.value == "received"
            assert mark.neighborhood_id == world.a.here.id


def test_role_ended_today_when_it_was_in_force_a_moment_ago_then_gone_with_the_next_request(world):
    client = browser(world.app, world.people["office"])
    assert client.get("/n/here/unassigned").status_code == 200
    with world.database.write() as session:
        person = session.get_one(Person, world.people["office"])
        grant = session.scalars(select(RoleGrant).filter_by(person_id=person.id)).one()
        grant.ends_on = TODAY
    assert client.get("/n/here/unassigned").status_code == 404
