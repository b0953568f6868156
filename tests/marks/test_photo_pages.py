"""Photos on pages: hidden and covered by moderators; sent with the form without script."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from planner.core.actor import Role
from planner.core.db import Database
from planner.marks import jobs
from planner.marks.models import Mark
from planner.marks.terms import PhotoStatus
from planner.places.models import Neighborhood
from tests.conftest import NOW
from tests.factories.accounts import make_staff
from tests.factories.marks import feature, post
from tests.factories.photos import (
    SECRET,
    files,
    photo_bytes,
    photo_stage,
    publish,
    put_photo,
    stored,
)
from tests.factories.stage import Stage
from tests.factories.web import browser


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    return photo_stage(app, database)


@pytest.fixture
def sent(client, stage: Stage) -> dict:
    """A mark of this browser, sent with a secret."""
    return post(client, feature(secret=SECRET)).get_json()


# --- the moderator


@pytest.fixture
def moderator(app: Flask, stage: Stage, database: Database):
    with database.write() as session:
        here = session.get_one(Neighborhood, stage.here.id)
        person = make_staff(session, Role.MODERATOR, here).person_id
    return browser(app, person)


def test_queue_when_a_mark_has_photos_then_each_leads_to_its_page(client, sent, moderator) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes(), public=False).get_json()
    address = f"/n/here/queue/{sent['properties']['code']}/photos/{body['id']}"
    page = moderator.get("/n/here/queue").text
    assert body["small"] in page
    assert address in page
    assert "居民没有同意公开" in moderator.get(address).text
    assert client.get(address).status_code == 303


def test_photo_when_hidden_by_the_moderator_then_404_for_others_until_shown(
    app: Flask, client, sent, moderator, database: Database
) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    publish(database, sent["id"])
    address = f"/n/here/queue/{sent['properties']['code']}/photos/{body['id']}"
    assert moderator.post(address, data={"verb": "hide"}).status_code == 303
    assert stored(database)[0].status is PhotoStatus.HIDDEN
    assert browser(app).get(body["small"]).status_code == 404
    assert client.get(body["small"]).status_code == 200
    assert moderator.post(address, data={"verb": "show"}).status_code == 303
    assert browser(app).get(body["small"]).status_code == 200
    assert moderator.post(address, data={"verb": "blow up"}).status_code == 422


def test_photo_when_covered_then_served_covered_and_no_original_is_left(
    client, sent, moderator, database: Database, tmp_path: Path
) -> None:
    raw = photo_bytes(size=(1000, 800))
    body = put_photo(client, sent["id"], uuid4(), raw).get_json()
    before = {each.name: each.read_bytes() for each in files(tmp_path)}
    address = f"/n/here/queue/{sent['properties']['code']}/photos/{body['id']}"
    box = {"left-1": "10", "top-1": "10", "width-1": "30", "height-1": "30"}
    assert moderator.post(address, data={"verb": "cover", **box}).status_code == 303
    assert stored(database)[0].covered_at == NOW
    for size, at in (("large", (250, 200)), ("small", (120, 96))):
        shown = Image.open(io.BytesIO(client.get(body[size]).data))
        assert all(abs(a - b) < 12 for a, b in zip(shown.getpixel(at), (98, 110, 107), strict=True))
    assert jobs.delete_files(database, str(tmp_path / "photos"), now=NOW) == 1
    after = {each.name: each.read_bytes() for each in files(tmp_path)}
    assert len(after) == 2
    assert set(after) & set(before) == set()


@pytest.mark.parametrize(
    "box",
    [
        {},
        {"left-1": "10"},
        {"left-1": "x", "top-1": "1", "width-1": "1", "height-1": "1"},
        {"left-1": "10", "top-1": "10", "width-1": "0", "height-1": "10"},
        {"left-1": "100", "top-1": "10", "width-1": "10", "height-1": "10"},
        {"left-1": "-1", "top-1": "1", "width-1": "1", "height-1": "1"},
    ],
)
def test_cover_when_the_area_is_none_then_said_and_the_numbers_stay(
    client, sent, moderator, database: Database, box: dict
) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    address = f"/n/here/queue/{sent['properties']['code']}/photos/{body['id']}"
    answer = moderator.post(address, data={"verb": "cover", **box})
    assert answer.status_code == 422
    assert "要遮住的范围不对" in answer.text
    assert stored(database)[0].covered_at is None
    if box.get("left-1") == "10":
        assert 'name="left-1" inputmode="numeric" maxlength="3" size="3" value="10"' in answer.text


# --- the form without script


def form(stage: Stage, database: Database, **over) -> dict:
    from planner.places.queries import named_places

    with database.read() as session:
        here = session.get_one(Neighborhood, stage.here.id)
        place = named_places(session, here)[0].id
    return {
        "key": str(uuid4()),
        "kind": "dislike",
        "place": str(place),
        "reason": "巷口停满了车",
        "topic": "parking",
        **over,
    }


def chosen(*raws: bytes) -> list:
    return [FileStorage(io.BytesIO(raw), f"IMG_{n}.jpg", "photos") for n, raw in enumerate(raws)]


def send_form(client, data: dict):
    """Encoded here, because the test client leaves its temporary file for a large body open."""
    boundary, body = encode_multipart(MultiDict(data))
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/n/here/marks/new", data=body, content_type=kind)


def test_form_when_photos_are_chosen_then_kept_with_the_mark(
    client, stage: Stage, database: Database
) -> None:
    photos = chosen(photo_bytes(), photo_bytes(size=(50, 60)))
    data = form(stage, database, photos=photos, public="1")
    assert send_form(client, data).status_code == 303
    assert [(each.position, each.is_public) for each in stored(database)] == [(1, True), (2, True)]


def test_form_when_consent_is_not_ticked_then_photos_are_not_public(
    client, stage: Stage, database: Database
) -> None:
    send_form(client, form(stage, database, photos=chosen(photo_bytes())))
    assert [each.is_public for each in stored(database)] == [False]
    assert 'name="public" value="1"><' in client.get("/n/here/marks/new?kind=dislike").text


def test_form_when_one_photo_is_none_then_said_and_words_are_kept(
    client, stage: Stage, database: Database
) -> None:
    data = form(stage, database, photos=chosen(photo_bytes(), b"no photo"), reason="写了很多的话")
    answer = send_form(client, data)
    assert answer.status_code == 422
    assert "这不是能识别的照片" in answer.text
    assert "写了很多的话" in answer.text
    assert stored(database) == []
    with database.read() as session:
        assert session.scalars(select(Mark)).all() == []


def test_form_when_too_many_or_too_heavy_then_said(
    client, stage: Stage, database: Database
) -> None:
    many = [photo_bytes(size=(40, 40 + n)) for n in range(5)]
    answer = send_form(client, form(stage, database, photos=chosen(*many)))
    assert (answer.status_code, "最多 4 张照片" in answer.text) == (422, True)
    heavy = b"\xff" * (6 * 1024 * 1024 + 1)
    answer = send_form(client, form(stage, database, photos=chosen(heavy)))
    assert (answer.status_code, "最大 6 MB" in answer.text) == (413, True)
    answer = send_form(client, form(stage, database, photos=chosen(*[heavy] * 5)))
    assert answer.status_code == 413
    assert stored(database) == []


def test_form_when_sent_twice_then_photos_are_kept_once(
    client, stage: Stage, database: Database
) -> None:
    data = form(stage, database)
    for _ in range(2):
        sent = send_form(client, {**data, "photos": chosen(photo_bytes())})
        assert sent.status_code == 303
    assert len(stored(database)) == 1


def test_form_when_the_store_is_away_then_the_mark_is_kept_and_it_is_said(
    client, stage: Stage, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir(exist_ok=True)
    for first in "0123456789abcdef":
        for second in "0123456789abcdef":
            (tmp_path / "photos" / (first + second)).write_bytes(b"in the way")
    answer = send_form(client, form(stage, database, photos=chosen(photo_bytes())))
    assert answer.status_code == 303
    assert "照片没有保存下来" in client.get(answer.headers["Location"]).text
    with database.read() as session:
        assert len(session.scalars(select(Mark)).all()) == 1
