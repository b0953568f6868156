"""Files made to hurt: refused, and nothing but the file itself was read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from planner.core.errors import Invalid, TooLarge
from planner.places.reading import Bounds, read_foreign
from planner.places.reading.bounds import MEGABYTE, child_environment
from planner.places.terms import MESSAGES
from tests.factories import mapfiles

ONE = b'{"type":"Point","coordinates":[118.75,32.06]}'


def refusal(path: Path, **bounds) -> str:
    with pytest.raises(Invalid) as caught:
        read_foreign(path, bounds=Bounds(**bounds))
    assert caught.value.code in MESSAGES
    return caught.value.code


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Another local file that no upload may show."""
    path = tmp_path / "secret.csv"
    path.write_text("password,lon,lat\nhunter2,118.75,32.06\n", "utf-8")
    return path


def test_gdal_when_left_to_guess_then_vrt_text_reads_another_file(secret, tmp_path):
    """The danger is real: without our guard the secret comes out."""
    path = tmp_path / "trap.geojson"
    path.write_text(mapfiles.VRT.format(path=secret), "utf-8")
    script = f"import pyogrio; print(pyogrio.raw.read({str(path)!r})[3])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "hunter2" in done.stdout


@pytest.mark.parametrize("name", ["trap.geojson", "trap.kml", "trap.gpkg", "trap.csv", "trap.shp"])
def test_vrt_text_when_under_any_name_then_refused(secret, tmp_path, name):
    path = tmp_path / name
    path.write_text(mapfiles.VRT.format(path=secret), "utf-8")
    assert refusal(path) == "file_kind"


@pytest.mark.parametrize("head", ["", "<!-- <kml> -->", "<kml/>"])
def test_vrt_text_when_dressed_up_or_zipped_then_refused(secret, tmp_path, head):
    text = (head + mapfiles.VRT.format(path=secret)).encode()
    path = mapfiles.zipped(tmp_path / "a.zip", {"a.shp": text, "a.kml": text})
    assert refusal(path) in ("file_kind", "file_unreadable")


def test_drivers_when_listed_in_the_child_then_only_ours_are_there():
    script = "import pyogrio; print(sorted(pyogrio.list_drivers()))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=child_environment("/", ""),
    )
    assert done.stdout.strip() == "['ESRI Shapefile', 'GPKG', 'KML', 'LIBKML', 'MEM']"


