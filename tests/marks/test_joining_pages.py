"""我也是 without script: on the page of a mark, between form and receipt; own list, asking again, trays."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from planner.core.db import Database
from planner.marks import actions, queries
from planner.marks.models import Mark
from planner.places.models import NamedPlace
from planner.routing import actions as routing
from planner.routing.terms import CaseState, Outcome
from tests.conftest import NOW
from tests.factories.marks import make_mark, visitor
from tests.factories.places import make_named_place
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import browser, later, set_clock

HOSTILE = '<img src=x onerror="alert(1)">停满了车'


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    set_clock(app)
    with database.write() as session:
        return make_stage(session)


@pytest.fixture
def mark(stage: Stage, database: Database) -> Mark:
    with database.write() as session:
        here = session.merge(stage.here)
        return make_mark(session, here, at=SPOTS[3], topic="PUB01", reason=HOSTILE)


@pytest.fixture
def place(stage: Stage, database: Database) -> NamedPlace:
    with database.write() as session:
        return make_named_place(session, session.merge(stage.here), "槐荫巷中段", *SPOTS[3])


def page(client: Any, mark: Mark) -> str:
    return str(client.get(f"/n/here/marks/{mark.code}").get_data(as_text=True))


def press(client: Any, mark: Mark, verb: str, **form: str) -> Any:
    return client.post(f"/n/here/marks/{mark.code}/{verb}", data=form, follow_redirects=True)


def test_mark_page_when_joined_and_taken_back_then_says_so(app: Flask, mark: Mark) -> None:
    client = browser(app)
    assert "您也这么认为吗？" in page(client, mark)
    joined = press(client, mark, "endorse").get_data(as_text=True)
    assert "已记下：您也这么认为。" in joined
    assert "1 人也这么说" in joined
    assert "1 人也这么说" in page(browser(app), mark)
    assert "1 人也这么说" in browser(app).get("/n/here/marks").get_data(as_text=True)
    assert not re.search("支持|投票|票", joined)
    assert mark.code in client.get("/n/here/mine").get_data(as_text=True)
    assert client.get("/n/here/mine.json").get_json()["joined"] == [mark.code]
    back = press(client, mark, "take-back").get_data(as_text=True)
    assert "已收回。" in back
    assert "我也是 +1" in back
    assert mark.code not in client.get("/n/here/mine").get_data(as_text=True)


def test_mark_page_when_unknown_or_elsewhere_then_404(app: Flask, stage, database, mark) -> None:
    with database.write() as session:
        make_stage(session, slug="b")
    assert browser(app).post("/n/here/marks/M-NONE/endorse").status_code == 404
    assert browser(app).post(f"/n/b/marks/{mark.code}/endorse").status_code == 404


def form_of(place: NamedPlace, **over: Any) -> dict[str, Any]:
    values = {"key": str(uuid4()), "kind": "dislike", "place": place.id, "chips": ["dp1"]}
    return values | {"reason": "我写的话还在"} | over


def test_form_when_similar_ones_are_near_then_asks_and_keeps_the_words(
    app: Flask, mark: Mark, place: NamedPlace, database: Database
) -> None:
    client = browser(app)
    asked = client.post("/n/here/marks/new", data=form_of(place))
    text = asked.get_data(as_text=True)
    assert asked.status_code == 200
    assert "20 米内已有 1 条“停车”" in text
    assert 'name="reason" value="我写的话还在"' in text
    assert "<img src=x" not in text
    assert f'value="{mark.code}"' in text
    missing = client.post("/n/here/marks/new", data=form_of(place, asked="1"))
    assert missing.status_code == 422
    assert "请选一条，或选" in missing.get_data(as_text=True)
    with database.read() as session:
        assert session.query(Mark).count() == 1


def test_form_when_one_is_chosen_then_joined_and_nothing_new(
    app: Flask, mark: Mark, place: NamedPlace, database: Database
) -> None:
    client = browser(app)
    answer = client.post("/n/here/marks/new", data=form_of(place, join=mark.code))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/n/here/marks/{mark.code}#join")
    with database.read() as session:
        assert session.query(Mark).count() == 1
        assert queries.supporters(session, mark) == 1
    assert client.post("/n/here/marks/new", data=form_of(place, join="M-NONE")).status_code in (
        404,
        409,
        422,
    )


def test_form_when_none_of_these_then_a_mark_of_its_own(
    app: Flask, mark: Mark, place: NamedPlace, database: Database
) -> None:
    answer = browser(app).post("/n/here/marks/new", data=form_of(place, asked="1", join="none"))
    assert "/thanks/" in answer.location
    with database.read() as session:
        assert session.query(Mark).count() == 2


def answer_case(database: Database, stage: Stage, mark: Mark) -> None:
    with database.write() as session:
        case = session.get_one(Mark, mark.id).case
        routing.draft_reply(
            session,
            actor=stage.drafter,
            now=NOW,
            case=case,
            answer=routing.Answer(Outcome.ADOPT, "十月底前划线，安排专人疏导。"),
        )


def test_again_when_a_supporter_asks_then_reopened_and_told_in_the_timeline(
    app: Flask, stage: Stage, mark: Mark, database: Database
) -> None:
    client = browser(app)
    press(client, mark, "endorse")
    assert "问题解决了吗？" not in page(client, mark)
    answer_case(database, stage, mark)
    assert "问题解决了吗？" in page(client, mark)
    assert "问题解决了吗？" not in page(browser(app), mark)
    short = press(client, mark, "ask-again", again="。")
    assert short.status_code == 422
    assert "问题解决了吗？" in short.get_data(as_text=True)
    later(app, days=3)
    asked = press(client, mark, "ask-again", again="线划了，车还是停满").get_data(as_text=True)
    assert "已请工作人员再看一看" in asked
    assert "重新办理" in asked
    assert "线划了" not in asked
    with database.read() as session:
        assert session.get_one(Mark, mark.id).case.state is CaseState.REOPENED
    desk = browser(app, stage.drafter.person_id)
    with database.read() as session:
        code = session.get_one(Mark, mark.id).case.code
    case = desk.get(f"/n/here/cases/{code}").get_data(as_text=True)
    assert "线划了，车还是停满" in case
    assert "1 人也这么说" in case
    assert "1 人也这么说" in desk.get("/n/here/tray").get_data(as_text=True)


def test_again_when_the_days_are_over_then_a_clear_line_and_refused(
    app: Flask, stage: Stage, mark: Mark, database: Database
) -> None:
    client = browser(app)
    press(client, mark, "endorse")
    answer_case(database, stage, mark)
    later(app, days=31)
    shown = page(client, mark)
    assert "请求重新办理的期限已过" in shown
    assert "还没解决，请再看看" not in shown
    refused = press(client, mark, "ask-again", again="车还是停满了整条巷子")
    assert refused.status_code == 409
    assert "已超过 30 天" in refused.get_data(as_text=True)


def test_again_when_a_stranger_posts_then_404(app: Flask, stage, mark, database) -> None:
    answer_case(database, stage, mark)
    assert press(browser(app), mark, "ask-again", again="车还是停满了").status_code == 404


def test_own_mark_when_looked_at_by_its_author_then_no_button(
    app: Flask, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        here = session.merge(stage.here)
        made = make_mark(session, here, at=SPOTS[1], actor=visitor(1))
        actions.endorse(session, actor=visitor(2), now=NOW, mark=made)
        receipt, code = made.receipt_hash, made.code
    client = browser(app)
    with client.session_transaction() as cookie:
        cookie["receipts"] = [receipt.hex()]
    shown = client.get(f"/n/here/marks/{code}").get_data(as_text=True)
    assert "1 人也这么说" in shown
    assert "我也是 +1" not in shown
    refused = client.post(f"/n/here/marks/{code}/endorse")
    assert refused.status_code == 409
    assert "这是您自己的意见" in refused.get_data(as_text=True)
