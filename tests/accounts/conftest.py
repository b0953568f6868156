"""A whole neighborhood whose people can be opened as signed-in browsers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from planner.accounts import queries
from planner.accounts.models import (
    Person,
)
from planner.core.actor import Role
from planner.core.db import Database
from tests.factories.accounts import (
    make_grant,
    make_person,
)
from tests.factories.stage import Stage, make_stage
from tests.factories.web import browser, set_clock


@dataclass
class Desk:
    """A stage whose people can be opened as browsers; `admin` administers the installation."""

    app: Flask
    database: Database
    stage: Stage
    admin: int
    clerk: int

    def as_(self, person_id: int | None):
        return browser(self.app, person_id)

    def count(self, model) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(model))

    def person(self, login: str) -> Person | None:
        with self.database.read() as session:
            return queries.person_by_key(session, login)


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    set_clock(app)
    with database.write() as session:
        stage = make_stage(session, vacant=("community-4",))
        admin = make_person(session, login="admin", login_key="admin", name="管理员")
        make_grant(session, admin, Role.ADMIN, None)
        make_person(session, login="gu", login_key="gu", name="顾工")
        return Desk(app, database, stage, admin.id, stage.clerk.person_id)
