import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.datum import NAMED, declared_datum_fits, from_wgs84, parse_datum, to_wgs84
from planner.core.errors import Invalid

METRES = np.array([111_320 * np.cos(np.radians(32.0)), 110_900])
NEIGHBORHOOD = (118.7495, 32.0655, 118.7600, 32.0715)


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


def test_gcj02_when_outside_china_then_identity():
    point = np.array([[-77.03, 38.9]])
    assert (from_wgs84(point, "gcj02") == point).all()


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


def test_declaration_when_wrong_then_the_better_datum_is_named():
    rng = np.random.default_rng(3)
    west, south, east, north = NEIGHBORHOOD
    points = np.column_stack([rng.uniform(west, east, 400), rng.uniform(south, north, 400)])
    finding = declared_datum_fits(from_wgs84(points, "gcj02"), NEIGHBORHOOD, "wgs84")
    assert finding.is_doubtful
    assert finding.best == "gcj02"
    assert not declared_datum_fits(from_wgs84(points, "gcj02"), NEIGHBORHOOD, "gcj02").is_doubtful
    assert not declared_datum_fits(points, NEIGHBORHOOD, "wgs84").is_doubtful


@pytest.mark.parametrize(
    ("text", "name"),
    [("WGS-84", "wgs84"), ("GCJ-02", "gcj02"), ("bd_09", "bd09"), ("epsg:4528", "EPSG:4528")],
)
def test_datum_name_when_known_then_canonical(text, name):
    assert parse_datum(text) == name


@pytest.mark.parametrize("text", ["", "mars", "EPSG:abc", "EPSG:99999999"])
def test_datum_name_when_unknown_then_refused(text):
    with pytest.raises(Invalid):
        parse_datum(text)
