"""Photos by API: sent once, seen under the rights of their mark in every size, erased with it."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image

from planner.core.db import Database
from planner.marks import jobs
from planner.marks.terms import MarkStatus, MarkVerb
from tests.conftest import NOW
from tests.factories.marks import feature, make_mark, post
from tests.factories.photos import (
    SECRET,
    SPY,
    files,
    make_photo,
    photo_bytes,
    photo_stage,
    publish,
    put_photo,
    stored,
)
from tests.factories.stage import Stage, make_stage
from tests.factories.web import browser


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    return photo_stage(app, database)


@pytest.fixture
def sent(client, stage: Stage) -> dict:
    """A mark of this browser, sent with a secret."""
    return post(client, feature(secret=SECRET)).get_json()


def test_photo_when_put_then_kept_in_two_sizes_without_metadata(
    client, sent, tmp_path: Path
) -> None:
    photo = uuid4()
    answer = put_photo(client, sent["id"], photo, photo_bytes(size=(2000, 1000), orientation=6))
    assert answer.status_code == 201
    body = answer.get_json()
    assert set(body) == {"id", "small", "large", "width", "height"}
    assert (body["id"], body["width"], body["height"]) == (str(photo), 800, 1600)
    for size in ("small", "large"):
        seen = client.get(body[size])
        assert seen.status_code == 200
        assert seen.mimetype == "image/jpeg"
        assert seen.headers["Cache-Control"] == "no-store"
        assert SPY not in seen.data
        assert dict(Image.open(io.BytesIO(seen.data)).getexif()) == {}
    assert len(files(tmp_path)) == 2
    assert not any(SPY in each.read_bytes() for each in files(tmp_path))


def test_photo_when_put_again_then_200_and_nothing_more_is_kept(
    client, sent, tmp_path: Path
) -> None:
    photo, raw = uuid4(), photo_bytes()
    first = put_photo(client, sent["id"], photo, raw)
    again = put_photo(client, sent["id"], photo, raw)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    other = put_photo(client, sent["id"], photo, photo_bytes(size=(50, 50)))
    assert (other.status_code, other.get_json()["code"]) == (409, "photo_differs")
    assert len(files(tmp_path)) == 2


def test_photo_when_put_by_another_device_then_404_but_with_the_secret_taken(
    app: Flask, client, sent
) -> None:
    stranger, raw = browser(app), photo_bytes()
    assert put_photo(stranger, sent["id"], uuid4(), raw).status_code == 404
    wrong = {"Planner-Secret": "x" * 32}
    assert put_photo(stranger, sent["id"], uuid4(), raw, **wrong).status_code == 404
    right = {"Planner-Secret": SECRET}
    assert put_photo(stranger, sent["id"], uuid4(), raw, **right).status_code == 201
    assert put_photo(client, uuid4(), uuid4(), raw).status_code == 404


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 422, "photo_missing"),
        (b"no photo", 422, "photo_unreadable"),
        (photo_bytes()[:300], 422, "photo_unreadable"),
        (photo_bytes("PNG", size=(5_100, 5_000)), 422, "photo_too_many_pixels"),
    ],
)
def test_photo_when_it_is_none_then_said_and_nothing_is_kept(
    client, sent, database: Database, tmp_path: Path, raw: bytes, status: int, code: str
) -> None:
    answer = put_photo(client, sent["id"], uuid4(), raw)
    assert answer.status_code == status
    assert answer.get_json()["errors"]["photo"]["code"] == code
    assert stored(database) == []
    assert files(tmp_path) == []


def test_photo_when_too_heavy_then_413_before_it_is_read(client, sent) -> None:
    answer = put_photo(client, sent["id"], uuid4(), b"\xff" * (6 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "6 MB" in answer.get_json()["detail"]


def test_photo_when_of_another_type_or_from_another_site_then_refused(client, sent) -> None:
    address = f"/api/v1/neighborhoods/here/marks/{sent['id']}/photos/{uuid4()}"
    raw = photo_bytes()
    assert client.put(address, data=raw, content_type="text/plain").status_code == 400
    assert client.put(address, json={"a": 1}).status_code == 400
    foreign = {"Origin": "https://elsewhere.example"}
    answer = client.put(address, data=raw, content_type="image/jpeg", headers=foreign)
    assert answer.status_code == 403


def test_photos_when_sent_at_the_same_moment_then_no_more_than_allowed(
    app: Flask, sent, database: Database
) -> None:
    answers: list[int] = []

    def one(number: int) -> None:
        raw = photo_bytes(size=(64, 40 + number))
        head = {"Planner-Secret": SECRET}
        answers.append(put_photo(browser(app), sent["id"], uuid4(), raw, **head).status_code)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] * 4 + [422] * 3
    assert [photo.position for photo in stored(database)] == [1, 2, 3, 4]


def test_photo_when_one_id_races_with_itself_then_one_is_kept(
    app: Flask, sent, database: Database
) -> None:
    photo, raw, answers = uuid4(), photo_bytes(), []

    def one() -> None:
        head = {"Planner-Secret": SECRET}
        answers.append(put_photo(browser(app), sent["id"], photo, raw, **head).status_code)

    threads = [threading.Thread(target=one) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 200, 201]
    assert len(stored(database)) == 1


@pytest.mark.parametrize(
    ("verb", "public", "status"),
    [
        (None, True, 404),
        (MarkVerb.PUBLISH, True, 200),
        (MarkVerb.PUBLISH, False, 404),
        (MarkVerb.HOLD, True, 404),
        (MarkVerb.HIDE, True, 404),
    ],
)
def test_picture_when_a_stranger_asks_then_by_mark_and_consent_in_every_size(
    app: Flask, client, sent, database: Database, verb, public: bool, status: int
) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes(), public=public).get_json()
    if verb is not None:
        publish(database, sent["id"], verb)
    stranger = browser(app)
    for size in ("small", "large"):
        assert stranger.get(body[size]).status_code == status
        assert client.get(body[size]).status_code == 200
    listed = stranger.get("/api/v1/neighborhoods/here/marks").get_json()["features"]
    seen = [photo for each in listed for photo in each["properties"]["photos"]]
    assert bool(seen) == (status == 200)


def test_picture_when_withdrawn_or_hidden_after_publishing_then_gone_for_others(
    app: Flask, client, sent, stage: Stage, database: Database
) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    publish(database, sent["id"])
    stranger = browser(app)
    first = stranger.get(body["large"])
    assert first.headers["Cache-Control"] == "private, no-cache"
    kept = {"If-None-Match": first.headers["ETag"]}
    assert stranger.get(body["large"], headers=kept).status_code == 304
    publish(database, sent["id"], MarkVerb.HIDE)
    assert stranger.get(body["large"], headers=kept).status_code == 404


@pytest.mark.parametrize("tail", ["huge.jpg", "large.png", "../large.jpg", "large.jpg.jpg"])
def test_picture_when_the_size_is_none_then_404(client, sent, tail: str) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    assert client.get(body["large"].replace("large.jpg", tail)).status_code == 404


def test_picture_when_asked_under_another_marks_code_then_404(client, sent) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    other = post(client, feature(reason="另一条意见的内容")).get_json()
    code, wanted = sent["properties"]["code"], other["properties"]["code"]
    assert client.get(body["large"].replace(code, wanted)).status_code == 404


def test_photos_when_author_looks_then_on_page_list_and_own_data(client, sent) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes(), public=False).get_json()
    page = client.get(f"/n/here/marks/{sent['properties']['code']}").text
    assert body["small"] in page
    assert body["large"] in page
    assert "照片不公开" in page
    [own] = client.get("/n/here/mine.json").get_json()["marks"]
    assert own["photos"][0]["large"] == body["large"]
    assert own["photos"][0]["agreed_to_publish"] is False


def test_photo_when_its_author_deletes_it_then_gone_everywhere(
    app: Flask, client, sent, database: Database, tmp_path: Path
) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    address = body["large"].replace("/large.jpg", "/erase")
    assert browser(app).post(address).status_code == 404
    assert client.post(address).status_code == 303
    assert client.get(body["large"]).status_code == 404
    assert jobs.delete_files(database, str(tmp_path / "photos"), now=NOW) == 1
    assert files(tmp_path) == []


def test_mark_when_erased_then_its_photos_answer_404(client, sent) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    client.post(f"/n/here/marks/{sent['properties']['code']}/erase")
    assert client.get(body["small"]).status_code == 404
    late = put_photo(client, sent["id"], uuid4(), photo_bytes(), **{"Planner-Secret": SECRET})
    assert late.status_code == 404


def test_list_when_a_public_photo_is_there_then_a_thumbnail(
    app: Flask, client, sent, database: Database
) -> None:
    body = put_photo(client, sent["id"], uuid4(), photo_bytes()).get_json()
    publish(database, sent["id"])
    assert body["small"] in browser(app).get("/n/here/marks").text


def test_photo_when_of_another_neighborhood_then_404(
    app: Flask, database: Database, stage: Stage, tmp_path: Path
) -> None:
    with database.write() as session:
        there = make_stage(session, slug="there").here
        mark = make_mark(session, there)
        photo = make_photo(session, mark, tmp_path / "photos")
        mark.status = MarkStatus.PUBLISHED
        address = f"/marks/{mark.code}/photos/{photo.uuid}/large.jpg"
    assert browser(app).get(f"/n/there{address}").status_code == 200
    assert browser(app).get(f"/n/here{address}").status_code == 404
