import pytest
import shapely

from planner.core.errors import OutsideArea
from planner.places import queries
from tests.factories.places import (
    EAST,
    MIDDLE,
    NORTH,
    SOUTH,
    WEST,
    make_building,
    make_community,
    make_estate,
    make_grid,
    make_mask,
    make_named_place,
    make_neighborhood,
)

METRE = 1 / 94_500
"""One metre east in degrees, about, at this latitude."""


def test_locate_when_inside_then_every_membership_by_geometry(session):
    here = make_neighborhood(session)
    community = make_community(session, here)
    cells = make_grid(session, here, community=community)
    footprint = shapely.box(118.7505, 32.0665, 118.7507, 32.0667)
    make_estate(session, here, shapely.box(118.7503, 32.0663, 118.7509, 32.0669))
    make_building(session, here, footprint)
    make_named_place(session, here, "银杏里1号楼", 118.7506, 32.0667)
    facts = queries.locate(session, here, footprint.centroid)
    assert (facts.grid_number, facts.grid_cell_id) == (1, cells[0].id)
    assert (facts.community_code, facts.estate_code, facts.building_code) == ("c1", "e1", "b1")
    assert facts.place_name == "银杏里1号楼"
    assert not facts.in_tolerance_strip


def test_locate_when_in_the_tolerance_strip_then_kept_and_flagged(session):
    here = make_neighborhood(session)
    make_grid(session, here)
    facts = queries.locate(session, here, shapely.Point(EAST + 20 * METRE, 32.067))
    assert facts.in_tolerance_strip
    assert facts.grid_number == 2


def test_locate_when_beyond_the_strip_then_refused(session):
    here = make_neighborhood(session)
    with pytest.raises(OutsideArea):
        queries.locate(session, here, shapely.Point(EAST + 40 * METRE, 32.067))


def test_locate_when_one_end_of_a_line_lies_outside_then_refused(session):
    here = make_neighborhood(session)
    line = shapely.LineString([MIDDLE, (EAST + 60 * METRE, 32.068)])
    with pytest.raises(OutsideArea):
        queries.locate(session, here, line)


def test_locate_when_in_a_restricted_area_then_refused_with_the_public_reason(session):
    here = make_neighborhood(session)
    make_mask(session, here, shapely.box(118.7515, 32.0675, 118.7518, 32.0678))
    with pytest.raises(OutsideArea) as caught:
        queries.locate(session, here, shapely.Point(118.7516, 32.0676))
    assert caught.value.code == "restricted_area"
    assert caught.value.facts["reason"] == "不便标注的区域"


def test_locate_when_an_area_touches_many_cells_then_all_are_named(session):
    here = make_neighborhood(session)
    make_grid(session, here)
    facts = queries.locate(session, here, shapely.box(118.751, 32.067, 118.753, 32.069))
    assert facts.grid_numbers == (1, 2, 3, 4)
    assert facts.area_m2 == pytest.approx(189 * 222, rel=0.02)


def test_locate_when_near_a_border_of_two_cells_then_the_other_is_offered(session):
    here = make_neighborhood(session)
    make_grid(session, here)
    facts = queries.locate(session, here, shapely.Point(118.752 - 5 * METRE, 32.067))
    assert facts.grid_number == 1
    assert facts.near_border_numbers == (2,)


def test_locate_when_no_grid_is_drawn_then_still_inside(session):
    here = make_neighborhood(session)
    facts = queries.locate(session, here, shapely.Point(*MIDDLE))
    assert facts.grid_number is None


def test_search_when_words_have_wildcards_then_taken_literally(session):
    here = make_neighborhood(session)
    make_named_place(session, here, "槐荫巷", *MIDDLE, aliases="老槐树")
    make_named_place(session, here, "百步广场", *MIDDLE)
    assert [p.name for p in queries.search_places(session, here, "槐树")] == ["槐荫巷"]
    assert queries.search_places(session, here, "%") == []


def test_extent_when_asked_then_wider_than_the_boundary(session):
    west, south, east, north = queries.extent_of(make_neighborhood(session))
    assert west < WEST < EAST < east
    assert south < SOUTH < NORTH < north
