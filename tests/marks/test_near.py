"""What lies near, by API: similar marks, reasons ranked by place, 我也是; the same on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.marks import actions
from planner.marks.models import Mark
from planner.marks.rules import ranked_chips, voices
from planner.marks.terms import MarkVerb
from planner.routing.terms import MarkKind
from tests.conftest import NOW
from tests.factories.marks import make_mark, visitor
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import browser, set_clock

API = "/api/v1/neighborhoods/here"
LON, LAT = SPOTS[3]
METRE = 1 / 111_200
"""One metre in degrees of latitude."""
HOSTILE = '<img src=x onerror="alert(1)">停满了车'


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    set_clock(app)
    with database.write() as session:
        return make_stage(session)


def put(database: Database, stage: Stage, metres: float, **over: Any) -> UUID:
    """A published mark of PUB01 so many metres north of the spot."""
    with database.write() as session:
        here = session.merge(stage.here, load=True)
        given = {"topic": "PUB01", "actor": visitor(50)} | over
        return make_mark(session, here, at=(LON, LAT + metres * METRE), **given).uuid


def near(client: FlaskClient, **over: Any) -> Any:
    args = {"lon": LON, "lat": LAT, "kind": "dislike", "chip": "dp1"} | over
    return client.get(f"{API}/marks/near", query_string={k: v for k, v in args.items() if v})


def test_near_when_similar_ones_lie_within_20_m_then_nearest_first(client, stage, database) -> None:
    far, close = put(database, stage, 15), put(database, stage, 4, reason=HOSTILE)
    put(database, stage, 30)
    put(database, stage, 5, kind=MarkKind.IMPROVE)
    put(database, stage, 5, topic="green")
    put(database, stage, 5, published=False)
    found = near(client).get_json()
    assert (found["within_m"], found["total"]) == (20, 2)
    assert [each["id"] for each in found["marks"]] == [str(close), str(far)]
    assert found["marks"][0] == {
        "id": str(close),
        "code": found["marks"][0]["code"],
        "kind": "dislike",
        "reason": HOSTILE,
        "place": "",
        "distance_m": 4,
        "supporters": 0,
        "photo": None,
    }
    by_topic = near(client, chip="", topic="parking").get_json()
    assert by_topic == found


def test_near_when_many_then_five_and_the_whole_number(client, stage, database) -> None:
    for metres in range(7):
        put(database, stage, metres)
    found = near(client).get_json()
    assert (found["total"], len(found["marks"])) == (7, 5)


def test_near_when_a_line_passes_then_its_nearest_point_counts(client, stage, database) -> None:
    line = [[LON - 0.0005, LAT + 3 * METRE], [LON + 0.0005, LAT + 3 * METRE]]
    put(database, stage, 0, geometry={"type": "LineString", "coordinates": line})
    assert [each["distance_m"] for each in near(client).get_json()["marks"]] == [3]


def test_near_when_it_is_the_own_mark_then_left_out(app, stage, database) -> None:
    client = browser(app)
    put(database, stage, 3)
    assert near(client).get_json()["total"] == 1
    with database.write() as session:
        mark = session.scalars(select(Mark)).one()
        mark.device_hash = None
        receipt = mark.receipt_hash
    with client.session_transaction() as cookie:
        cookie["receipts"] = [receipt.hex()]
    assert near(client).get_json()["total"] == 0


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"lon": "x"}, "lon"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "0"}, "lat"),
        ({"kind": "love"}, "kind"),
        ({"chip": "nothing"}, "chips"),
        ({"chip": "", "topic": "nothing"}, "topic"),
        ({"chip": ""}, "topic"),
        ({"chip": "x" * 41}, "chip"),
    ],
)
def test_near_when_a_part_cannot_be_meant_then_named(client, stage, over, field) -> None:
    answer = near(client, **over)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_near_and_chips_when_asked_then_at_most_six_statements(client, stage, database) -> None:
    for metres in range(7):
        put(database, stage, metres)
    near(client)
    counted: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            counted.append(statement)

    event.listen(database.engine, "before_cursor_execute", watch)
    for ask in (near, chips):
        counted.clear()
        assert ask(client).status_code == 200
        assert 0 < len(counted) <= 6, counted
    event.remove(database.engine, "before_cursor_execute", watch)


def chips(client: FlaskClient, kind: str = "improve") -> Any:
    return client.get(f"{API}/chips?kind={kind}&lon={LON}&lat={LAT}")


def test_chips_when_people_named_one_nearby_then_it_leads(client, stage, database) -> None:
    listed = chips(client).get_json()["chips"]
    assert set(listed) >= {"ip1", "ig1"}
    assert listed.index("ip1") < listed.index("ig1")
    put(database, stage, 60, kind=MarkKind.IMPROVE, topic=None, chips=("ig1",))
    put(database, stage, -150, kind=MarkKind.IMPROVE, topic=None, chips=("ip1",))
    put(database, stage, 1, kind=MarkKind.IMPROVE, topic=None, chips=("ip1",), published=False)
    ranked = chips(client).get_json()["chips"]
    assert ranked[0] == "ig1"
    assert sorted(ranked) == sorted(listed)


def test_ranked_chips_when_ordered_then_own_first_then_topic_then_list_and_help_last() -> None:
    given = [("help", "other", True), ("a", "x", False), ("b", "y", False), ("c", "y", False)]
    assert ranked_chips(given, Counter(), Counter()) == ["a", "b", "c", "help"]
    assert ranked_chips(given, Counter(c=1), Counter(y=1)) == ["c", "b", "a", "help"]


def test_voices_when_people_and_devices_mix_then_each_is_counted_once() -> None:
    a, b, c = b"a", b"b", b"c"
    assert voices([], [a]) == 0
    assert voices([(a, None), (a, None), (b, None)], [c]) == 2
    assert voices([(a, 1), (b, 1), (b, None)], [None]) == 1
    assert voices([(a, 1), (a, 2)], [c]) == 2
    assert voices([(a, 1), (b, 1), (c, None)], [a, c]) == 0
    assert voices([(None, 3)], [None]) == 1


def said(client: FlaskClient, uuid: UUID, method: str = "post") -> Any:
    return getattr(client, method)(f"{API}/marks/{uuid}/endorsements")


def test_endorsement_when_posted_again_and_taken_back_then_counted_as_promised(
    app: Flask, stage: Stage, database: Database
) -> None:
    uuid, client = put(database, stage, 3), browser(app)
    answers = [said(client, uuid), said(client, uuid), said(client, uuid, "delete")]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert [answer.get_json()["supporters"] for answer in answers] == [1, 1, 0]
    said(client, uuid)
    said(browser(app), uuid)
    shown = client.get(f"{API}/marks/{uuid}").get_json()
    assert shown["properties"]["supporters"] == 2
    listed = client.get(f"{API}/marks").get_json()["features"]
    assert [each["properties"]["supporters"] for each in listed] == [2]
    table = client.get("/n/here/marks.csv").get_data(as_text=True)
    assert "也这么说的人数" in table
    assert near(client).get_json()["marks"][0]["supporters"] == 2


def test_endorsement_when_hidden_or_unknown_or_staff_sees_it_then_refused(
    app: Flask, stage: Stage, database: Database
) -> None:
    uuid = put(database, stage, 3, published=False)
    assert said(browser(app), uuid).status_code == 404
    assert said(browser(app), uuid4()).status_code == 404
    refused = said(browser(app, stage.clerk.person_id), uuid)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_public")


def test_endorsement_when_from_another_site_then_refused(app, stage, database) -> None:
    uuid = put(database, stage, 3)
    answer = browser(app).post(
        f"{API}/marks/{uuid}/endorsements", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_endorsement_when_one_device_presses_without_end_then_held_back_and_others_go_on(
    app: Flask, stage: Stage, database: Database
) -> None:
    uuid, flood = put(database, stage, 3), browser(app)
    statuses = {said(flood, uuid).status_code for _ in range(61)}
    assert statuses == {201, 200, 429}
    assert said(browser(app), uuid).status_code == 201


def test_mark_when_hidden_after_endorsing_then_gone_from_near(client, stage, database) -> None:
    uuid = put(database, stage, 3)
    with database.write() as session:
        mark = session.scalars(select(Mark).where(Mark.uuid == uuid)).one()
        actions.moderate(
            session, actor=SYSTEM, now=NOW, mark=mark, verb=MarkVerb.HIDE, reason="不宜公开"
        )
    assert near(client).get_json() == {"within_m": 20, "total": 0, "marks": []}
