"""`planner serve|worker` as processes: what they refuse, how they end, that they end together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.app import all_metadata
from planner.core import audit, migrate
from planner.core.actor import SYSTEM
from planner.core.db import Database, load_spatialite
from planner.core.settings import SettingsError
from tests.conftest import NOW
from tests.serving import PLANNER, Client, Serving, environment, planner

pytestmark = pytest.mark.slow


@pytest.fixture
def pair(database: Database, tmp_path: Path) -> Iterator[Serving]:
    """A server with its worker."""
    made = Serving(database, tmp_path, "--with-worker")
    made.start()
    yield made
    made.stop()


def children_of(pid: int) -> dict[str, int]:
    """`serve` and `worker` below a process: name -> process id."""
    found = {}
    listing = subprocess.check_output(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)], text=True
    )
    for line in listing.splitlines():
        number, _, words = line.strip().partition(" ")
        for name in ("serve", "worker"):
            if f"main() {name}" in words:
                found[name] = int(number)
    return found


def wait_until_gone(pids: list[int], seconds: float = 25) -> None:
    until = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() and not is_zombie(pid) for pid in pids):
        assert time.monotonic() < until, "a process outlived the others"
        time.sleep(0.1)


def is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_serve_when_asked_to_end_then_answers_until_then_and_ends_well(database, tmp_path):
    serving = Serving(database, tmp_path)
    serving.start()
    assert Client(serving.port).get("/").status == 200
    assert serving.stop() == 0
    with pytest.raises(ConnectionRefusedError):
        Client(serving.port).get("/")


def test_pair_when_asked_to_end_then_both_end_well(pair):
    children = children_of(pair.process.pid)
    assert set(children) == {"serve", "worker"}
    assert pair.stop() == 0
    wait_until_gone(list(children.values()))


@pytest.mark.parametrize("victim", ["serve", "worker"])
def test_pair_when_one_dies_then_the_other_ends_too_and_the_status_tells(pair, victim):
    children = children_of(pair.process.pid)
    os.kill(children[victim], signal.SIGKILL)
    assert pair.process.wait(30) != 0
    wait_until_gone(list(children.values()))


def test_pair_when_killed_itself_then_no_child_is_left(pair):
    children = children_of(pair.process.pid)
    os.kill(pair.process.pid, signal.SIGKILL)
    pair.process.wait(10)
    wait_until_gone(list(children.values()))


def test_pair_when_something_happens_then_the_worker_seals_it(pair, database):
    with database.write() as session:
        audit.record(session, actor=SYSTEM, now=NOW, verb="a", subject_kind="b", subject_id=1)
    until = time.monotonic() + 15
    while True:
        with database.read() as session:
            if audit.verify(session).sealed == 1:
                return
        assert time.monotonic() < until
        time.sleep(0.2)


def test_worker_when_told_to_stop_then_ends_well_and_soon(database, tmp_path):
    process = subprocess.Popen(
        [*PLANNER, "worker"],
        env=environment(database.url, tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "is running" in process.stdout.readline()
    process.terminate()
    process.communicate(timeout=15)
    assert process.returncode == 0


def test_worker_when_once_then_says_what_it_did(database, tmp_path):
    with database.write() as session:
        audit.record(session, actor=SYSTEM, now=NOW, verb="a", subject_kind="b", subject_id=1)
    ended = planner("worker", "--once", "--json", url=database.url, data_dir=tmp_path)
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert said["done"]["seal"] == 1
    assert said["failed"] == []


def test_worker_when_work_is_left_lying_then_check_tells(database, tmp_path):
    def check() -> subprocess.CompletedProcess[str]:
        return planner("worker", "--check", "--json", url=database.url, data_dir=tmp_path)

    assert check().returncode == 0
    with database.write() as session:
        audit.record(session, actor=SYSTEM, now=NOW, verb="a", subject_kind="b", subject_id=1)
    late = check()
    assert late.returncode == 1
    assert json.loads(late.stdout)["late"] is True
    planner("worker", "--once", url=database.url, data_dir=tmp_path)
    assert check().returncode == 0


def one_line(ended: subprocess.CompletedProcess[str]) -> str:
    """The refusal: one plain line, no traceback."""
    assert ended.returncode != 0
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("planner: ")
    return lines[0]


@pytest.mark.parametrize("command", [("serve",), ("worker", "--once"), ("serve", "--with-worker")])
def test_start_when_schema_is_behind_then_refused_in_one_line(database, tmp_path, command):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    ended = planner(*command, url=database.url, data_dir=tmp_path)
    assert "planner db upgrade" in one_line(ended)


def test_start_when_schema_is_newer_then_refused(database, tmp_path):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    ended = planner("serve", url=database.url, data_dir=tmp_path)
    assert "newer than this program" in one_line(ended)


@pytest.mark.parametrize(
    ("url", "settings", "words"),
    [
        ("", {}, "the database is empty: run 'planner db upgrade'"),
        ("", {"PLANNER_ENV": "production"}, "PLANNER_SECRET_KEY"),
        ("", {"PLANNER_ENV": "production", "PLANNER_SECRET_KEY": "k" * 32}, "PLANNER_HOSTS"),
        ("", {"PLANNER_ENV": "staging"}, "PLANNER_ENV must be"),
        ("", {"PLANNER_IDENTITY": "guess"}, "PLANNER_IDENTITY must be"),
        ("", {"PLANNER_NOTIFY_URLS": "nonsense://x"}, "PLANNER_NOTIFY_URLS"),
        ("", {"PLANNER_PROXIES": "two"}, "PLANNER_PROXIES must be"),
        ("", {"PLANNER_RECEIPT_KEY": "short"}, "PLANNER_RECEIPT_KEY must be"),
        ("postgresql+psycopg://x@127.0.0.1:9/x", {}, "the database does not answer"),
        ("mysql://x@127.0.0.1/x", {}, "PLANNER_DATABASE_URL"),
        ("nonsense", {}, "PLANNER_DATABASE_URL"),
    ],
)
def test_start_when_a_setting_is_wrong_then_refused_in_one_line(tmp_path, url, settings, words):
    if words == "PLANNER_NOTIFY_URLS":
        url = f"sqlite:///{tmp_path / 'current.sqlite'}"
        all_metadata()
        current = Database(url)
        migrate.upgrade(current)
        current.dispose()
    ended = planner("worker", "--once", url=url, data_dir=tmp_path, **settings)
    assert words in one_line(ended)


def test_start_when_more_processes_are_asked_of_sqlite_then_refused(database, tmp_path):
    if not database.is_one_process:
        pytest.skip("PostgreSQL is served by several")
    ended = planner("serve", "--workers", "2", url=database.url, data_dir=tmp_path)
    assert "one process" in one_line(ended)


def test_start_when_spatialite_is_missing_then_names_the_package():
    class WithoutSpatialite:
        def enable_load_extension(self, on: bool) -> None:
            pass

        def load_extension(self, name: str) -> None:
            raise RuntimeError(f"{name}.so: cannot open shared object file")

    with pytest.raises(SettingsError, match="apt-get install libsqlite3-mod-spatialite"):
        load_spatialite(WithoutSpatialite())


def test_start_when_the_port_is_taken_then_refused_at_once(database, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = planner("serve", "--port", port, url=database.url, data_dir=tmp_path)
        assert f"port {port}" in one_line(ended)


def test_module_when_imported_then_core_loads_no_web_framework():
    """The worker and the commands start without the web."""
    code = "import sys, planner.core.worker, planner.core.backup; print('flask' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
