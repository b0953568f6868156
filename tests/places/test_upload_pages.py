"""The office uploads a file, looks at it, takes it: by page, on both databases."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select

from planner.core.actor import Role
from planner.places import jobs, queries
from planner.places.models import BaseImport, GridRevision
from planner.places.terms import ImportState
from tests.factories import mapfiles
from tests.factories.accounts import make_staff
from tests.factories.marks import make_mark
from tests.factories.places import SOUTH, WEST, make_neighborhood, multi
from tests.factories.stage import make_stage
from tests.factories.web import browser, set_clock

from .test_importing import MAP, halves, many_houses


@pytest.fixture
def office(app, database):
    """A clerk's browser in a neighborhood `here` with marks, seats and a grid."""
    with database.write() as session:
        stage = make_stage(session)
        make_mark(session, stage.here, at=(118.7510, 32.0670))
        make_mark(session, stage.here, at=(118.7510, 32.0690))
        clerk = stage.clerk.person_id
    set_clock(app)
    return browser(app, clerk)


def send(client, path: Path, **form):
    data = {"target": "base", "crs": ""} | form
    with path.open("rb") as source:
        data["file"] = (io.BytesIO(source.read()), path.name)
    return client.post("/n/here/places/imports", data=data)


def read_all(app):
    services = app.extensions["planner"]
    while jobs.read_waiting(services.database, services.settings, services.clock()):
        pass


def page(client, answer) -> str:
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def state(database) -> ImportState:
    with database.read() as session:
        return session.scalars(select(BaseImport.state).order_by(BaseImport.id.desc())).first()


def test_upload_when_confirmed_then_on_the_map_and_the_file_is_forgotten(
    app, office, database, tmp_path
):
    sent = send(office, mapfiles.geojson(tmp_path / "底图.geojson", MAP), source="自绘")
    waiting = page(office, sent)
    assert "等待读取" in waiting
    assert "刷新查看" in waiting
    fragment = office.get(sent.location, headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="import"')
    read_all(app)
    ready = office.get(sent.location).text
    assert "读出了什么" in ready
    assert "1 个：不在街区附近" in re.sub(r"\s+", " ", ready).replace("1 个： ", "1 个：")
    assert 'class="import-map"' in ready
    done = office.post(f"{sent.location}/confirm")
    assert done.location == "/n/here/places"
    assert "已采用 2 个图形" in office.get(done.location).text
    with database.read() as session:
        held = session.scalars(select(BaseImport)).one()
        assert (held.state, held.content, held.result) == (ImportState.TAKEN, None, None)
        here = queries.neighborhood_by_slug(session, "here")
        assert {layer.code for layer, _ in queries.layers_of(session, here)} == {
            "底图.road",
            "底图.building",
        }
    assert office.post(f"{sent.location}/confirm").status_code == 409
    assert "已采用" in office.get(sent.location).text


def test_upload_when_dropped_then_the_map_is_as_before(app, office, database, tmp_path):
    sent = send(office, mapfiles.geojson(tmp_path / "a.geojson", MAP))
    assert office.post(f"{sent.location}/confirm").status_code == 409
    read_all(app)
    assert office.post(f"{sent.location}/drop").status_code == 303
    assert state(database) is ImportState.DROPPED
    with database.read() as session:
        assert queries.layers_of(session, queries.neighborhood_by_slug(session, "here")) == []


def test_upload_when_lines_are_wrong_then_the_page_names_them(app, office, tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("名称,经度,纬度\n甲,abc,32\n", "utf-8")
    sent = send(office, path, crs="wgs84")
    read_all(app)
    shown = office.get(sent.location).text
    assert "没有通过检查" in shown
    assert "第 2 行：坐标不是有效的数字。" in shown


def test_upload_when_the_datum_is_doubtful_then_somebody_must_vouch(
    app, office, database, tmp_path
):
    rows = [(mapfiles.in_datum(geom, "gcj02"), tags) for geom, tags in many_houses(18, 0.0011)]
    with database.write() as session:
        wide = shapely.box(WEST, SOUTH, WEST + 0.02, SOUTH + 0.02)
        queries.neighborhood_by_slug(session, "here").boundary = multi(wide)
    sent = send(office, mapfiles.geojson(tmp_path / "a.geojson", rows), target="buildings")
    read_all(app)
    shown = office.get(sent.location).text
    assert "我已核对坐标系" in shown
    assert "GCJ-02（高德、腾讯地图）" in shown
    refused = office.post(f"{sent.location}/confirm")
    assert refused.status_code == 422
    assert "坐标系存疑" in refused.text
    assert state(database) is ImportState.READY
    assert office.post(f"{sent.location}/confirm", data={"accept": "yes"}).status_code == 303


def test_grid_when_uploaded_then_the_marks_it_moves_are_counted_before(
    app, office, database, tmp_path
):
    path = mapfiles.geojson(tmp_path / "grid.geojson", halves())
    unsaid = send(office, path, target="grid")
    assert unsaid.status_code == 422
    assert "请填写这一项。" in unsaid.text
    sent = send(office, path, target="grid", reason="两格更合适")
    read_all(app)
    shown = re.sub(r"\s+", "", office.get(sent.location).text)
    assert "会换网格的意见</dt><dd>2</dd>" in shown
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(GridRevision)) == 1
    assert office.post(f"{sent.location}/confirm").status_code == 303
    with database.read() as session:
        assert session.scalar(select(func.max(GridRevision.number))) == 2


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"target": "nonsense"}, "请从列表中选择。"),
        ({"crs": "mars"}, "不认识这个坐标系"),
        ({"layer": "sky"}, "请从列表中选择。"),
    ],
)
def test_upload_when_a_choice_is_wrong_then_told_beside_it(office, tmp_path, form, words):
    answer = send(office, mapfiles.geojson(tmp_path / "a.geojson", MAP), **form)
    assert answer.status_code == 422
    assert words in answer.text


