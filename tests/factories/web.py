"""Browsers without JavaScript that are already signed in, and a clock the test can set."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.actions import open_sign_in
from planner.accounts.models import Person
from planner.accounts.rules import hash_password
from tests.conftest import NOW

PASSWORD = "紫藤-walks-42"


def set_clock(app: Flask, now: datetime = NOW) -> None:
    """From now on every request of the application happens at this instant."""
    app.extensions["planner"].clock = lambda: now


def later(app: Flask, **span: float) -> None:
    """Move the application's clock forward."""
    now = app.extensions["planner"].clock()
    set_clock(app, now + timedelta(**span))


def browser(app: Flask, person_id: int | None = None) -> FlaskClient:
    """A visitor's browser, or one signed in as this person a moment ago."""
    made = app.test_client()
    if person_id is None:
        return made
    with app.extensions["planner"].database.write() as session:
        person = session.get_one(Person, person_id)
        now = app.extensions["planner"].clock()
        token = open_sign_in(session, now=now, person=person)
    with made.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return made


def give_password(app: Flask, person_id: int, password: str = PASSWORD) -> str:
    """Let this person sign in by hand; gives the login name."""
    with app.extensions["planner"].database.write() as session:
        person = session.get_one(Person, person_id)
        person.password_hash = hash_password(password)
        return person.login
