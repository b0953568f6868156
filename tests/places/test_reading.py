"""The five formats as offices have them, read in the child process."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from planner.core.datum import geometry_to_wgs84
from planner.core.errors import Invalid
from planner.places.drafting import agreed_datum
from planner.places.reading import Bounds, read_foreign
from tests.factories import mapfiles

HOUSE = shapely.box(118.7505, 32.0665, 118.7507, 32.0667)
TAGS = {"名称": "银杏里3号楼", "户数": 24}


def first(path: Path):
    return next(read_foreign(path).features())


def refusal(path: Path, **bounds) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_foreign(path, bounds=Bounds(**bounds))
    return caught.value


@pytest.mark.parametrize("crs", ["EPSG:4528", "EPSG:4549"])
def test_shapefile_when_in_a_national_grid_then_its_own_prj_brings_it_home(tmp_path, crs):
    rows = [(mapfiles.in_datum(HOUSE, crs), TAGS)]
    reading = read_foreign(mapfiles.shapefile(tmp_path / "a.zip", rows, crs=crs))
    assert reading.crs == crs
    found = next(reading.features())
    home = geometry_to_wgs84(found.geom, agreed_datum("", reading.crs, reading.format))
    assert shapely.hausdorff_distance(home, HOUSE) * 111_320 < 0.01
    assert dict(found.tags) == {"名称": "银杏里3号楼", "户数": "24"}


@pytest.mark.parametrize(
    ("encoding", "without"),
    [("GBK", ()), ("GBK", (".cpg",)), ("UTF-8", ()), ("UTF-8", (".cpg",))],
)
def test_shapefile_when_gbk_or_utf8_then_chinese_is_read_with_and_without_its_note(
    tmp_path, encoding, without
):
    path = mapfiles.shapefile(
        tmp_path / "a.zip",
        [(HOUSE, TAGS)],
        crs="EPSG:4490",
        encoding=encoding,
        without=without,
        folder="底图资料/",
    )
    assert first(path).tags["名称"] == "银杏里3号楼"


def test_shapefile_when_without_prj_then_somebody_has_to_say(tmp_path):
    path = mapfiles.shapefile(
        tmp_path / "a.zip", [(HOUSE, TAGS)], crs="EPSG:4490", without=(".prj",)
    )
    reading = read_foreign(path)
    assert reading.crs == ""
    with pytest.raises(Invalid) as caught:
        agreed_datum("", reading.crs, reading.format)
    assert caught.value.fields == {"crs": "crs_needed"}
    assert agreed_datum("cgcs2000", reading.crs, reading.format) == "cgcs2000"


def test_geopackage_when_read_then_every_layer_counts(tmp_path):
    rows = [(mapfiles.in_datum(HOUSE, "EPSG:4549"), {"name": "三", "number": 3})]
    path = mapfiles.gdal(tmp_path / "grid.gpkg", rows, driver="GPKG", crs="EPSG:4549")
    reading = read_foreign(path)
    assert (reading.crs, reading.count, reading.layers) == ("EPSG:4549", 1, ("grid",))
    assert dict(next(reading.features()).tags) == {"name": "三", "number": "3"}


def test_kml_when_it_has_folders_then_all_of_them_are_read(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text(mapfiles.KML, "utf-8")
    found = list(read_foreign(path).features())
    assert [each.tags["name"] for each in found] == ["槐荫巷口", "百步广场"]
    assert not found[0].geom.has_z


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_when_from_a_spreadsheet_then_its_columns_are_known_in_chinese(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("名称,经度,纬度\r\n槐荫巷口,118.7521,32.0681\r\n".encode(encoding))
    found = first(path)
    assert found.line == 2
    assert found.tags["名称"] == "槐荫巷口"
    assert (found.geom.x, found.geom.y) == (118.7521, 32.0681)


def test_csv_when_it_holds_wkt_then_areas_come_through(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'name;WKT\n一;"{HOUSE.wkt}"\n', "utf-8")
    assert first(path).geom.equals(HOUSE)


def test_csv_when_lines_are_wrong_then_each_is_named_and_nothing_is_given(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,lon,lat\na,118.75,32.06\nb,abc,1\nc,nan,32\nd,,\ne,1e400,3\n", "utf-8")
    error = refusal(path)
    assert error.code == "features_faulty"
    assert [(each["line"], each["code"]) for each in error.facts["faults"]] == [
        (3, "geometry_number"),
        (4, "geometry_number"),
        (6, "geometry_number"),
    ]


def test_geojson_when_a_ring_crosses_itself_then_the_feature_and_the_place_are_named(tmp_path):
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    path = mapfiles.geojson(tmp_path / "a.geojson", [(HOUSE, {}), (bow, {})])
    fault = refusal(path).facts["faults"][0]
    assert (fault["line"], fault["code"]) == (2, "geometry_crossing")
    assert fault["facts"] == {"x": 0.5, "y": 0.5}


def test_geojson_when_not_json_then_the_line_is_named(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection",\n"features": [\n{]}', "utf-8")
    error = refusal(path)
    assert (error.code, error.facts["line"]) == ("file_json", 3)


def test_geojson_when_it_names_an_old_crs_then_that_is_its_own(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    rows = [(mapfiles.in_datum(HOUSE, "EPSG:4549"), {})]
    assert read_foreign(mapfiles.geojson(tmp_path / "a.json", rows, crs=crs)).crs == "EPSG:4549"


def test_features_when_some_have_no_shape_then_they_are_counted_and_the_rest_is_read(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null},'
        '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2,3]}}]}',
        "utf-8",
    )
    reading = read_foreign(path)
    assert (reading.count, reading.empty) == (1, 1)
    assert next(reading.features()).geom.wkt == "POINT (1 2)"


def test_progress_when_the_file_is_long_then_it_is_told_on_the_way(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("lon,lat\n" + "118.75,32.06\n" * 2_100, "utf-8")
    told: list[tuple[int, int]] = []
    read_foreign(path, progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == [500, 1_000, 1_500, 2_000]


@pytest.mark.parametrize(
    ("declared", "found", "format", "agreed"),
    [
        ("", "", "GeoJSON", "wgs84"),
        ("", "EPSG:4326", "CSV", "wgs84"),
        ("", "EPSG:4490", "ESRI Shapefile", "cgcs2000"),
        ("", "EPSG:4528", "ESRI Shapefile", "EPSG:4528"),
        ("GCJ-02", "", "CSV", "gcj02"),
        ("gcj02", "EPSG:4326", "ESRI Shapefile", "gcj02"),
        ("bd09", "EPSG:4326", "LIBKML", "bd09"),
        ("wgs84", "EPSG:4490", "GPKG", "wgs84"),
        ("epsg:4326", "", "CSV", "wgs84"),
        ("EPSG:4528", "EPSG:4528", "GPKG", "EPSG:4528"),
        ("EPSG:4528", "", "GeoJSON", "EPSG:4528"),
    ],
)
def test_datum_when_declared_and_found_agree_then_it_is_the_declared_one(
    declared, found, format, agreed
):
    assert agreed_datum(declared, found, format) == agreed


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("wgs84", "EPSG:4528"),
        ("EPSG:4528", "EPSG:4549"),
        ("gcj02", "EPSG:4490"),
        ("EPSG:32650", "EPSG:4326"),
    ],
)
def test_datum_when_the_file_says_otherwise_then_refused(declared, found):
    with pytest.raises(Invalid) as caught:
        agreed_datum(declared, found, "GPKG")
    assert caught.value.fields == {"crs": "crs_contradicts"}