def test_upload_when_no_file_or_too_much_then_told_beside_the_file(office):
    answer = office.post("/n/here/places/imports", data={"target": "base"})
    assert (answer.status_code, "请选择文件。" in answer.text) == (422, True)
    answer = office.post(
        "/n/here/places/imports",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(21 << 20)},
    )
    assert (answer.status_code, "文件超过 20 MB。" in answer.text) == (413, True)


def test_upload_when_the_token_is_missing_then_refused(app, office, tmp_path):
    app.config["WTF_CSRF_ENABLED"] = True
    path = mapfiles.geojson(tmp_path / "a.geojson", MAP)
    assert send(office, path).status_code == 400


def test_large_bodies_when_sent_elsewhere_then_still_refused(office):
    big = {"organiser": "x" * 70_000}
    assert office.post("/n/here/places/settings", data=big).status_code == 413


ROUTES = [
    ("GET", ""),
    ("POST", "/settings"),
    ("POST", "/layers/x"),
    ("POST", "/imports"),
    ("GET", "/imports/{uuid}"),
    ("POST", "/imports/{uuid}/confirm"),
    ("POST", "/imports/{uuid}/drop"),
    ("GET", "/names"),
    ("POST", "/names"),
    ("POST", "/names/1/remove"),
    ("POST", "/names/masks"),
    ("POST", "/names/masks/1/remove"),
]


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_pages_when_asked_by_others_then_404_403_or_sign_in(
    app, office, database, tmp_path, method, route
):
    sent = send(office, mapfiles.geojson(tmp_path / "a.geojson", MAP))
    address = "/n/here/places" + route.format(uuid=sent.location.rsplit("/", 1)[1])
    with database.write() as session:
        there = make_neighborhood(session, slug="there", shift=0.01)
        strangers = make_staff(session, Role.STREET_OFFICE, there)
        here = queries.neighborhood_by_slug(session, "here")
        moderator = make_staff(session, Role.MODERATOR, here)
    foreign = browser(app, strangers.person_id)
    assert foreign.open(address, method=method).status_code == 404
    assert browser(app, moderator.person_id).open(address, method=method).status_code == 403
    visitor = browser(app).open(address, method=method)
    assert visitor.status_code == (303 if method == "GET" else 401)
    mine = address.replace("/n/here/", "/n/there/")
    if "{uuid}" in route:
        assert foreign.open(mine, method=method).status_code == 404
