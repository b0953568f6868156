"""Residents' pages without script: list, map, export and API agree; form, receipt, one mark."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.core.codes import receipt_code
from planner.core.db import Database
from planner.marks.models import Mark, Wording
from planner.places.models import Neighborhood
from planner.routing.terms import MarkKind
from tests.conftest import NOW
from tests.factories.marks import KEY, make_mark
from tests.factories.places import make_named_place, make_neighborhood
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import browser, set_clock

LIST, MAP = "/n/here/marks", "/n/here/"
BOX = "118.7500,32.0660,118.7520,32.0680"
"""The south-west quarter: grid cell 1."""


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    set_clock(app)
    with database.write() as session:
        made = make_stage(session)
        make_named_place(session, made.here, "百步广场", *SPOTS[2], kind="facility")
        return made


@pytest.fixture
def crowd(stage: Stage, database: Database) -> list[Mark]:
    """Nine marks of every kind, topic and cell; the last one is not published."""
    kinds = (MarkKind.LIKE, MarkKind.DISLIKE, MarkKind.IMPROVE)
    topics = ("parking", "green", "overall")
    with database.write() as session:
        return [
            make_mark(
                session,
                stage.here,
                at=SPOTS[1 + i % 4],
                kind=kinds[i % 3],
                topic=topics[i // 3],
                reason=f"第{i}条：下班以后停满了车",
                now=NOW - timedelta(days=i),
                published=i != 8,
            )
            for i in range(9)
        ]


def codes_of(page: str) -> list[str]:
    return re.findall(r'class="row-link" href="/n/here/marks/(M-\w+)"', page)


def config_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="map-config">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found.group(1))


QUERIES = [
    "",
    "kind=like",
    "kind=like,improve",
    "topic=parking",
    "tier=street",
    "grid=3",
    "since=2026-09-18&until=2026-09-20",
    "q=第2条",
    f"bbox={BOX}",
    f"kind=dislike&bbox={BOX}",
    "status=received",
    "status=published&tier=community&grid=1&kind=like",
]


@pytest.mark.parametrize("staff", [False, True])
@pytest.mark.parametrize("query", QUERIES)
def test_filters_when_given_then_list_map_export_and_api_agree(
    app: Flask, stage: Stage, crowd: list[Mark], query: str, staff: bool
) -> None:
    client = browser(app, stage.clerk.person_id if staff else None)
    page = client.get(f"{LIST}?{query}").text
    listed = sorted(codes_of(page))
    api = client.get(f"/api/v1/neighborhoods/here/marks?{query}").json
    table = csv.DictReader(
        io.StringIO(client.get(f"/n/here/marks.csv?{query}").text.lstrip("\ufeff"))
    )
    download = client.get(f"/n/here/marks.geojson?{query}").json
    config = config_of(client.get(f"{MAP}?{query}").text)
    shown = client.get(
        "/api/v1/neighborhoods/here/marks",
        query_string={**config["filters"], "bbox": ",".join(map(str, config["box"] or [])) or None},
    ).json
    cells = client.get(f"/api/v1/neighborhoods/here/marks/cells?{query}&zoom=16").json
    assert listed == sorted(f["properties"]["code"] for f in api["features"])
    assert listed == sorted(row["编号"] for row in table)
    assert listed == sorted(f["properties"]["code"] for f in download["features"])
    assert listed == sorted(f["properties"]["code"] for f in shown["features"])
    assert len(listed) == api["total"] == config["total"] == cells["total"]
    assert f"共 {len(listed)} 条" in page


def test_filters_when_compared_then_they_do_narrow(client: FlaskClient, crowd: list[Mark]) -> None:
    numbers = {query: len(codes_of(client.get(f"{LIST}?{query}").text)) for query in QUERIES}
    assert numbers[""] == 8
    assert numbers["kind=like"] == 3
    assert numbers["topic=parking"] == 3
    assert numbers[f"bbox={BOX}"] == 2
    assert numbers["status=received"] == 0


def test_list_when_a_filter_cannot_be_read_then_named_beside_its_field(
    client: FlaskClient, crowd: list[Mark]
) -> None:
    answer = client.get(f"{LIST}?since=gestern&kind=like")
    assert answer.status_code == 200
    assert 'value="gestern"' in answer.text
    assert "请填写日期" in answer.text


def test_list_when_empty_then_it_invites(client: FlaskClient, stage: Stage) -> None:
    assert "还没有公开的意见" in client.get(LIST).text
    assert "没有符合条件的意见" in client.get(f"{LIST}?q=无").text


def test_list_when_there_are_many_then_paged_and_filters_kept(
    client: FlaskClient, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        for i in range(31):
            make_mark(session, stage.here, reason=f"第{i:02}条停车的事")
    page = client.get(f"{LIST}?kind=dislike").text
    assert len(codes_of(page)) == 30
    assert "kind=dislike&amp;page=2" in page
    assert len(codes_of(client.get(f"{LIST}?kind=dislike&page=2").text)) == 1


def test_list_when_of_another_neighborhood_then_only_its_own(
    client: FlaskClient, crowd: list[Mark], database: Database
) -> None:
    with database.write() as session:
        make_neighborhood(session, slug="there", shift=0.1)
    assert "还没有公开的意见" in client.get("/n/there/marks").text
    assert client.get(f"/n/there/marks/{crowd[0].code}").status_code == 404


def test_mark_when_unpublished_then_404_for_others_and_open_for_its_owner(
    client: FlaskClient, crowd: list[Mark]
) -> None:
    hidden = crowd[8]
    assert client.get(f"{LIST}/{hidden.code}").status_code == 404
    typed = receipt_code(KEY, hidden.uuid).lower().replace("-", " ")
    opened = client.post("/r", data={"code": typed})
    assert opened.headers["Location"].endswith(f"/marks/{hidden.code}")
    assert "这是您的意见" in client.get(opened.headers["Location"]).text
    assert hidden.code in client.get("/n/here/mine").text


def test_receipt_when_unknown_then_said_beside_the_field_and_kept(client: FlaskClient) -> None:
    answer = client.post("/r", data={"code": "ABCDE-12345-FGHJK"})
    assert answer.status_code == 404
    assert 'value="ABCDE-12345-FGHJK"' in answer.text
    assert "没有找到这个回执码" in answer.text


def form_of(client: FlaskClient, stage: Stage, **over: Any) -> dict[str, Any]:
    page = client.get(f"{LIST}/new?kind=dislike").text
    place = re.search(r'<option value="(\d+)">百步广场', page)
    assert place
    return {"key": str(uuid4()), "kind": "dislike", "place": place.group(1), "chips": "dp1"} | over


def test_form_when_sent_twice_then_one_mark_and_the_same_receipt(
    client: FlaskClient, stage: Stage, database: Database
) -> None:
    given = form_of(client, stage)
    first, again = (client.post(f"{LIST}/new", data=given) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    page = client.get(first.headers["Location"]).text
    assert "请保存回执码" in page
    assert "<svg" in page
    with database.read() as session:
        assert session.query(Mark).count() == 1


@pytest.mark.parametrize(
    ("over", "field", "words"),
    [
        ({"place": ""}, "place", "请选择地点"),
        ({"place": "999999"}, "place", "请选择地点"),
        ({"chips": []}, "chips", "请选一个原因"),
        ({"chips": [], "reason": "好"}, "reason", ""),
        ({"chips": ["nope"]}, "chips", "请从列表中选择原因"),
        ({"kind": "hate"}, "kind", "请选择：喜欢"),
        ({"key": "x"}, "", "Idempotency-Key"),
    ],
)
def test_form_when_wrong_then_named_beside_and_nothing_stored(
    client: FlaskClient, stage: Stage, database: Database, over: Any, field: str, words: str
) -> None:
    given = form_of(client, stage, **{"reason": "写好的话"} | over)
    if over.get("chips") == [] and "reason" not in over:
        given["reason"] = ""
    answer = client.post(f"{LIST}/new", data=given)
    assert answer.status_code in (400, 422)
    assert words in answer.text
    if given["reason"] and field != "kind":
        assert given["reason"] in answer.text
    with database.read() as session:
        assert session.query(Mark).count() == 0


def test_form_when_only_words_are_given_then_sorted_by_us(
    client: FlaskClient, stage: Stage, database: Database
) -> None:
    given = form_of(client, stage, kind="improve", chips=[], reason="说不清哪一类的事")
    assert client.post(f"{LIST}/new", data=given).status_code == 303
    with database.read() as session:
        mark = session.query(Mark).one()
        assert (mark.public_topic_code, mark.topic_code) == ("overall", None)


@pytest.mark.parametrize("days", [-1, 1])
def test_form_when_outside_the_window_then_it_says_when(
    client: FlaskClient, stage: Stage, database: Database, days: int
) -> None:
    given = form_of(client, stage)
    with database.write() as session:
        here = session.get_one(Neighborhood, stage.here.id)
        if days < 0:
            here.collecting_until = NOW + timedelta(days=days)
        else:
            here.collecting_from = NOW + timedelta(days=days)
    words = "2026年9月20日" if days < 0 else "2026年9月22日"
    assert words in client.get(f"{LIST}/new").text
    english = client.get(f"{LIST}/new?lang=en").text
    assert ("20 Sep 2026 10:00" if days < 0 else "22 Sep 2026 10:00") in english
    refused = client.post(f"{LIST}/new", data=given)
    assert refused.status_code == 422
    assert words in refused.text
    assert client.get(LIST).status_code == 200


def test_author_when_rewriting_too_short_then_beside_the_field_and_kept(
    client: FlaskClient, stage: Stage, database: Database
) -> None:
    made = client.post(f"{LIST}/new", data=form_of(client, stage))
    assert made.status_code == 303
    with database.read() as session:
        code = session.query(Mark).one().code
    answer = client.post(f"{LIST}/{code}/rewrite", data={"words": "好"})
    assert answer.status_code == 422
    assert ">好</textarea>" in answer.text
    assert client.post(f"{LIST}/{code}/rewrite", data={"words": "改成这样说"}).status_code == 303
    assert "改成这样说" in client.get(f"{LIST}/{code}").text


def test_author_when_erasing_then_words_are_gone_for_everybody(
    client: FlaskClient, stage: Stage, database: Database
) -> None:
    client.post(f"{LIST}/new", data=form_of(client, stage, reason="要删掉的话"))
    with database.read() as session:
        code = session.query(Mark).one().code
    assert client.post(f"{LIST}/{code}/erase").status_code == 303
    with database.read() as session:
        assert session.query(Wording).count() == 0
    assert client.get(f"{LIST}/{code}").status_code == 404


def test_stranger_when_using_an_authors_verb_then_404(
    app: Flask, stage: Stage, crowd: list[Mark]
) -> None:
    other = browser(app)
    for verb in ("rewrite", "add", "withdraw", "erase"):
        assert (
            other.post(f"{LIST}/{crowd[0].code}/{verb}", data={"words": "别人的手"}).status_code
            == 404
        )


def test_poster_when_followed_then_map_and_form_carry_its_code(
    client: FlaskClient, stage: Stage, database: Database
) -> None:
    from tests.factories.places import make_poster

    with database.write() as session:
        make_poster(session, session.get_one(Neighborhood, stage.here.id), code="p7")
    opened = client.get("/p/p7")
    page = client.get(opened.headers["Location"]).text
    assert config_of(page)["poster"] == "p7"
    assert '<input type="hidden" name="poster" value="p7">' in page


def test_start_when_there_is_nothing_and_something_then_said(
    client: FlaskClient, database: Database
) -> None:
    assert "还没有街区" in client.get("/").text
    with database.write() as session:
        make_neighborhood(session, slug="demo", name="样板街区", is_demo=True)
    page = client.get("/").text
    assert "样板街区" in page
    assert "示意" in page


def test_receipt_picture_when_fetched_then_an_image_of_its_own(
    client: FlaskClient, crowd: list[Mark]
) -> None:
    answer = client.get(f"/n/here/thanks/{receipt_code(KEY, crowd[0].uuid)}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in answer.data
    assert client.get("/n/here/thanks/ABCDE-12345-FGHJK").status_code == 404
