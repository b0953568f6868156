import csv

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.core.datum import (
    BD09,
    GCJ02,
    NAMED,
    from_wgs84,
    geometry_to_wgs84,
    parse_datum,
    to_wgs84,
)
from planner.core.errors import Invalid

METRES = np.array([111_320 * np.cos(np.radians(32.0)), 110_900])


@given(
    lon=st.floats(73.5, 136.0),
    lat=st.floats(3.0, 53.5),
    datum=st.sampled_from([*NAMED, "EPSG:4490"]),
)
def test_round_trip_when_in_china_then_below_a_centimetre(lon, lat, datum):
    point = np.array([[lon, lat]])
    back = to_wgs84(from_wgs84(point, datum), datum)
    assert np.abs(back - point).max() * 111_320 < 0.01


@pytest.mark.parametrize("epsg", ["EPSG:4528", "EPSG:4549", "EPSG:32650"])
def test_round_trip_when_projected_then_below_a_centimetre(epsg):
    point = np.array([[118.7527, 32.0681]])
    projected = from_wgs84(point, epsg)
    assert projected[0, 0] > 100_000
    assert np.abs(to_wgs84(projected, epsg) - point).max() * 111_320 < 0.01


def test_gcj02_when_at_the_demo_place_then_shifted_as_published():
    point = np.array([[118.7527, 32.0681]])
    shift = (from_wgs84(point, "gcj02") - point) * METRES
    assert 520 < np.hypot(*shift[0]) < 560
    assert from_wgs84(point, "gcj02")[0] == pytest.approx([118.7579, 32.0660], abs=2e-4)


@pytest.mark.parametrize("datum", [GCJ02, BD09])
def test_chinese_datum_when_outside_china_then_identity_both_ways(datum):
    points = np.array([[-77.03, 38.9], [2.35, 48.85], [139.7, 35.7]])
    assert (from_wgs84(points, datum) == points).all()
    assert (to_wgs84(points, datum) == points).all()


def test_points_when_one_is_no_number_then_only_that_one_stays_so():
    points = np.array([[np.nan, 32.0], [np.inf, 1.0], [118.7579, 32.0660]])
    moved = to_wgs84(points, GCJ02)
    assert np.isfinite(moved).all(axis=1).tolist() == [False, False, True]
    assert moved[2] == pytest.approx([118.7527, 32.0681], abs=2e-4)


def test_points_when_a_pair_a_list_or_none_then_the_same_shape_comes_back():
    assert to_wgs84([118.7579, 32.0660], GCJ02).shape == (2,)
    assert to_wgs84([[118.7579, 32.0660]], BD09).shape == (1, 2)
    assert to_wgs84(np.empty((0, 2)), GCJ02).shape == (0, 2)
    given = np.array([[118.7579, 32.0660]])
    to_wgs84(given, GCJ02)
    assert given.tolist() == [[118.7579, 32.0660]]


def test_bd09_when_at_the_demo_place_then_about_a_kilometre_away():
    point = np.array([[118.7527, 32.0681]])
    shift = np.hypot(*((from_wgs84(point, BD09) - point) * METRES)[0])
    assert 1_000 < shift < 1_400


def test_geometry_when_converted_then_holes_and_rings_move_along():
    area = shapely.Point(118.7527, 32.0681).buffer(0.002) - shapely.Point(118.7527, 32.0681).buffer(
        0.001
    )
    foreign = shapely.transform(area, lambda points: from_wgs84(points, GCJ02))
    back = geometry_to_wgs84(foreign, GCJ02)
    assert back.equals_exact(area, 1e-7)
    assert not foreign.equals_exact(area, 1e-3)
    assert geometry_to_wgs84(shapely.Point(), GCJ02).is_empty


def test_control_points_when_converted_then_median_residual_below_15_metres(real_data):
    with (real_data / "nanjing" / "control_points_wgs84_gcj02.csv").open() as source:
        rows = list(csv.DictReader(source))
    wgs = np.array([[float(r["osm_lng_wgs84"]), float(r["osm_lat_wgs84"])] for r in rows])
    gcj = np.array([[float(r["amap_lng_gcj02"]), float(r["amap_lat_gcj02"])] for r in rows])
    assert len(rows) == 65
    residual = np.hypot(*((to_wgs84(gcj, "gcj02") - wgs) * METRES).T)
    untouched = np.hypot(*((gcj - wgs) * METRES).T)
    assert np.median(residual) < 15
    assert np.median(untouched) > 500


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WGS-84", "wgs84"),
        ("GCJ-02", "gcj02"),
        ("bd_09", "bd09"),
        ("epsg:4528", "EPSG:4528"),
        ("WGS 84", "wgs84"),
        (" EPSG: 4549 ", "EPSG:4549"),
    ],
)
def test_datum_name_when_known_then_canonical(text, name):
    assert parse_datum(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mars",
        "EPSG:abc",
        "EPSG:99999999",
        "EPSG:²",
        "EPSG:" + "9" * 5_000,
        "EPSG:5773",
        "EPSG:4978",
        "EPSG:4979",
    ],
)
def test_datum_name_when_unknown_then_refused(text):
    with pytest.raises(Invalid):
        parse_datum(text)
