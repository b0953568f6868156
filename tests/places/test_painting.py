"""OSM-like tags and our own classes become paint; names become places."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from shapely.geometry import shape

from planner.places.rules.features import name_of, number, plain, use_of, value
from planner.places.rules.painting import (
    Paint,
    fitted,
    is_sensitive,
    paint_of,
    place_kind,
    width_of,
)
from planner.places.terms import BuildingUse, LayerKind

AREA, LINE, POINT = "Polygon", "LineString", "Point"


@pytest.mark.parametrize(
    ("tags", "shape", "paint"),
    [
        ({"building": "yes"}, AREA, "building-other"),
        ({"building": "apartments"}, AREA, "building-home"),
        ({"building": "yes", "amenity": "university"}, AREA, "building-school"),
        ({"building": "yes", "shop": "mall"}, AREA, "building-market"),
        ({"building": "yes", "historic": "monument"}, AREA, "building-heritage"),
        ({"building": "no"}, AREA, None),
        ({"highway": "primary"}, LINE, "road"),
        ({"highway": "footway"}, LINE, "path"),
        ({"highway": "primary", "tunnel": "yes"}, LINE, None),
        ({"highway": "pedestrian"}, AREA, "plaza"),
        ({"highway": "construction"}, LINE, None),
        ({"leisure": "park"}, AREA, "green"),
        ({"leisure": "pitch"}, AREA, "sport"),
        ({"landuse": "residential"}, AREA, "block"),
        ({"amenity": "parking"}, AREA, "parking"),
        ({"natural": "water"}, AREA, "water"),
        ({"waterway": "river"}, LINE, "water"),
        ({"natural": "tree"}, POINT, "tree"),
        ({"amenity": "toilets"}, POINT, "facility"),
        ({"barrier": "fence"}, LINE, None),
        ({"class": "building-heritage"}, AREA, "building-heritage"),
        ({"class": "road", "width_m": "6"}, LINE, "road"),
        ({"class": "road-home"}, LINE, None),
        ({}, POINT, None),
    ],
)
def test_paint_when_tags_are_known_then_the_class_of_the_map(tags, shape, paint):
    made = paint_of(tags, shape)
    assert (made.paint if made else None) == paint


@pytest.mark.parametrize(
    ("tags", "metres"),
    [
        ({"highway": "residential"}, 7),
        ({"highway": "primary"}, 18),
        ({"highway": "primary", "oneway": "yes"}, 10.8),
        ({"highway": "primary", "lanes": "4"}, 14.7),
        ({"highway": "service", "width": "3.2 m"}, 3.2),
        ({"highway": "service", "width": "breit"}, 4.5),
        ({"highway": "tertiary", "lanes": "999"}, 10),
        ({"路宽": "6米"}, 6),
    ],
)
def test_width_when_stated_by_lanes_or_by_class_then_in_that_order(tags, metres):
    assert width_of(tags, LayerKind.ROAD) == metres


@pytest.mark.parametrize(
    "tags",
    [
        {"landuse": "military"},
        {"building": "yes", "military": "barracks"},
        {"man_made": "surveillance"},
        {"power": "substation"},
        {"office": "government"},
        {"amenity": "police"},
    ],
)
def test_tags_when_sensitive_then_never_on_the_map(tags):
    assert is_sensitive(tags)


@pytest.mark.parametrize(
    ("kind", "shape", "paint"),
    [
        (LayerKind.ROAD, LINE, Paint(LayerKind.ROAD, "road", 7)),
        (LayerKind.ROAD, AREA, None),
        (LayerKind.TREE, POINT, Paint(LayerKind.TREE, "tree", 2.6)),
        (LayerKind.TREE, LINE, None),
        (LayerKind.BUILDING, "MultiPolygon", Paint(LayerKind.BUILDING, "building-other")),
        (LayerKind.GREEN, POINT, None),
        (LayerKind.WATER, LINE, Paint(LayerKind.WATER, "water", 6)),
    ],
)
def test_layer_when_chosen_then_shapes_that_suit_it_are_painted_so(kind, shape, paint):
    assert fitted(kind, {}, shape) == paint


def test_values_when_named_in_chinese_or_cut_by_dbf_then_found():
    assert value({"户数": "24"}, "households") == "24"
    assert value({"floor_area": "88.5"}, "floor_area_m2") == "88.5"
    assert name_of({"name": "  槐荫\u200b巷\n口 "}) == "槐荫巷 口"
    assert plain("x" * 200, 40) == "x" * 40
    assert use_of({"用途": "住宅楼"}) is BuildingUse.HOME
    assert use_of({"用途": "沿街商业"}) is BuildingUse.MARKET


@pytest.mark.parametrize(
    ("text", "made"), [("24户", 24), ("1,250.5", 1250.5), (" ", None), ("0", 0)]
)
def test_number_when_people_wrote_it_then_read(text, made):
    assert number(text) == made


@pytest.mark.parametrize("text", ["many", "-3", "99999999999"])
def test_number_when_there_is_none_or_it_cannot_be_then_refused(text):
    with pytest.raises(ValueError, match=text):
        number(text)


def test_names_when_listed_then_by_what_they_are():
    assert place_kind({"highway": "residential"}, LayerKind.ROAD) == "lane"
    assert place_kind({"building": "yes"}, LayerKind.BUILDING) == "building"
    assert place_kind({"landuse": "residential"}, LayerKind.BLOCK) == "estate"
    assert place_kind({"leisure": "park"}, LayerKind.GREEN) == "park"
    assert place_kind({"amenity": "bank"}, LayerKind.FACILITY) == "facility"


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("roads", {"road": 900, "path": 280}),
        ("buildings", {"building": 2_200}),
        ("green", {"green": 80, "sport": 80}),
        ("water", {"water": 34}),
        ("landuse", {"block": 50}),
        ("parking", {"parking": 50}),
    ],
)
def test_paint_when_the_layers_are_real_then_nearly_all_is_understood(real_data, name, least):
    text = (real_data / "nanjing" / f"osm_{name}.geojson").read_text("utf-8")
    found: Counter[str] = Counter()
    for feature in json.loads(text)["features"]:
        tags = {key: str(value) for key, value in feature["properties"].items()}
        made = paint_of(tags, shape(feature["geometry"]).geom_type)
        found[made.kind.value if made else "none"] += 1
    assert {kind: found[kind] >= number for kind, number in least.items()} == dict.fromkeys(
        least, True
    ), found
    assert found["none"] <= 0.15 * found.total()
