"""Downloads: rights, safe cells, own data; and no output that names a device, a secret or a person."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from planner.accounts.actions import create_token
from planner.accounts.models import Consent, Person
from planner.accounts.terms import ConsentKind
from planner.core.actor import SYSTEM, Role
from planner.core.clock import utc_now
from planner.core.db import Database
from planner.marks import actions, serializer
from planner.marks.models import Mark
from planner.marks.serializer import FIELDS, Reader
from planner.marks.terms import Channel, MarkVerb
from planner.places.models import Neighborhood
from tests.conftest import NOW
from tests.factories.accounts import make_staff
from tests.factories.marks import feature, make_mark, post
from tests.factories.stage import make_stage
from tests.factories.web import browser

HOSTILE = '=HYPERLINK("http://x","点我") 这样的话'
NEVER = {"device_hash", "secret_hash", "receipt_hash", "body_hash", "entered_by", "actor_ref"}


@pytest.fixture
def here(database: Database) -> str:
    with database.write() as session:
        stage = make_stage(session)
        make_mark(session, stage.here, reason=HOSTILE, secret="s" * 20, entered_by="person:7")
        make_mark(session, stage.here, published=False, channel=Channel.HOTLINE)
        return stage.here.slug


def table(client: Any, path: str = "/n/here/marks.csv", **headers: str) -> list[dict[str, str]]:
    text = client.get(path, headers=headers).get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_table_when_downloaded_then_chinese_headings_words_and_safe_cells(client, here) -> None:
    (row,) = table(client)
    assert row["具体原因"] == "'" + HOSTILE
    assert (row["种类"], row["公开情况"], row["设计师层级"]) == ("不喜欢", "已公开", "社区设计师")
    assert row["类别"] == "停车"
    assert row["图形"] == "POINT (118.752 32.068)"
    assert (row["经度"], row["纬度"]) == ("118.752", "32.068")
    assert "来源" not in row


def test_downloads_when_given_then_files_that_nobody_keeps(client, here) -> None:
    for kind, mimetype in (("csv", "text/csv"), ("geojson", "application/geo+json")):
        answer = client.get(f"/n/here/marks.{kind}")
        assert answer.mimetype == mimetype
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="here-marks.{kind}"'


def test_geojson_when_downloaded_then_a_collection_also_when_empty(client, here) -> None:
    found = json.loads(client.get("/n/here/marks.geojson").data)
    assert [each["properties"]["reason"] for each in found["features"]] == [HOSTILE]
    none = json.loads(client.get("/n/here/marks.geojson?kind=like").data)
    assert none == {"type": "FeatureCollection", "features": []}


def staff(database: Database, role: Role) -> int:
    """A person with this role here."""
    with database.write() as session:
        place = session.scalars(select(Neighborhood)).one()
        return make_staff(session, role, place).person_id or 0


def test_fields_when_read_by_the_public_then_no_staff_field() -> None:
    staff = {name for name, least in FIELDS.items() if least > Reader.PUBLIC}
    assert staff == {
        "received_at",
        "channel",
        "external_id",
        "declared_datum",
        "in_tolerance_strip",
    }
    assert not NEVER & set(FIELDS)
    assert set(serializer.csv_columns(Reader.PUBLIC)) & staff == set()


def test_outputs_when_searched_then_no_hash_secret_or_entering_person(
    app: Flask, here: str, database: Database
) -> None:
    client = app.test_client()
    made = post(client, feature(secret="t" * 20)).get_json()
    with database.read() as session:
        hidden = ["s" * 20, "t" * 20, "person:7"]
        for mark in session.scalars(select(Mark)):
            hidden += [
                value.hex()
                for value in (mark.device_hash, mark.secret_hash, mark.receipt_hash, mark.body_hash)
                if value
            ]
    uuid, code = made["id"], made["properties"]["code"]
    for path in (
        "/api/v1/neighborhoods/here/marks",
        f"/api/v1/neighborhoods/here/marks/{uuid}",
        "/api/v1/neighborhoods/here/marks/cells",
        "/n/here/marks.csv",
        "/n/here/marks.geojson",
        "/n/here/mine.json",
        "/n/here/marks",
        f"/n/here/marks/{code}",
    ):
        text = client.get(path).get_data(as_text=True)
        assert not any(value in text for value in hidden), path
        assert made["receipt_code"] not in text


def test_own_data_when_asked_by_its_device_then_everything_about_the_own_marks(
    app: Flask, here: str, database: Database
) -> None:
    client = app.test_client()
    made = post(client, feature(chips=["dp1"], reason="我自己写的话")).get_json()
    post(app.test_client(), feature(reason="别人写的话呀"))
    with database.write() as session:
        mark = session.scalars(select(Mark).where(Mark.code == made["properties"]["code"])).one()
        place = session.scalars(select(Neighborhood)).one()
        clerk = make_staff(session, Role.MODERATOR, place)
        given = {"actor": clerk, "now": NOW, "mark": mark}
        actions.redact(session, **given, words="隐去之后的话")
        actions.moderate(session, **given, verb=MarkVerb.HIDE, reason="内部的理由")
        consent = Consent(
            receipt_hash=mark.receipt_hash,
            kind=ConsentKind.CONTACT,
            is_given=True,
            text_version="1",
            at=NOW,
        )
        session.add(consent)
    answer = client.get("/n/here/mine.json")
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    (own,) = body["marks"]
    assert own["id"] == made["id"]
    assert own["properties"]["reason"] == "隐去之后的话"
    assert own["first_wording"] == "我自己写的话"
    assert own["chips"] == [{"code": "dp1", "text": "乱停堵了路"}]
    assert [act["status"] for act in own["publication"]] == ["hidden"]
    assert own["case"]["code"] == made["case"]["code"]
    assert [each["given"] for each in body["consents"]] == [True]
    text = answer.get_data(as_text=True)
    assert "别人写的话" not in text
    assert "内部的理由" not in text


def test_own_data_when_a_receipt_was_shown_then_also_on_another_device(app, here) -> None:
    made = post(app.test_client()).get_json()
    other = app.test_client()
    assert other.get("/n/here/mine.json").get_json()["marks"] == []
    assert other.get(f"/r/{made['receipt_code']}").status_code == 303
    (own,) = other.get("/n/here/mine.json").get_json()["marks"]
    assert own["id"] == made["id"]


def test_downloads_when_the_office_asks_then_unpublished_marks_and_staff_fields(
    app: Flask, here: str, database: Database
) -> None:
    rows = table(browser(app, staff(database, Role.STREET_OFFICE)))
    assert {row["公开情况"] for row in rows} == {"已公开", "待审核"}
    assert {row["来源"] for row in rows} == {"网页", "热线"}


def test_list_when_a_script_of_the_office_asks_then_unpublished_marks_too(
    app: Flask, here: str, database: Database
) -> None:
    person_id = staff(database, Role.STREET_OFFICE)
    with database.write() as session:
        person = session.get_one(Person, person_id)
        token = create_token(
            session, actor=SYSTEM, now=utc_now(), person=person, label="脚本", days=1
        )
    path, headers = "/api/v1/neighborhoods/here/marks", {"Authorization": f"Bearer {token}"}
    listed = app.test_client().get(path, headers=headers).get_json()
    assert {each["properties"]["channel"] for each in listed["features"]} == {"web", "hotline"}
    wrong = app.test_client().get(path, headers={"Authorization": "Bearer nonsense"})
    assert wrong.status_code == 401
    assert app.test_client().get(path).get_json()["total"] == 1
