"""The office's other pages: settings, layers, names, masks; and the administrator's new neighborhood."""

from __future__ import annotations

import io

import pytest
import shapely
from sqlalchemy import select

from planner.accounts.models import HandlingUnit, Seat
from planner.core.actor import Role
from planner.places import queries
from planner.places.models import BaseLayer, NamedPlace, Neighborhood, RestrictedArea
from planner.routing.queries import active_rules, catalogue_of
from tests.factories import mapfiles
from tests.factories.accounts import make_staff
from tests.factories.places import make_neighborhood
from tests.factories.web import browser, set_clock

from .conftest import take
from .test_importing import MAP

HERE = "/n/here/places"


@pytest.fixture
def office(app, database):
    """A clerk's browser in a neighborhood `here` with a painted map."""
    with database.write() as session:
        here = make_neighborhood(session)
        take(session, here, MAP, code="osm", source="自绘")
        clerk = make_staff(session, Role.STREET_OFFICE, here).person_id
    set_clock(app)
    return browser(app, clerk)


@pytest.fixture
def admin(app, database):
    with database.write() as session:
        person = make_staff(session, Role.ADMIN, None).person_id
    set_clock(app)
    return browser(app, person)


def stored(database) -> Neighborhood:
    with database.read() as session:
        return queries.neighborhood_by_slug(session, "here")


SETTINGS = {
    "organiser": "示例街道办",
    "collecting_from": "2026-10-01T08:00",
    "collecting_until": "2026-10-31T20:00",
    "tolerance_m": "25",
    "reply_days": "10",
}


def test_settings_when_saved_then_stored_in_local_time_and_the_rest_stays(office, database):
    answer = office.post(f"{HERE}/settings", data=SETTINGS)
    assert answer.status_code == 303
    held = stored(database)
    assert held.collecting_from.isoformat() == "2026-10-01T00:00:00+00:00"
    settings = queries.settings_of(held)
    assert (settings.organiser, settings.reply_days, held.tolerance_m) == ("示例街道办", 10, 25)
    assert settings.map_source == "自绘"
    assert not settings.review_before_publication
    shown = office.get(HERE).text
    assert 'value="2026-10-01T08:00"' in shown


def test_settings_when_several_are_wrong_then_each_is_told_and_what_was_typed_stays(
    office, database
):
    wrong = SETTINGS | {"tolerance_m": "viel", "reply_days": "999", "collecting_from": "bald"}
    answer = office.post(f"{HERE}/settings", data=wrong)
    assert answer.status_code == 422
    assert 'id="e-tolerance_m"' in answer.text
    assert 'value="viel"' in answer.text
    assert 'id="e-collecting_from"' in answer.text
    limits = office.post(f"{HERE}/settings", data=SETTINGS | {"reply_days": "999"})
    assert (limits.status_code, 'id="e-reply_days"' in limits.text) == (422, True)
    order = office.post(
        f"{HERE}/settings", data=SETTINGS | {"collecting_until": "2026-09-30T08:00"}
    )
    assert 'id="e-collecting_until"' in order.text
    assert stored(database).tolerance_m == 30


def test_layer_when_hidden_and_moved_then_the_map_changes(office, database):
    with database.read() as session:
        code = session.scalars(select(BaseLayer.code).order_by(BaseLayer.id)).first()
    before = stored(database).epoch
    tag = office.get("/n/here/base.geojson").headers["ETag"]
    answer = office.post(f"{HERE}/layers/{code}", data={"position": "7"})
    assert answer.status_code == 303
    assert stored(database).epoch == before + 1
    again = office.get("/n/here/base.geojson", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag
    with database.read() as session:
        held = session.scalars(select(BaseLayer).where(BaseLayer.code == code)).one()
        assert (held.is_visible, held.position) == (False, 7)
    assert office.post(f"{HERE}/layers/{code}", data={"position": "x"}).status_code == 422
    assert office.post(f"{HERE}/layers/nothing", data={"position": "1"}).status_code == 422


NAME = {"name": "老槐树", "kind": "facility", "lon": "118.752", "lat": "32.068", "crs": "wgs84"}


def test_name_when_added_then_found_without_network_and_removed_again(office, database):
    assert office.post(f"{HERE}/names", data=NAME | {"aliases": "槐树根"}).status_code == 303
    assert ["老槐树", "facility", "槐树根", 118.752, 32.068] in office.get(
        "/n/here/places.json"
    ).json
    assert "老槐树" in office.get(f"{HERE}/names?q=槐树根").text
    assert "槐荫巷" not in office.get(f"{HERE}/names?q=槐树根").text
    with database.read() as session:
        number = session.scalars(select(NamedPlace.id).where(NamedPlace.name == "老槐树")).one()
    assert office.post(f"{HERE}/names/{number}/remove").status_code == 303
    assert office.post(f"{HERE}/names/{number}/remove").status_code == 404
    assert "老槐树" not in office.get("/n/here/places.json").get_data(as_text=True)


def test_name_when_typed_from_a_chinese_map_then_converted(office):
    office.post(f"{HERE}/names", data=NAME | {"lon": "118.7572", "lat": "32.0659", "crs": "gcj02"})
    row = next(row for row in office.get("/n/here/places.json").json if row[0] == "老槐树")
    assert row[3:] == [pytest.approx(118.752, abs=2e-4), pytest.approx(32.068, abs=2e-4)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "planet"}, "kind"),
        ({"lon": "abc"}, "lon"),
        ({"lon": "120"}, "lon"),
        ({"lat": ""}, "lat"),
        ({"lon": "nan"}, "lon"),
        ({"crs": "mars"}, "crs"),
    ],
)
def test_name_when_wrong_then_told_beside_the_field_and_kept(office, wrong, field):
    answer = office.post(f"{HERE}/names", data=NAME | wrong)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert 'value="32.068"' in answer.text or field == "lat"


