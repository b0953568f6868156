"""A stage with one case, whose people can be opened as signed-in browsers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.core.db import Database
from planner.places.terms import IssuingChain
from planner.routing.models import Case
from tests.factories.routing import make_case
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import browser, set_clock


@dataclass
class Office:
    """`who` names a person: clerk, drafter, checker, issuer, writer or a seat's code."""

    app: Flask
    database: Database
    stage: Stage
    code: str

    def as_(self, who: str) -> FlaskClient:
        actor = self.stage.holders.get(who) or getattr(self.stage, who)
        return browser(self.app, actor.person_id)

    def page(self, who: str, code: str = ""):
        return self.as_(who).get(f"/n/here/cases/{code or self.code}")

    def case(self, code: str = "") -> Case:
        with self.database.read() as session:
            found = session.scalars(select(Case).filter_by(code=code or self.code)).one()
            _ = (found.seat, found.unit, list(found.opinions), list(found.replies))
            _ = (list(found.drafts), list(found.steps), list(found.assists))
            return found

    def act(self, who: str, verb: str, *, version: int | None = None, code: str = "", **typed):
        case = self.case(code)
        seen = case.version if version is None else version
        address = f"/n/here/cases/{case.code}/{verb}"
        return self.as_(who).post(address, data={"version": seen, **typed})

    def open(self, spot: int = 3, **over) -> str:
        """One more case."""
        with self.database.write() as session:
            return make_case(session, self.stage.here, at=SPOTS[spot], **over).code


def open_office(app: Flask, database: Database, chain: IssuingChain, **over) -> Office:
    set_clock(app)
    with database.write() as session:
        stage = make_stage(session, chain=chain)
        code = make_case(session, stage.here, at=SPOTS[3], **over).code
    return Office(app, database, stage, code)


@pytest.fixture
def office(app: Flask, database: Database) -> Office:
    return open_office(app, database, IssuingChain.NONE)


@pytest.fixture
def chained(app: Flask, database: Database) -> Office:
    return open_office(app, database, IssuingChain.THREE_STEPS)
