"""A GET writes nothing: every page is opened by an administrator while every statement is watched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import Rule

from planner.accounts import rules
from planner.accounts.models import Appointment, Person, RoleGrant
from planner.core.codes import receipt_code
from planner.core.db import Database
from planner.marks.models import Mark, Photo
from planner.places.models import PosterPoint
from planner.routing.models import Case
from tests.conftest import app_on, settings_for

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
PASSWORD = "correct horse battery"


def signed_in(app: Flask, database: Database) -> FlaskClient:
    with database.write() as session:
        admin = session.scalars(select(Person).where(Person.login_key == "admin")).one()
        admin.password_hash = rules.hash_password(PASSWORD)
    client = app.test_client()
    answer = client.post("/sign-in", data={"login": "admin", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def values(database: Database, place: Path) -> dict[str, Any]:
    """A real value for each name in an address."""
    with database.read() as session:
        mark = session.scalars(select(Mark).order_by(Mark.id)).first()
        case = session.scalars(select(Case).order_by(Case.id)).first()
        photo = session.scalars(select(Photo).order_by(Photo.id)).first()
        assert mark is not None
        assert case is not None
        return {
            "slug": "tianjin-xincun",
            "code": mark.code,
            "uuid": mark.uuid,
            "photo": photo.uuid if photo else mark.uuid,
            "size": "small",
            "receipt": receipt_code(settings_for(database.url, place).receipt_key, mark.uuid),
            "version": 1,
            "version_wanted": "x",
            "filename": "app/css/base.css",
            "case_code": case.code,
            "seat_code": "street-1",
            "point": session.scalars(select(PosterPoint.code)).first(),
            "grant_id": session.scalars(select(RoleGrant.id)).first(),
            "appointment_id": session.scalars(select(Appointment.id)).first(),
        }


def address_of(rule: Rule, known: dict[str, Any]) -> str | None:
    """The address with real values, or None when one of its names is unknown here."""
    chosen = dict(known)
    if rule.endpoint.startswith("home.case"):
        chosen["code"] = known["case_code"]
    elif rule.endpoint == "home.poster":
        chosen["code"] = known["point"]
    elif rule.endpoint.startswith("seats."):
        chosen["code"] = known["seat_code"]
    elif rule.endpoint == "home.open_receipt":
        chosen["code"] = known["receipt"]
    if not rule.arguments <= set(chosen):
        return None
    built = rule.build({name: chosen[name] for name in rule.arguments})
    return built[1] if built else None


def test_gets_when_all_are_opened_then_nothing_is_written(demo: Database, tmp_path: Path) -> None:
    app = app_on(demo, tmp_path)
    client = signed_in(app, demo)
    known = values(demo, tmp_path)
    written: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if WRITES.match(statement):
            written.append(statement)

    event.listen(demo.engine, "before_cursor_execute", watch)
    opened, unknown = 0, []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        address = address_of(rule, known)
        if address is None:
            unknown.append(rule.rule)
            continue
        answer = client.get(address)
        assert answer.status_code < 500, address
        assert written == [], address
        opened += 1
    event.remove(demo.engine, "before_cursor_execute", watch)
    assert opened > 25
    assert unknown == [], "give these addresses a value in `values`"