def test_mask_when_added_then_pins_are_refused_with_its_words_and_later_not(office, database):
    mask = {"reason": "变电设施", "lon": "118.752", "lat": "32.068", "radius_m": "40"}
    assert office.post(f"{HERE}/names/masks", data=mask).status_code == 303
    assert "变电设施" in office.get(f"{HERE}/names").text
    with database.read() as session:
        here = queries.neighborhood_by_slug(session, "here")
        number = session.scalars(select(RestrictedArea.id)).one()
        with pytest.raises(Exception, match="restricted_area"):
            queries.locate(session, here, shapely.Point(118.7522, 32.068))
    wrong = office.post(f"{HERE}/names/masks", data=mask | {"radius_m": "9000"})
    assert (wrong.status_code, "半径请填 5 至 200 米。" in wrong.text) == (422, True)
    assert office.post(f"{HERE}/names/masks/{number}/remove").status_code == 303
    with database.read() as session:
        assert session.scalars(select(RestrictedArea.id)).all() == []


def test_lists_when_of_another_neighborhood_then_out_of_reach(office, database):
    with database.write() as session:
        there = make_neighborhood(session, slug="there", shift=0.01)
        point = queries.named_places(session, queries.neighborhood_by_slug(session, "here"))[0].geom
        theirs = NamedPlace(neighborhood_id=there.id, name="别处", kind="lane", geom=point)
        mask = RestrictedArea(neighborhood_id=there.id, reason="别处", geom=there.boundary)
        session.add_all([theirs, mask])
        session.flush()
        numbers = theirs.id, mask.id
    assert "别处" not in office.get(f"{HERE}/names").text
    assert office.post(f"{HERE}/names/{numbers[0]}/remove").status_code == 404
    assert office.post(f"{HERE}/names/masks/{numbers[1]}/remove").status_code == 404


def found(client, boundary, **form):
    data = {"name": "新街区", "slug": "xin", "crs": ""} | form
    if boundary is not None:
        data["file"] = (io.BytesIO(boundary), "b.geojson")
    return client.post("/neighborhoods/new", data=data)


def boundary_file(tmp_path, datum="wgs84") -> bytes:
    area = shapely.box(118.76, 32.05, 118.77, 32.06)
    rows = [(mapfiles.in_datum(area, datum), {"name": "范围"})]
    return mapfiles.geojson(tmp_path / "b.geojson", rows).read_bytes()


def test_founding_when_a_boundary_is_given_then_everything_stands_ready(admin, database, tmp_path):
    assert "新建街区" in admin.get("/neighborhoods/new").text
    answer = found(admin, boundary_file(tmp_path, "gcj02"), crs="gcj02", office="示例街道办")
    assert answer.location == "/n/xin/places"
    assert admin.get("/n/xin/places").status_code == 200
    with database.read() as session:
        made = queries.neighborhood_by_slug(session, "xin")
        west, south, *_ = queries.extent_of(made, 0)
        assert (west, south) == (pytest.approx(118.76, abs=1e-6), pytest.approx(32.05, abs=1e-6))
        assert catalogue_of(session, made.id) is not None
        assert active_rules(session, made.id) is not None
        seats = session.scalars(select(Seat).where(Seat.neighborhood_id == made.id)).all()
        assert len(seats) == 21
        assert all(not seat.appointments for seat in seats)
        units = session.scalars(select(HandlingUnit.code)).all()
        assert "residents_committee" in units


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"slug": "Nicht gut!"}, "地址只能用"),
        ({"name": " "}, "请填写这一项。"),
        ({"crs": "mars"}, "不认识这个坐标系"),
        ({"slug": "here"}, "这个地址已经有街区在用。"),
    ],
)
def test_founding_when_a_field_is_wrong_then_told_beside_it_and_nothing_is_made(
    admin, office, database, tmp_path, form, words
):
    answer = found(admin, boundary_file(tmp_path), **form)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    with database.read() as session:
        assert len(queries.neighborhoods(session)) == 1


def test_founding_when_the_boundary_is_no_area_or_crosses_then_told_beside_the_file(
    admin, tmp_path
):
    line = b'{"type":"LineString","coordinates":[[118.7,32.0],[118.8,32.1]]}'
    assert "请提供街区边界" in found(admin, line).text
    bow = b'{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}'
    assert "第 1 个图形：图形的边线交叉了，请重新画。" in found(admin, bow).text
    assert "请选择文件。" in found(admin, None).text
    vast = mapfiles.geojson(tmp_path / "v.geojson", [(shapely.box(118, 31, 119, 32), {})])
    assert "是不是选成了整个区？" in found(admin, vast.read_bytes()).text
    metres = b'{"type":"Polygon","coordinates":[[[5e5,3e6],[6e5,3e6],[6e5,4e6],[5e5,3e6]]]}'
    assert "坐标系可能填错了" in found(admin, metres).text


def test_founding_when_by_the_office_or_a_visitor_then_refused(app, office, tmp_path):
    assert office.get("/neighborhoods/new").status_code == 403
    assert found(office, boundary_file(tmp_path)).status_code == 403
    assert browser(app).get("/neighborhoods/new").status_code == 303
