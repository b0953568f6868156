"""Reads of places: what one location costs, what is printed on the map."""

from __future__ import annotations

from dataclasses import replace

import orjson
import shapely
from sqlalchemy import event

from planner.core.settings import Settings
from planner.places import queries
from tests.factories.places import (
    MIDDLE,
    make_building,
    make_community,
    make_estate,
    make_grid,
    make_mask,
    make_named_place,
    make_neighborhood,
)

from .conftest import take

METRE = 1 / 94_500


def test_locate_when_everything_is_there_then_at_most_eight_statements(session):
    here = make_neighborhood(session)
    make_grid(session, here, community=make_community(session, here))
    make_estate(session, here, shapely.Point(MIDDLE).buffer(0.0005))
    make_building(session, here, shapely.Point(MIDDLE).buffer(0.0001))
    make_named_place(session, here, "槐荫巷", *MIDDLE)
    make_mask(session, here, shapely.box(118.7501, 32.0661, 118.7502, 32.0662))
    session.expire_all()
    here = queries.neighborhood_by_slug(session, "here")
    seen: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    facts = queries.locate(session, here, shapely.Point(*MIDDLE))
    assert facts.building_code == "b1"
    assert len(seen) <= 8


def test_locate_when_on_the_corner_of_four_cells_then_one_number_and_three_offered(session):
    here = make_neighborhood(session)
    make_grid(session, here)
    facts = queries.locate(session, here, shapely.Point(*MIDDLE))
    assert facts.grid_number == 1
    assert facts.near_border_numbers == (2, 3, 4)
    assert facts.grid_numbers == (1, 2, 3, 4)


def test_locate_when_just_beyond_the_border_distance_then_nothing_is_asked(session):
    here = make_neighborhood(session)
    make_grid(session, here)
    facts = queries.locate(session, here, shapely.Point(118.752 - 16 * METRE, 32.067))
    assert facts.near_border_numbers == ()


def test_source_when_no_tiles_are_set_then_the_neighborhoods_own(session):
    here = make_neighborhood(
        session, settings={"map_source": "示意底图", "map_review_number": "无"}
    )
    plain = Settings(secret_key="k" * 40)
    assert queries.map_source(here, plain) == {
        "tiles": "",
        "attribution": "示意底图",
        "review_number": "无",
    }
    online = replace(
        plain,
        basemap_tiles="https://t.example/{z}/{x}/{y}",
        basemap_attribution="天地图",
        basemap_review_number="GS(2026)1",
    )
    assert queries.map_source(here, online) == {
        "tiles": "https://t.example/{z}/{x}/{y}",
        "attribution": "天地图",
        "review_number": "GS(2026)1",
    }


def test_base_when_a_layer_is_hidden_then_it_is_not_sent_and_order_is_kept(session):
    here = make_neighborhood(session)
    house = shapely.box(118.7505, 32.0665, 118.7507, 32.0667)
    take(session, here, [(house, {"building": "yes"}), (house, {"leisure": "park"})])
    kinds = [
        f["properties"]["k"]
        for f in orjson.loads(queries.base_collection(session, here))["features"]
    ]
    assert kinds == ["boundary", "green", "building-other"]
    layer = queries.layers_of(session, here)[0][0]
    layer.is_visible = False
    session.flush()
    kinds = [
        f["properties"]["k"]
        for f in orjson.loads(queries.base_collection(session, here))["features"]
    ]
    assert kinds == ["boundary", "building-other"]


def test_layers_when_listed_then_with_their_numbers_and_only_ours(session):
    here, there = make_neighborhood(session), make_neighborhood(session, slug="there", shift=0.01)
    house = shapely.box(118.7505, 32.0665, 118.7507, 32.0667)
    take(session, here, [(house, {"building": "yes"})])
    assert [(layer.code, number) for layer, number in queries.layers_of(session, here)] == [
        ("file.building", 1)
    ]
    assert queries.layers_of(session, there) == []
    assert queries.totals_of(session, there)["names"] == 0