def test_child_when_locked_down_then_it_has_no_network_and_bounded_memory():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        script = (
            "from planner.places.reading.bounds import Bounds, lock_down\n"
            "import socket, sys\n"
            "lock_down(Bounds(memory_bytes=400 << 20))\n"
            "try:\n bytearray(600 << 20); print('memory')\nexcept MemoryError: pass\n"
            f"try:\n socket.create_connection(('127.0.0.1', {port}), 1); print('network')\n"
            "except OSError: pass\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env=child_environment("/", ""),
        )
    assert "memory" not in done.stdout
    if subprocess.run(["unshare", "-Un", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this kernel gives no network of one's own")
    assert "network" not in done.stdout


def test_child_when_started_then_it_sees_no_setting_and_no_key(monkeypatch):
    monkeypatch.setenv("PLANNER_SECRET_KEY", "s" * 40)
    assert not any("PLANNER" in name for name in child_environment("/tmp", "/code"))


@pytest.mark.parametrize(
    "name", ["../a.geojson", "/etc/a.geojson", "x/../../a.geojson", "C:\\a.json"]
)
def test_archive_when_a_name_climbs_out_then_refused(tmp_path, name):
    assert refusal(mapfiles.zipped(tmp_path / "a.zip", {name: ONE})) == "archive_path"


def test_archive_when_a_member_is_a_link_then_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("a.geojson")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(path) == "archive_path"


def test_archive_when_it_would_burst_then_refused_before_it_does(tmp_path):
    path = mapfiles.zipped(tmp_path / "a.zip", {"a.csv": b"0" * (30 * MEGABYTE)})
    assert path.stat().st_size < 100_000
    assert refusal(path) == "archive_bomb"


def test_archive_when_its_index_lies_about_sizes_then_the_bytes_are_counted(tmp_path):
    path = mapfiles.zipped(tmp_path / "a.zip", {"a.csv": os.urandom(64) * 40_000})
    raw = path.read_bytes().replace((64 * 40_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(raw)
    assert refusal(path, unpacked_bytes=MEGABYTE) in ("archive_bomb", "file_unreadable")


def test_archive_when_it_has_too_many_members_or_none_of_ours_then_refused(tmp_path):
    many = {f"{number}.txt": b"x" for number in range(61)}
    assert refusal(mapfiles.zipped(tmp_path / "a.zip", many)) == "archive_members"
    nested = {"inner.zip": mapfiles.zipped(tmp_path / "i.zip", {"a.json": ONE}).read_bytes()}
    assert refusal(mapfiles.zipped(tmp_path / "b.zip", nested)) == "file_kind"
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04" + b"\x00" * 40)
    assert refusal(tmp_path / "c.zip") == "file_unreadable"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[" * 100_000, {"file_kind"}),
        ('{"a":' * 50_000, {"file_json"}),
        ('{"type":"Polygon","coordinates":' + "[" * 900 + "]" * 900 + "}", {"features_faulty"}),
        ('{"type":"GeometryCollection","geometries":[]}', {"features_faulty"}),
        ('{"type":"Point","coordinates":[1e999,2]}', {"features_faulty", "file_json"}),
        ('{"type":"Point","coordinates":["1","2"]}', {"features_faulty"}),
        ('{"type":"FeatureCollection","features":7}', {"file_kind"}),
        ('{"type":"FeatureCollection","features":[7]}', {"features_faulty"}),
        (
            'name,WKT\na,"' + "GEOMETRYCOLLECTION(" * 20_000 + '"\n',
            {"features_faulty", "file_unreadable"},
        ),
        ("", {"csv_columns"}),
        ("just text", {"csv_columns"}),
    ],
)
def test_text_when_nested_huge_or_odd_then_refused_in_a_moment(tmp_path, text, codes):
    path = tmp_path / "a.geojson"
    path.write_text(text, "utf-8")
    start = time.monotonic()
    assert refusal(path) in codes
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    "head", [b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"\x89PNG\r\n\x1a\n\x00"]
)
def test_bytes_when_only_the_head_is_right_then_refused(tmp_path, head):
    path = tmp_path / "a.gpkg"
    path.write_bytes(head + os.urandom(5_000))
    assert refusal(path) in ("file_unreadable", "file_kind", "file_empty", "reader_died")


def test_file_when_too_long_or_too_full_then_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("lon,lat\n" + "118.75,32.06\n" * 300, "utf-8")
    assert refusal(path, features=200) == "too_many_features"
    line = "LINESTRING (" + ", ".join(f"118.{number:03} 32" for number in range(500)) + ")"
    (tmp_path / "b.csv").write_text(f'WKT\n"{line}"\n', "utf-8")
    assert refusal(tmp_path / "b.csv", vertices=400) == "too_many_points"
    with pytest.raises(TooLarge):
        read_foreign(path, bounds=Bounds(file_bytes=100))


def test_reader_when_it_takes_too_long_then_it_is_stopped(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("lon,lat\n" + "118.75,32.06\n" * 29_000, "utf-8")
    start = time.monotonic()
    assert refusal(path, wall_seconds=0.15) == "file_too_costly"
    assert time.monotonic() - start < 5


def test_reader_when_memory_runs_out_then_it_says_so_and_we_live_on(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(
        b'{"type":"FeatureCollection","features":[' + b",".join([ONE] * 200_000) + b"]}"
    )
    assert refusal(path, memory_bytes=160 * MEGABYTE) in ("file_too_costly", "reader_died")
