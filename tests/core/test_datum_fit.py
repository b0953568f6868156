import json

import numpy as np
import pytest
import shapely

from planner.core.datum import from_wgs84
from planner.core.datum_fit import MESSAGES, declared_datum_fits, grids_at

BOUNDS = (118.7495, 32.0655, 118.7600, 32.0715)
NEIGHBORHOOD = shapely.box(*BOUNDS)
NAMES = ["wgs84", "gcj02", "bd09", "EPSG:4528", "EPSG:4549", "EPSG:32650"]


def spread(number=400, bounds=BOUNDS):
    rng = np.random.default_rng(3)
    west, south, east, north = bounds
    return np.column_stack([rng.uniform(west, east, number), rng.uniform(south, north, number)])


def finding(points, declared, base=(), expected=NEIGHBORHOOD):
    found = declared_datum_fits(points, expected, declared, base)
    assert not found.code or MESSAGES[found.code] % found.facts
    return found


@pytest.mark.parametrize("true", NAMES)
@pytest.mark.parametrize("declared", NAMES)
def test_declaration_when_compared_then_only_a_wrong_one_is_doubtful(true, declared):
    found = finding(from_wgs84(spread(), true), declared)
    assert found.is_doubtful == (true != declared)
    assert found.best.datum == true
    assert found.best.share_inside == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("datum", ["wgs84", "EPSG:4549"])
def test_declaration_when_the_axes_are_exchanged_then_it_says_so(datum):
    found = finding(from_wgs84(spread(), datum)[:, ::-1], datum)
    assert found.code == "datum_doubtful_axes"
    assert found.best.axes_swapped


def test_declaration_when_everything_lies_inside_then_the_base_map_decides():
    wide = shapely.box(118.70, 32.03, 118.80, 32.11)
    houses = spread(1_500)
    base = [shapely.Point(place).buffer(0.0001) for place in houses]
    foreign = from_wgs84(houses[::5], "gcj02")
    assert finding(foreign, "wgs84", expected=wide).code == ""
    found = finding(foreign, "wgs84", base, wide)
    assert found.code == "datum_doubtful_base"
    assert found.best.datum == "gcj02"
    assert finding(foreign, "gcj02", base, wide).code == ""


def test_declaration_when_few_points_then_the_base_map_is_no_witness():
    found = finding(spread(5), "wgs84", [shapely.Point(118.751, 32.066)])
    assert found.declared.base_distance_m is None


def test_declaration_when_no_datum_helps_then_it_fits_nowhere():
    washington = spread(50, (-77.05, 38.88, -77.00, 38.92))
    assert finding(washington, "wgs84").code == "datum_fits_nowhere"
    assert finding(np.empty((0, 2)), "wgs84").code == "datum_fits_nowhere"
    assert finding(np.full((9, 2), np.nan), "gcj02").code == "datum_fits_nowhere"


def test_grids_when_at_nanjing_then_those_of_its_zones():
    assert grids_at(118.75, 32.07) == [
        "EPSG:4528",
        "EPSG:4549",
        "EPSG:4498",
        "EPSG:4509",
        "EPSG:32650",
    ]
    assert grids_at(-77.0, 38.9) == ["EPSG:32618"]


def features(folder, name):
    with (folder / "nanjing" / name).open() as source:
        found = json.load(source)["features"]
    return [shapely.from_geojson(json.dumps(one["geometry"])) for one in found if one["geometry"]]


def test_declaration_when_real_places_on_real_buildings_then_the_wrong_one_is_caught(real_data):
    area = shapely.box(118.742, 32.042, 118.798, 32.088)
    buildings = features(real_data, "osm_buildings.geojson")
    places = shapely.get_coordinates(
        [place.centroid for place in features(real_data, "osm_poi.geojson")]
    )
    places = places[shapely.contains_xy(area, places[:, 0], places[:, 1])]
    for true in ("wgs84", "gcj02", "bd09"):
        for declared in ("wgs84", "gcj02", "bd09"):
            found = finding(from_wgs84(places, true), declared, buildings, area)
            assert found.is_doubtful == (true != declared)
            assert found.best.datum == true
