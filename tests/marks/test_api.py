"""Posting marks as scripts do: exactly once, refused in words, and the same worker answers next."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from planner.core.clock import utc_now
from planner.core.db import Database
from planner.marks.models import Mark
from planner.places.models import Neighborhood
from planner.routing.models import Case
from tests.factories.marks import CENTRE, WORDS, feature, point, post
from tests.factories.places import EAST, NORTH, SOUTH, WEST
from tests.factories.stage import make_stage

API = "/api/v1/neighborhoods"


@pytest.fixture
def here(database: Database) -> str:
    with database.write() as session:
        return str(make_stage(session).here.slug)


def stored(database: Database, model: Any = Mark) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_post_when_new_then_201_with_receipt_location_and_case(client, here) -> None:
    key = uuid4()
    answer = post(client, key=key)
    body = answer.get_json()
    assert answer.status_code == 201
    assert answer.mimetype == "application/geo+json"
    assert answer.headers["Location"] == f"{API}/here/marks/{key}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["id"] == body["properties"]["id"] == str(key)
    assert body["geometry"] == point()
    assert body["properties"]["reason"] == WORDS
    assert body["properties"]["code"].startswith("M-")
    assert len(body["receipt_code"].replace("-", "")) == 15
    case = body["case"]
    assert set(case) == {
        "code",
        "state",
        "tier",
        "seat",
        "handling_unit",
        "explanation",
        "opinion_due_at",
        "reply_due_at",
    }
    assert (case["state"], case["tier"]) == ("open", "community")
    assert "分派规则" in case["explanation"]
    assert datetime.fromisoformat(case["reply_due_at"]).utcoffset() == timedelta(hours=8)
    assert client.get(answer.headers["Location"]).status_code == 200


def test_post_when_replayed_then_200_with_the_same_body(client, here, database) -> None:
    key = uuid4()
    first, again = post(client, key=key), post(client, key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert stored(database) == stored(database, Case) == 1


def test_post_when_the_answer_was_lost_and_no_cookie_kept_then_the_secret_shows_it(
    app: Flask, here: str, database: Database
) -> None:
    key, body = uuid4(), feature(secret="s" * 32)
    post(app.test_client(), body, key=key)  # the answer never arrived
    again = post(app.test_client(), body, key=key)
    assert again.status_code == 200
    assert again.get_json()["receipt_code"]
    assert stored(database) == 1


@pytest.mark.parametrize("secret", [None, "t" * 32])
def test_post_when_the_uuid_is_anothers_then_409_and_nothing_of_it(app, here, secret) -> None:
    key = uuid4()
    first = post(app.test_client(), feature(reason="别人绝不该看见的话"), key=key).get_json()
    answer = post(app.test_client(), feature(secret=secret), key=key)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "uuid_taken"
    text = answer.get_data(as_text=True)
    for hidden in ("别人绝不该", first["receipt_code"], first["properties"]["code"]):
        assert hidden not in text


def test_post_when_body_changed_then_409(client, here) -> None:
    key = uuid4()
    post(client, key=key)
    answer = post(client, feature(reason="换了别的几个字"), key=key)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "body_differs")


def test_post_when_erased_then_410_and_stays_so(client, here, database) -> None:
    key = uuid4()
    code = post(client, key=key).get_json()["properties"]["code"]
    assert client.post(f"/n/here/marks/{code}/erase").status_code == 303
    for _ in range(2):
        answer = post(client, key=key)
        assert (answer.status_code, answer.get_json()["code"]) == (410, "mark_erased")
    assert stored(database) == 1
    assert client.get(f"{API}/here/marks/{key}").status_code == 404


def test_post_when_it_claims_owner_status_or_tier_then_ignored(client, here) -> None:
    claims = {"status": "published", "tier": "total", "owner": 1, "seat": "total-1", "code": "M-1"}
    made = post(client, feature(**claims)).get_json()
    assert made["properties"]["status"] == "received"
    assert made["case"]["tier"] == "community"
    assert made["properties"]["code"] != "M-1"


def test_post_when_without_key_then_400(client, here) -> None:
    answer = client.post(f"{API}/here/marks", json=feature())
    assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_missing")


DEEP = b'{"type":"Feature","geometry":' + b"[" * 40_000 + b"]" * 20_000 + b"}"
PLAIN = json.dumps(feature()).encode()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"\xff\xfe{}", 400),
        (PLAIN.replace(b"parking", b"par\\u0000king"), 400),
        (PLAIN.replace(b"parking", b"par\x00king"), 400),
        (PLAIN.replace(b"parking", b"\\ud800"), 400),
        (PLAIN.replace(b"118.752", b"1" + b"0" * 400), 400),
        (PLAIN.replace(b"118.752", b"9223372036854775808"), 400),
        (PLAIN.replace(b"118.752", b"NaN"), 400),
        (PLAIN.replace(b"118.752", b"1e999"), 400),
        (PLAIN.replace(b"118.752", b"-Infinity"), 400),
        (PLAIN.replace(b'"kind"', b'"kind": "like", "kind"'), 400),
        (DEEP, 400),
        (b'{"a":' * 10_000, 400),
        (b'"' * 60_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"x":"' + b"a" * 70_000 + b'"}', 413),
    ],
)
def test_post_when_unreadable_then_refused_and_the_next_is_taken(
    client, here, database, raw, status
) -> None:
    answer = post(client, raw=raw)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert stored(database) == 0
    assert post(client).status_code == 201


def ring(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(each) for each in points]]}


A, B, C, D = (118.751, 32.067), (118.753, 32.067), (118.753, 32.069), (118.751, 32.069)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": []}, "geometry_points"),
        ({"type": "Point", "coordinates": [*CENTRE, 12.0]}, "geometry_height"),
        ({"type": "Point", "coordinates": [CENTRE[1], CENTRE[0]]}, "geometry_swapped"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "geometry_number"),
        ({"type": "Point", "coordinates": [0, 0]}, "geometry_far"),
        ({"type": "Point", "coordinates": [118.7600, 32.068]}, "outside_area"),
        ({"type": "MultiPoint", "coordinates": [list(CENTRE)]}, "geometry_type"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_type"),
        ({"type": "Circle"}, "geometry_type"),
        ("POINT(118 32)", "geometry_type"),
        ([1, 2], "geometry_type"),
        (None, "geometry_missing"),
        ({"type": "LineString", "coordinates": [list(A), list(A)]}, "geometry_flat"),
        ({"type": "LineString", "coordinates": [list(A)] * 501}, "geometry_too_many_points"),
        (ring(A, B, C, D), "geometry_open_ring"),
        (ring(A, B, D, C, A), "geometry_crossing"),
        (ring(A, A, A, A), "geometry_flat"),
        (ring(), "geometry_points"),
        (
            ring((WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH)),
            "geometry_too_wide",
        ),
        (
            {
                "type": "LineString",
                "coordinates": [
                    [118.7505 + 0.003 * (n % 2), 32.067 + 0.0001 * n] for n in range(25)
                ],
            },
            "geometry_too_long",
        ),
    ],
)
def test_post_when_geometry_is_wrong_then_422_in_words_and_the_next_is_taken(
    client, here, database, geometry, code
) -> None:
    with database.write() as session:
        place = session.scalars(select(Neighborhood)).one()
        place.settings = {"area_cap_m2": 100_000}
    body = feature()
    body["geometry"] = geometry
    answer = post(client, body)
    assert answer.status_code == 422
    wrong = answer.get_json()["errors"]["geometry"]
    assert wrong["code"] == code
    assert wrong["message"].endswith("。")
    assert "%(" not in wrong["message"]
    assert stored(database) == 0
    assert post(client).status_code == 201


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "LineString", "coordinates": [list(A), list(B), list(C)]},
        ring(A, B, C, D, A),
    ],
)
def test_post_when_line_or_area_then_it_comes_back_unchanged(client, here, shape) -> None:
    assert post(client, feature(shape)).get_json()["geometry"] == shape


def test_post_when_outside_the_window_then_refused_and_reading_works(
    client, here, database
) -> None:
    with database.write() as session:
        session.scalars(select(Neighborhood)).one().collecting_until = utc_now()
    answer = post(client)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "no_longer_collecting")
    assert "年" in answer.get_json()["detail"]
    assert client.get(f"{API}/here/marks").status_code == 200
    assert client.get(f"{API}/here").get_json()["collecting"]["open"] is False


def test_limit_when_a_device_sends_too_many_then_429_and_others_are_taken(app, here) -> None:
    busy = app.test_client()
    assert busy.get(f"{API}/here").status_code == 200
    statuses = [post(busy, feature(reason="x")).status_code for _ in range(61)]
    assert statuses == [422] * 60 + [429]
    last = post(busy)
    assert 0 < int(last.headers["Retry-After"]) <= 600
    assert post(app.test_client()).status_code == 201
