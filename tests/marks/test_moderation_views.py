"""The moderation queue: decide, be refused without a reason, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.core.actor import Role
from planner.core.db import Database
from planner.marks.models import Mark, Moderation, Wording
from planner.marks.terms import MarkStatus
from tests.factories.accounts import make_staff
from tests.factories.marks import make_mark
from tests.factories.stage import Stage, make_stage
from tests.factories.web import browser, set_clock

QUEUE = "/n/here/queue"
Decide = Callable[..., Any]


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    set_clock(app)
    with database.write() as session:
        return make_stage(session)


@pytest.fixture
def mark(stage: Stage, database: Database) -> Mark:
    with database.write() as session:
        return make_mark(session, stage.here, published=False, reason="李四的车总停在门口")


@pytest.fixture
def moderator(app: Flask, stage: Stage, database: Database) -> FlaskClient:
    with database.write() as session:
        person = make_staff(session, Role.MODERATOR, stage.here).person_id
    return browser(app, person)


@pytest.fixture
def decide(moderator: FlaskClient, mark: Mark) -> Decide:
    def post(verb: str, **form: str) -> Any:
        return moderator.post(f"{QUEUE}/{mark.code}", data={"verb": verb, **form})

    return post


def stored(database: Database, mark: Mark) -> Mark:
    with database.read() as session:
        return session.get_one(Mark, mark.id)


def test_queue_when_opened_then_waiting_marks_with_their_verbs(
    moderator: FlaskClient, mark: Mark
) -> None:
    page = moderator.get(QUEUE).text
    assert mark.code in page
    assert 'value="publish"' in page
    assert 'value="return_to_review"' not in page
    assert mark.code not in moderator.get(f"{QUEUE}?show=held").text


def test_publish_when_pressed_then_public_and_offered_back(
    client: FlaskClient, moderator: FlaskClient, decide: Decide, database: Database, mark: Mark
) -> None:
    answer = decide("publish", version="1")
    assert answer.status_code == 303
    assert client.get(f"/n/here/marks/{mark.code}").status_code == 200
    page = moderator.get(answer.headers["Location"]).text
    assert "撤销，退回待审" in page
    version = str(stored(database, mark).version)
    assert decide("return_to_review", version=version).status_code == 303
    assert stored(database, mark).status is MarkStatus.RECEIVED
    assert client.get(f"/n/here/marks/{mark.code}").status_code == 404


@pytest.mark.parametrize("verb", ["hold", "hide", "refer"])
def test_keeping_back_when_without_reason_then_refused_beside_the_field(
    decide: Decide, database: Database, mark: Mark, verb: str
) -> None:
    answer = decide(verb, words="李四的车总停在门口，请管一管")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "请管一管" in answer.text
    assert stored(database, mark).status is MarkStatus.RECEIVED
    assert decide(verb, reason="写了别人的姓名").status_code == 303
    with database.read() as session:
        assert session.query(Moderation).one().reason == "写了别人的姓名"


def test_words_when_redacted_then_shown_so_and_the_first_wording_kept_apart(
    client: FlaskClient, decide: Decide, database: Database, mark: Mark
) -> None:
    assert decide("publish", words="有人的车总停在门口").status_code == 303
    page = client.get(f"/n/here/marks/{mark.code}").text
    assert "有人的车总停在门口" in page
    assert "李四" not in page
    with database.read() as session:
        assert session.get_one(Wording, mark.id).original == "李四的车总停在门口"


def test_short_reason_of_a_chip_when_published_unchanged_then_not_refused(
    moderator: FlaskClient, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        short = make_mark(session, stage.here, published=False)
        session.get_one(Wording, short.id).reason = "没灯"
    data = {"verb": "publish", "words": "没灯"}
    assert moderator.post(f"{QUEUE}/{short.code}", data=data).status_code == 303


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"verb": "explode"}, 422),
        ({"verb": ""}, 422),
        ({"verb": "return_to_review"}, 409),
        ({"verb": "publish", "version": "99"}, 409),
        ({"verb": "withdraw"}, 422),
    ],
)
def test_decision_when_it_cannot_be_then_refused_and_nothing_changes(
    decide: Decide, database: Database, mark: Mark, form: dict[str, str], status: int
) -> None:
    assert decide(**form).status_code == status
    assert stored(database, mark).status is MarkStatus.RECEIVED


def test_queue_when_asked_by_others_then_closed(
    app: Flask, client: FlaskClient, stage: Stage, mark: Mark, database: Database
) -> None:
    assert client.get(QUEUE).status_code == 303
    assert client.post(f"{QUEUE}/{mark.code}", data={"verb": "publish"}).status_code == 401
    designer = browser(app, stage.holders["community-1"].person_id)
    assert designer.get(QUEUE).status_code == 403
    with database.write() as session:
        other = make_stage(session, slug="there").clerk.person_id
    stranger = browser(app, other)
    assert stranger.get(QUEUE).status_code == 404
    assert stranger.post(f"{QUEUE}/{mark.code}", data={"verb": "publish"}).status_code == 404
    assert stored(database, mark).status is MarkStatus.RECEIVED
