"""The worker reads uploads: once, in the open, and again when a reader died."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from sqlalchemy import select

from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.core.errors import Conflict
from planner.core.settings import Settings
from planner.places import actions, jobs, queries
from planner.places.models import BaseImport, Neighborhood
from planner.places.terms import ImportState, ImportTarget
from tests.conftest import NOW
from tests.factories import mapfiles
from tests.factories.places import make_neighborhood

HOUSE = shapely.box(118.7505, 32.0665, 118.7507, 32.0667)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path, secret_key="k" * 40)


@pytest.fixture
def upload(database: Database, tmp_path):
    """Puts a file of a neighborhood `here` into the queue; gives the import's id."""
    with database.write() as session:
        make_neighborhood(session)

    def put(content: bytes | None = None, **over) -> int:
        rows = [(HOUSE, {"building": "yes", "name": "银杏里1号楼"})]
        whole = content or mapfiles.geojson(tmp_path / "a.geojson", rows).read_bytes()
        given = {"filename": "底图.geojson", "content": whole, "target": ImportTarget.BASE} | over
        with database.write() as session:
            here = queries.neighborhood_by_slug(session, "here")
            made = actions.receive_import(
                session, actor=SYSTEM, now=NOW, neighborhood=here, upload=actions.Upload(**given)
            )
            return made.id

    return put


def stored(database: Database, number: int) -> BaseImport:
    with database.read() as session:
        found = session.get_one(BaseImport, number)
        assert (found.content is None) == (found.state is not ImportState.WAITING)
        return found


def test_reading_when_the_file_is_good_then_ready_with_what_was_read(database, settings, upload):
    number = upload()
    assert jobs.read_waiting(database, settings, NOW) == 1
    found = stored(database, number)
    assert (found.state, found.datum, found.done, found.total) == (ImportState.READY, "wgs84", 1, 1)
    assert found.summary["counts"] == {"building": 1}
    assert found.summary["preview"]["areas"].startswith("M")
    assert jobs.read_waiting(database, settings, NOW) == 0


def test_reading_when_the_file_is_bad_then_refused_with_its_lines(database, settings, upload):
    number = upload(b"name,lon,lat\na,x,1\n", filename="b.csv", datum="wgs84")
    assert jobs.read_waiting(database, settings, NOW) == 1
    found = stored(database, number)
    assert found.state is ImportState.REFUSED
    assert [(each["code"], each["line"]) for each in found.findings] == [
        ("features_faulty", 0),
        ("geometry_number", 2),
    ]


def test_reading_when_nobody_says_the_datum_then_refused(database, settings, upload):
    number = upload(b"name,lon,lat\na,118.751,32.067\n", filename="b.csv")
    jobs.read_waiting(database, settings, NOW)
    assert stored(database, number).findings[0]["code"] == "crs_needed"


def test_reading_when_its_reader_died_then_picked_up_after_the_claim(database, settings, upload):
    number = upload()
    with database.write() as session:
        held = session.get_one(BaseImport, number)
        held.state, held.attempts = ImportState.READING, 1
        held.claimed_until = NOW + timedelta(minutes=5)
    assert jobs.read_waiting(database, settings, NOW) == 0
    assert jobs.read_waiting(database, settings, NOW + timedelta(minutes=6)) == 1
    assert stored(database, number).state is ImportState.READY


def test_reading_when_readers_died_thrice_then_refused(database, settings, upload):
    number = upload()
    with database.write() as session:
        held = session.get_one(BaseImport, number)
        held.state, held.attempts = ImportState.READING, 3
        held.claimed_until = NOW - timedelta(minutes=5)
    assert jobs.read_waiting(database, settings, NOW) == 0
    found = stored(database, number)
    assert (found.state, found.findings[0]["code"]) == (ImportState.REFUSED, "reader_died")


def test_reading_when_dropped_meanwhile_then_it_stays_dropped(database, settings, upload):
    number = upload()
    claimed = jobs._claim(database, NOW)
    with database.write() as session:
        held = session.get_one(BaseImport, number)
        here = session.get_one(Neighborhood, held.neighborhood_id)
        actions.drop_import(session, actor=SYSTEM, now=NOW, neighborhood=here, base_import=held)
    with database.write() as session:
        assert jobs._still_ours(session, claimed) is None
    assert jobs.read_waiting(database, settings, NOW + timedelta(hours=1)) == 0
    assert stored(database, number).state is ImportState.DROPPED


def test_reading_when_two_workers_ask_then_each_takes_its_own(database, settings, upload):
    first, second = upload(), upload()
    claims = [jobs._claim(database, NOW), jobs._claim(database, NOW)]
    assert [claim.id for claim in claims if claim] == [first, second]
    assert jobs._claim(database, NOW) is None


def test_confirming_when_done_twice_then_once(database, settings, upload):
    number = upload()
    jobs.read_waiting(database, settings, NOW)
    with database.write() as session:
        held = session.get_one(BaseImport, number)
        here = session.get_one(Neighborhood, held.neighborhood_id)
        given = {"actor": SYSTEM, "now": NOW, "neighborhood": here, "base_import": held}
        draft = jobs.draft_of(session, here, held)
        assert actions.confirm_import(session, **given, draft=draft) == {"building": 1}
        assert [layer.code for layer, _ in queries.layers_of(session, here)] == ["底图.building"]
        with pytest.raises(Conflict, match="import_gone"):
            actions.confirm_import(session, **given, draft=draft)
        with pytest.raises(Conflict, match="import_gone"):
            actions.drop_import(session, **given)


def test_uploads_when_too_many_wait_then_the_next_is_refused(database, upload):
    for _ in range(10):
        upload()
    with pytest.raises(Conflict, match="imports_waiting"):
        upload()
    with database.read() as session:
        assert len(session.scalars(select(BaseImport.id)).all()) == 10


@pytest.mark.parametrize(
    ("filename", "code"),
    [
        ("osm_roads.geojson", "osm_roads"),
        ("C:\\资料\\底图 (2).shp.zip", "底图--2"),
        ("../../x.kml", "x"),
        ("....", "layer"),
        ("很" * 90 + ".csv", "很" * 28),
    ],
)
def test_code_when_from_a_file_name_then_short_and_plain(filename, code):
    assert actions.origin_code(filename) == code
