"""`planner neighborhood|basemap|calendar` on both databases."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from planner.accounts.models import Remit, Seat
from planner.accounts.terms import DesignerTier
from planner.cli import cli, context
from planner.core.db import Database
from planner.core.geo import to_geom
from planner.places import queries
from planner.places.models import BaseFeature, BaseLayer, NamedPlace
from tests.factories import mapfiles
from tests.factories.marks import point, take

AREA = shapely.box(118.7605, 32.0505, 118.7745, 32.0605)
Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command itself, on the test's database."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database.url)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))
    context.settings.cache_clear()
    context.database.cache_clear()

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(each) for each in arguments])

    yield call
    context.database().dispose()
    context.settings.cache_clear()
    context.database.cache_clear()


def answer(result: Result) -> dict[str, Any]:
    assert result.exception is None, (result.output, result.exception)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def founded(run: Run, tmp_path: Path) -> Run:
    """The command after `create suiyuan`."""
    boundary = mapfiles.geojson(tmp_path / "boundary.geojson", [(AREA, {})])
    made = answer(
        run("neighborhood", "create", "suiyuan", "--name", "随园", "--boundary", boundary, "--json")
    )
    assert made == {
        "slug": "suiyuan",
        "utm_srid": 32650,
        "area_km2": pytest.approx(1.465, abs=0.01),
    }
    return run


def osm(real_data: Path, *names: str) -> list[Path]:
    return [real_data / "nanjing" / f"osm_{name}.geojson" for name in names]


def test_create_when_done_then_a_mark_is_routed_at_once(founded, database):
    with database.write() as session:
        here = queries.neighborhood_by_slug(session, "suiyuan")
        mark = take(session, here, geometry=point(118.765, 32.055), topic="PUB10").mark
        assert mark.case.rule_number is not None
        assert mark.case.unit.code == "office_urban"
        assert mark.case.seat is None
        assert mark.case.reply_due_at is not None


def test_create_when_run_again_or_from_a_line_then_refused(founded, tmp_path):
    boundary = tmp_path / "boundary.geojson"
    again = founded("neighborhood", "create", "suiyuan", "--name", "x", "--boundary", boundary)
    assert again.exception.code == "slug_taken"
    line = mapfiles.geojson(tmp_path / "l.geojson", [(AREA.exterior, {})])
    with_line = founded("neighborhood", "create", "other", "--name", "x", "--boundary", line)
    assert with_line.exception.code in ("boundary_needed", "geometry_kind", "features_faulty")


def test_create_when_the_boundary_is_a_gbk_shapefile_in_a_national_grid_then_at_home(
    run, database, tmp_path
):
    rows = [(mapfiles.in_datum(AREA, "EPSG:4528"), {"名称": "随园"})]
    path = mapfiles.shapefile(tmp_path / "b.zip", rows, crs="EPSG:4528")
    answer(run("neighborhood", "create", "gk", "--name", "随园", "--boundary", path, "--json"))
    with database.read() as session:
        boundary = to_geom(queries.neighborhood_by_slug(session, "gk").boundary)
    assert shapely.hausdorff_distance(boundary, AREA) * 111_320 < 0.01


def test_import_when_the_layers_are_real_then_a_second_neighborhood_has_its_map(
    founded, database, real_data
):
    files = osm(
        real_data, "roads", "buildings", "green", "water", "landuse", "parking", "poi", "transit"
    )
    told = answer(
        founded(
            "basemap", "import", "suiyuan", *files, "--source", "© OpenStreetMap 贡献者", "--json"
        )
    )
    counts = {each["file"]: each["counts"] for each in told["files"]}
    assert counts["osm_roads.geojson"]["road"] > 200
    assert counts["osm_buildings.geojson"]["building"] > 400
    assert not any(each["findings"] for each in told["files"])
    with database.read() as session:
        here = queries.neighborhood_by_slug(session, "suiyuan")
        first = {layer.code: number for layer, number in queries.layers_of(session, here)}
        names = {each.name for each in queries.named_places(session, here)}
        base = json.loads(queries.base_collection(session, here))
        epoch = here.epoch
    assert {"汉口西路", "上海路"} <= names
    assert len(base["features"]) == sum(first.values()) + 1
    founded("basemap", "import", "suiyuan", *files, "--source", "© OpenStreetMap 贡献者")
    with database.read() as session:
        here = queries.neighborhood_by_slug(session, "suiyuan")
        again = {layer.code: number for layer, number in queries.layers_of(session, here)}
        assert again == first
        assert here.epoch > epoch
        assert queries.settings_of(here).map_source == "© OpenStreetMap 贡献者"


def test_import_when_the_datum_is_wrong_then_refused_until_forced(founded, database, real_data):
    roads = osm(real_data, "roads")
    founded("basemap", "import", "suiyuan", *roads)
    wrong = founded("basemap", "import", "suiyuan", *roads, "--crs", "gcj02")
    assert wrong.exception.code == "import_doubtful"
    assert wrong.exception.facts["best"] == "wgs84"
    assert answer(
        founded("basemap", "import", "suiyuan", *roads, "--crs", "gcj02", "--force", "--json")
    )["written"]
    with database.read() as session:
        assert set(session.scalars(select(BaseLayer.declared_datum))) == {"gcj02"}


def test_import_when_dry_then_told_and_nothing_is_written(founded, database, real_data):
    told = answer(
        founded("basemap", "import", "suiyuan", *osm(real_data, "green"), "--dry-run", "--json")
    )
    assert (told["written"], told["files"][0]["counts"]["green"] > 20) == (False, True)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(BaseLayer)) == 0


def test_import_when_one_of_several_files_is_bad_then_none_is_taken_and_the_line_is_named(
    founded, database, tmp_path
):
    good = mapfiles.geojson(tmp_path / "good.geojson", [(AREA, {"leisure": "park"})])
    bad = tmp_path / "bad.csv"
    bad.write_text("name,lon,lat\na,118.765,32.055\nb,abc,1\n", "utf-8")
    result = founded("basemap", "import", "suiyuan", good, bad, "--crs", "wgs84")
    assert result.exception.code == "features_faulty"
    assert "bad.csv: line 3: geometry_number" in result.stderr
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(BaseLayer)) == 0


def test_grid_when_imported_then_community_seats_get_its_cells(founded, database, tmp_path):
    west, south, east, north = AREA.bounds
    half = (west + east) / 2
    rows = [
        (shapely.box(west, south, half, north), {"number": 1}),
        (shapely.box(half, south, east, north), {"number": 2}),
    ]
    path = mapfiles.gdal(tmp_path / "grid.gpkg", rows, driver="GPKG", crs="EPSG:4326")
    told = answer(founded("basemap", "import", "suiyuan", path, "--target", "grid", "--json"))
    assert told["files"][0]["counts"] == {"grid": 2}
    with database.read() as session:
        rows = session.execute(
            select(Seat.number, Remit.area_code)
            .join(Remit, Remit.seat_id == Seat.id)
            .where(Seat.tier == DesignerTier.COMMUNITY)
        ).all()
    assert sorted(map(tuple, rows)) == [(1, "1"), (2, "2")]
    listed = answer(founded("neighborhood", "list", "--json"))["neighborhoods"]
    assert [(each["slug"], each["cells"]) for each in listed] == [("suiyuan", 2)]


def test_kml_and_csv_when_imported_as_places_then_found_by_name(founded, database, tmp_path):
    kml = tmp_path / "a.kml"
    kml.write_text(mapfiles.KML.replace("118.752", "118.765").replace("32.068", "32.055"), "utf-8")
    csv = tmp_path / "b.csv"
    csv.write_bytes("名称,经度,纬度\n随家仓,118.7715,32.0535\n".encode("gb18030"))
    founded("basemap", "import", "suiyuan", kml, "--target", "places")
    founded("basemap", "import", "suiyuan", csv, "--target", "places", "--crs", "gcj02", "--force")
    with database.read() as session:
        found = dict(session.execute(select(NamedPlace.name, NamedPlace.geom)).all())
    assert set(found) == {"槐荫巷口", "百步广场", "随家仓"}
    assert to_geom(found["随家仓"]).x == pytest.approx(118.7663, abs=3e-4)


def test_set_when_the_window_is_given_then_stored_and_the_rest_stays(founded):
    told = answer(
        founded(
            "neighborhood", "set", "suiyuan", "--collecting-from", "2026-10-01",
            "--collecting-until", "2026-10-31T20:00", "--json",
        )
    )  # fmt: skip
    assert told["collecting_from"] == "2026-09-30T16:00:00+00:00"
    opened = answer(
        founded("neighborhood", "set", "suiyuan", "--collecting-until", "none", "--json")
    )
    assert opened["collecting_from"] == "2026-09-30T16:00:00+00:00"
    assert opened["collecting_until"] is None
    assert founded("neighborhood", "set", "suiyuan", "--collecting-from", "soon").exit_code == 2
    backwards = founded("neighborhood", "set", "suiyuan", "--collecting-until", "2020-01-01")
    assert backwards.exception.fields == {"collecting_until": "ends_before_start"}
    missing = founded("neighborhood", "set", "nowhere", "--tolerance", "3")
    assert missing.exception.code == "neighborhood_not_found"


def test_calendar_when_a_year_is_not_announced_then_it_says_so(run, tmp_path):
    source = Path(__file__).parents[2] / "seed" / "reference" / "work_calendar.csv"
    told = answer(run("calendar", "import", source, "--json"))
    assert (told["version"], told["official_until"]) == (1, "2027-01-01")
    assert answer(run("calendar", "import", source, "--json"))["version"] == 1
    assert run("calendar", "show", "2027").stdout.startswith("2027: not announced")
    assert not answer(run("calendar", "show", "2027", "--json"))["official"]
    shown = run("calendar", "show", "2026").stdout
    assert shown.startswith("2026: official, version 1")
    assert "2026-10-01 Thu rest" in shown


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("date,is_workday\n2027-01-01,no\n", "calendar_columns"),
        ("date,is_workday,name,status,source\n2027-13-01,no,x,official,y\n", "calendar_line"),
        ("date,is_workday,name,status,source\n2027-01-01,maybe,x,official,y\n", "calendar_line"),
        (
            "date,is_workday,name,status,source\n2027-01-01,no,x,rumour,y\n",
            "calendar_without_official_days",
        ),
    ],
)
def test_calendar_when_the_file_is_wrong_then_refused(run, tmp_path, text, code):
    path = tmp_path / "c.csv"
    path.write_text(text, "utf-8")
    assert run("calendar", "import", path).exception.code == code


def test_import_when_interrupted_then_nothing_is_half_written(founded, database, tmp_path):
    rows = [
        (shapely.box(x, y, x + 1e-5, y + 1e-5), {"building": "yes"})
        for x in (118.7610 + 1e-4 * i for i in range(120))
        for y in (32.0510 + 1e-4 * j for j in range(90))
    ]
    path = mapfiles.geojson(tmp_path / "many.geojson", rows)
    command = [sys.executable, "-c", "from planner.cli import main; main()", "basemap", "import"]
    done = subprocess.Popen(
        [*command, "suiyuan", str(path)],
        env={**os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert done.stdout is not None
    assert b"building" in done.stdout.readline()
    done.send_signal(signal.SIGINT)
    _, said = done.communicate(timeout=60)
    assert done.returncode != 0, said
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(BaseFeature)) == 0
        assert session.scalar(select(func.count()).select_from(BaseLayer)) == 0
