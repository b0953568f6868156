"""Reading neighborhoods and marks by the API: what is public, pages, cells, filters by name."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from planner.core.actor import SYSTEM
from planner.core.clock import utc_now
from planner.core.db import Database
from planner.marks import actions
from planner.marks.terms import MarkVerb
from planner.places.models import Neighborhood
from planner.routing.terms import MarkKind
from tests.factories.marks import make_mark, visitor
from tests.factories.stage import SPOTS, make_stage

API = "/api/v1/neighborhoods"


@pytest.fixture
def here(database: Database) -> str:
    with database.write() as session:
        return str(make_stage(session).here.slug)


def test_neighborhoods_when_listed_then_as_promised(client, here) -> None:
    listed = client.get(API).get_json()["neighborhoods"]
    assert [each["slug"] for each in listed] == ["here"]
    one = client.get(f"{API}/here").get_json()
    assert set(one) == {"slug", "name", "boundary", "topics", "collecting"}
    assert one["boundary"]["type"] == "MultiPolygon"
    assert one["topics"][0] == {"code": "parking", "label": "停车"}
    english = client.get(f"{API}/here", headers={"Accept-Language": "en"}).get_json()
    assert english["topics"][0] == {"code": "parking", "label": "Parking"}
    assert set(one["collecting"]) == {"open", "from", "until"}
    assert one["collecting"]["open"] is True


def test_list_when_marks_are_not_public_then_absent_everywhere(
    app: Flask, here: str, database: Database
) -> None:
    with database.write() as session:
        place = session.scalars(select(Neighborhood)).one()
        shown = make_mark(session, place, at=SPOTS[1])
        codes = {}
        for verb in (MarkVerb.HOLD, MarkVerb.HIDE, MarkVerb.WITHDRAW, None):
            mark = make_mark(session, place, at=SPOTS[1], published=verb is not None)
            if verb is MarkVerb.WITHDRAW:
                actions.withdraw(session, actor=visitor(), now=utc_now(), mark=mark)
            elif verb is not None:
                actions.moderate(
                    session, actor=SYSTEM, now=utc_now(), mark=mark, verb=verb, reason="不宜公开"
                )
            codes[mark.code] = mark.uuid
        shown_code = shown.code
    client = app.test_client()
    box = "118.7505,32.0665,118.7515,32.0675"
    for query in ("", f"?bbox={box}", "?status=held,hidden,withdrawn,received,published"):
        listed = client.get(f"{API}/here/marks{query}").get_json()
        assert [each["properties"]["code"] for each in listed["features"]] == [shown_code]
        assert listed["total"] == 1
        assert client.get(f"{API}/here/marks/cells{query}").get_json()["total"] == 1
        for kind in ("csv", "geojson"):
            text = client.get(f"/n/here/marks.{kind}{query}").get_data(as_text=True)
            assert shown_code in text
            assert not any(code in text for code in codes)
        page = client.get(f"/n/here/marks{query}").get_data(as_text=True)
        assert not any(code in page for code in codes)
    for code, uuid in codes.items():
        assert client.get(f"{API}/here/marks/{uuid}").status_code == 404
        assert client.get(f"/n/here/marks/{code}").status_code == 404


def test_list_when_turned_by_cursor_then_each_once(client, here, database) -> None:
    with database.write() as session:
        place = session.scalars(select(Neighborhood)).one()
        for kind in MarkKind:
            make_mark(session, place, kind=kind)
    first = client.get(f"{API}/here/marks?limit=2").get_json()
    rest = client.get(f"{API}/here/marks?limit=2&cursor={first['cursor']}").get_json()
    assert rest["cursor"] is None
    codes = [each["properties"]["code"] for each in first["features"] + rest["features"]]
    assert len(set(codes)) == 3
    assert first["total"] == rest["total"] == 3


WRONG = ["bbox=1", "kind=x", "since=x", "until=9999-12-31", "grid=²", "status=x", "tier=x"]
PAGING = ["limit=0", "limit=1001", "limit=²", "cursor=x", "cursor=99999999999999999999"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *[(f"{API}/here/marks", query) for query in WRONG + PAGING],
        *[(f"{API}/here/marks/cells", query) for query in [*WRONG, "zoom=23", "zoom=x"]],
        *[(f"/n/here/marks.{kind}", query) for kind in ("csv", "geojson") for query in WRONG],
    ],
)
def test_filters_when_wrong_then_422_named(client, here, path, query) -> None:
    answer = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {query.split("=")[0]}


@pytest.mark.parametrize(
    "path",
    [
        f"{API}/%00/marks",
        f"{API}/here/marks?topic=%00",
        f"{API}/here/marks?q=%00",
        "/n/here/marks?q=a%00b",
        "/n/here/marks/%00",
        "/r/%00",
    ],
)
def test_addresses_when_they_hold_a_nul_then_400(client, here, path) -> None:
    assert client.get(path).status_code == 400


def test_signs_of_patterns_when_searched_then_literal(client, here, database) -> None:
    with database.write() as session:
        place = session.scalars(select(Neighborhood)).one()
        make_mark(session, place, reason="一百分之%的话")
        make_mark(session, place, reason="没有那个符号")
    for sign, number in (("%25", 1), ("_", 0), ("%5C", 0), ("%25%25", 0)):
        assert client.get(f"{API}/here/marks?q={sign}").get_json()["total"] == number


def test_cells_when_asked_then_lattice_counts_and_zoom(client, here, database) -> None:
    with database.write() as session:
        place = session.scalars(select(Neighborhood)).one()
        for number, spot in SPOTS.items():
            make_mark(session, place, at=spot, kind=list(MarkKind)[number % 3])
    answer = client.get(f"{API}/here/marks/cells?zoom=17").get_json()
    assert answer["total"] == 4
    assert answer["zoom"] == 17
    for cell in answer["cells"]:
        assert set(cell) == {"id", "lon", "lat", "like", "dislike", "improve"}
        assert cell["id"].startswith("17/")
    assert client.get(f"{API}/here/marks/cells?zoom=0").get_json()["total"] == 4
    assert client.get(f"{API}/here/marks/cells?zoom=23").status_code == 422
