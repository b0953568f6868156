"""Taking drafts on both databases: replaced by code, in one piece, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from sqlalchemy import func, select

from planner.core.actor import SYSTEM, Role
from planner.core.errors import Invalid, NotAllowed
from planner.core.geo import to_geom
from planner.core.models import AuditEvent
from planner.marks.actions import retag
from planner.marks.models import Mark, PlaceTag
from planner.places import actions, queries
from planner.places.models import (
    BaseFeature,
    BaseLayer,
    Building,
    Estate,
    GridCell,
    NamedPlace,
    RestrictedArea,
    Venue,
)
from planner.places.terms import BuildingUse, ImportTarget, LayerKind
from tests.conftest import NOW
from tests.factories.accounts import make_staff
from tests.factories.marks import make_mark
from tests.factories.places import EAST, NORTH, SOUTH, WEST, make_neighborhood, multi
from tests.factories.stage import make_stage

from .conftest import draft, take

HOUSE = shapely.box(118.7505, 32.0665, 118.7507, 32.0667)
LANE = shapely.LineString([(118.7501, 32.068), (118.7539, 32.068)])
FAR = shapely.box(118.80, 32.10, 118.81, 32.11)
MAP = [
    (HOUSE, {"building": "apartments", "name": "银杏里1号楼"}),
    (LANE, {"highway": "residential", "name": "槐荫巷"}),
    (FAR, {"leisure": "park", "name": "远处公园"}),
]


def layers(session, here):
    return {layer.code: number for layer, number in queries.layers_of(session, here)}


def many_houses(number=12, step=0.0003):
    spots = [(WEST + step * i, SOUTH + step * j) for i in range(number) for j in range(number)]
    return [
        (shapely.box(x, y, x + 0.0001, y + 0.0001), {"code": f"h{line}"})
        for line, (x, y) in enumerate(spots)
    ]


def test_map_when_taken_then_sorted_into_layers_named_and_credited(session):
    here = make_neighborhood(session)
    counts = take(session, here, MAP, code="osm", source="© OpenStreetMap 贡献者")
    assert counts == {"road": 1, "building": 1}
    assert layers(session, here) == {"osm.road": 1, "osm.building": 1}
    width = session.scalar(select(BaseFeature.size_m).where(BaseFeature.paint == "road"))
    assert width == 7
    names = {(each.name, each.kind) for each in queries.named_places(session, here)}
    assert names == {("银杏里1号楼", "building"), ("槐荫巷", "lane")}
    assert queries.settings_of(here).map_source == "© OpenStreetMap 贡献者"
    assert b"building-home" in queries.base_collection(session, here)


def test_map_when_taken_again_then_replaced_and_the_epoch_grows(session):
    here = make_neighborhood(session)
    take(session, here, MAP, code="osm", source="甲")
    take(session, here, [(HOUSE, {"leisure": "park", "name": "小园"})], code="other")
    session.add(NamedPlace(neighborhood_id=here.id, name="手加的", kind="lane", geom=here.boundary))
    before = here.epoch
    session.expunge_all()
    here = queries.neighborhood_by_slug(session, "here")
    take(session, here, [(LANE, {"highway": "footway", "name": "新巷"})], code="osm", source="甲")
    assert layers(session, here) == {"osm.path": 1, "other.green": 1}
    assert {each.name for each in queries.named_places(session, here)} == {"新巷", "小园"}
    assert here.epoch == before + 1
    assert session.scalar(select(func.count()).select_from(BaseFeature)) == 2
    assert queries.settings_of(here).map_source == "甲"


def test_map_when_it_reaches_beyond_the_surroundings_then_cut_there(session):
    here = make_neighborhood(session)
    long = shapely.LineString([(118.70, 32.068), (118.80, 32.068)])
    take(session, here, [(long, {"highway": "primary"})])
    kept = to_geom(session.scalars(select(BaseFeature.geom)).one())
    assert 1_300 < queries.metric_of(here).length_m(kept) < 1_450


def test_layer_when_chosen_then_everything_is_painted_so(session):
    here = make_neighborhood(session)
    take(session, here, [(HOUSE, {"name": "草地"}), (LANE, {})], layer=LayerKind.GREEN)
    assert layers(session, here) == {"file.green": 1}
    assert draft(session, here, MAP, layer=LayerKind.GREEN).skipped == {"shape": 1, "outside": 1}


def test_sensitive_when_in_the_file_then_neither_painted_nor_named(session):
    here = make_neighborhood(session)
    rows = [*MAP, (HOUSE, {"building": "yes", "military": "barracks", "name": "营房"})]
    made = draft(session, here, rows)
    assert made.skipped["sensitive"] == 1
    assert "营房" not in {each.name for each in made.names}


def test_file_when_everything_lies_elsewhere_then_refused(session):
    here = make_neighborhood(session)
    with pytest.raises(Invalid) as caught:
        draft(session, here, MAP[2:])
    assert caught.value.code == "file_far"


def test_buildings_when_taken_then_counted_joined_and_updated_by_code(session):
    here = make_neighborhood(session)
    take(
        session,
        here,
        [(HOUSE.buffer(0.0002), {"name": "银杏里小区", "编号": "yxl", "建成年份": "1984"})],
        target=ImportTarget.ESTATES,
    )
    rows = [
        (
            HOUSE,
            {"编号": "1", "名称": "1号楼", "户数": "24户", "建筑面积": "1234.56", "用途": "住宅"},
        )
    ]
    assert take(session, here, rows, target=ImportTarget.BUILDINGS) == {"buildings": 1}
    built = session.scalars(select(Building)).one()
    assert (built.households, built.floor_area_cm2, built.use) == (24, 123_456, BuildingUse.HOME)
    assert built.estate_id == session.scalars(select(Estate.id)).one()
    assert session.scalars(select(Estate.built_year)).one() == 1984
    rows[0][1]["户数"] = "30"
    take(session, here, rows, target=ImportTarget.BUILDINGS)
    session.expire_all()
    assert session.scalars(select(Building)).one().households == 30


def test_building_when_gone_from_the_file_but_in_use_then_it_stays(session):
    stage = make_stage(session)
    rows = [(HOUSE, {"code": "used"}), (HOUSE.buffer(0.00001), {"code": "idle"})]
    take(session, stage.here, rows, target=ImportTarget.BUILDINGS)
    mark = make_mark(session, stage.here, at=(118.7506, 32.0666))
    assert mark.building_id is not None
    counts = take(session, stage.here, many_houses(2), target=ImportTarget.BUILDINGS)
    assert counts["kept"] == 1
    codes = set(session.scalars(select(Building.code)))
    assert codes == {"used", "h0", "h1", "h2", "h3"}


def test_buildings_when_a_cell_is_wrong_then_every_line_is_named_and_nothing_is_stored(session):
    here = make_neighborhood(session)
    rows = [(HOUSE, {"户数": "许多"}), (HOUSE, {"户数": "3"}), (FAR, {"户数": "-2"})]
    with pytest.raises(Invalid) as caught:
        take(session, here, rows, target=ImportTarget.BUILDINGS)
    faults = caught.value.facts["faults"]
    assert [(each["line"], each["code"]) for each in faults] == [
        (1, "number_bad"),
        (3, "number_bad"),
    ]
    assert session.scalar(select(func.count()).select_from(Building)) == 0


@pytest.mark.parametrize("target", [ImportTarget.BUILDINGS, ImportTarget.GRID, ImportTarget.VENUES])
def test_codes_when_one_stands_twice_then_refused_by_line(session, target):
    here = make_neighborhood(session)
    rows = [(HOUSE, {"编号": "7", "name": "甲"}), (HOUSE, {"编号": "7", "name": "乙"})]
    with pytest.raises(Invalid) as caught:
        take(session, here, rows, target=target)
    assert caught.value.facts["faults"] == [
        {"level": "bad", "code": "code_twice", "line": 2, "facts": {"found": "7"}}
    ]


def test_grid_when_a_cell_has_no_number_or_no_area_then_refused_by_line(session):
    here = make_neighborhood(session)
    rows = [(HOUSE, {"名称": "无号"}), (LANE, {"编号": "2"})]
    with pytest.raises(Invalid) as caught:
        draft(session, here, rows, target=ImportTarget.GRID)
    assert [f["code"] for f in caught.value.facts["faults"]] == ["number_missing", "shape_area"]


def halves():
    """Two new cells: 1 the north, 2 the south."""
    middle = (SOUTH + NORTH) / 2
    return [
        (shapely.box(WEST, middle, EAST, NORTH), {"网格编号": "1"}),
        (shapely.box(WEST, SOUTH, EAST, middle), {"网格编号": "2"}),
    ]


def test_grid_when_redrawn_then_marks_move_and_the_old_tag_keeps_its_dates(session):
    stage = make_stage(session)
    mark = make_mark(session, stage.here, at=(118.7510, 32.0670), now=NOW)
    old = mark.grid_cell_id
    later = NOW + timedelta(days=3)
    actions.take_draft(
        session,
        actor=SYSTEM,
        now=later,
        neighborhood=stage.here,
        draft=draft(session, stage.here, halves(), target=ImportTarget.GRID),
        origin=actions.Origin("grid", reason="两格更合适"),
    )
    revision = queries.current_revision(session, stage.here.id)
    assert (revision.number, revision.reason, revision.valid_from) == (2, "两格更合适", later)
    soon = later + timedelta(minutes=1)
    while retag(session, actor=SYSTEM, now=soon, neighborhood=stage.here):
        pass
    session.expire_all()
    moved = session.get_one(Mark, mark.id)
    assert session.get_one(GridCell, moved.grid_cell_id).number == 2
    tags = session.scalars(select(PlaceTag).order_by(PlaceTag.id)).all()
    assert [(tag.grid_cell_id, tag.since, tag.until) for tag in tags] == [
        (old, NOW, soon),
        (moved.grid_cell_id, soon, None),
    ]


def test_masks_venues_and_places_when_taken_then_each_in_its_list(session):
    here = make_neighborhood(session)
    take(session, here, [(HOUSE, {"原因": "变电设施"})], target=ImportTarget.MASKS)
    take(
        session, here, [(HOUSE, {"名称": "说事亭", "类型": "pavilion"})], target=ImportTarget.VENUES
    )
    take(session, here, [(LANE, {"名称": "老槐巷", "别名": "槐树根"})], target=ImportTarget.PLACES)
    assert session.scalars(select(RestrictedArea.reason)).one() == "变电设施"
    assert session.scalars(select(Venue.kind)).one() == "pavilion"
    found = queries.search_places(session, here, "槐树")
    assert [each.name for each in found] == ["老槐巷"]
    assert to_geom(found[0].geom).distance(LANE) < 1e-9


@pytest.mark.parametrize("truth", ["gcj02", "bd09"])
def test_datum_when_declared_wrongly_then_asked_before_it_is_taken(session, truth):
    wide = shapely.box(WEST, SOUTH, WEST + 0.02, SOUTH + 0.02)
    here = make_neighborhood(session, boundary=multi(wide))
    rows, target = many_houses(18, 0.0011), ImportTarget.BUILDINGS
    made = draft(session, here, rows, target=target, datum="wgs84", truth=truth)
    assert made.is_doubtful
    with pytest.raises(Invalid) as caught:
        take(session, here, rows, target=target, datum="wgs84", truth=truth)
    assert caught.value.code == "import_doubtful"
    assert caught.value.facts["best"] == truth
    assert not draft(session, here, rows, target=target, datum=truth).is_doubtful
    take(session, here, rows, target=target, datum="wgs84", truth=truth, force=True)
    facts = session.scalars(select(AuditEvent.facts).where(AuditEvent.verb == "map.import")).one()
    assert facts["doubt_accepted"]


def test_datum_when_the_map_is_there_then_a_shifted_street_net_is_caught_by_it(session):
    here = make_neighborhood(session)
    streets = [
        (
            shapely.segmentize(shapely.LineString([(WEST - 0.004, y), (EAST + 0.004, y)]), 0.001),
            {"highway": "residential"},
        )
        for y in (SOUTH - 0.003 + 0.0011 * step for step in range(9))
    ]
    take(session, here, streets)
    shifted = draft(session, here, streets, datum="wgs84", truth="gcj02")
    assert [finding.code for finding in shifted.findings] == ["datum_doubtful_base"]
    assert not draft(session, here, streets).is_doubtful


def test_datum_when_the_map_has_only_a_far_corner_then_it_witnesses_nothing(session):
    wide = shapely.box(WEST, SOUTH, WEST + 0.02, SOUTH + 0.02)
    here = make_neighborhood(session, boundary=multi(wide))
    corner = [(geom, {"building": "yes"}) for geom, _ in many_houses(6, 0.0002)]
    take(session, here, corner, code="corner")
    far = [
        (shapely.affinity.translate(geom, 0.014, 0.014), {"building": "yes"})
        for geom, _ in many_houses(8, 0.0005)
    ]
    assert not draft(session, here, far).is_doubtful


def test_import_when_of_another_neighborhood_then_ours_is_untouched(session):
    here, there = make_neighborhood(session), make_neighborhood(session, slug="there", shift=0.01)
    take(session, here, MAP, code="osm")
    shifted = [(shapely.affinity.translate(geom, 0.01), tags) for geom, tags in MAP]
    take(session, there, shifted, code="osm")
    take(session, there, [(shifted[1][0], {"highway": "footway"})], code="osm")
    assert layers(session, here) == {"osm.road": 1, "osm.building": 1}
    assert queries.search_places(session, there, "银杏") == []
    assert session.scalar(select(func.count()).select_from(BaseLayer)) == 3


def test_import_when_by_staff_of_another_neighborhood_then_not_allowed(session):
    here, there = make_neighborhood(session), make_neighborhood(session, slug="there", shift=0.01)
    clerk = make_staff(session, Role.STREET_OFFICE, there)
    made = draft(session, here, MAP)
    with pytest.raises(NotAllowed):
        actions.take_draft(
            session,
            actor=clerk,
            now=NOW,
            neighborhood=here,
            draft=made,
            origin=actions.Origin("osm"),
        )
