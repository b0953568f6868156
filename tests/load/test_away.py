"""R7, R8, R14: the database is away, locked or its disk full; the answer is 503, then all goes on."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, text

from planner.app import all_metadata, create_app
from planner.core import migrate
from planner.core.db import Database
from planner.core.settings import Settings
from planner.marks.models import Mark
from tests.cluster import Cluster
from tests.factories.stage import make_stage
from tests.serving import Client, Reply, Serving, mark_body, post_mark

pytestmark = pytest.mark.slow
SQLITE_ONLY = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL this test may stop."""
    made = Cluster()
    made.start()
    yield made
    made.stop()


def furnish(cluster: Cluster) -> Database:
    """A migrated database with the neighborhood `here` on it."""
    admin = Database(f"{cluster.url}/postgres")
    with admin.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE planner"))
    admin.dispose()
    all_metadata()
    made = Database(f"{cluster.url}/planner")
    migrate.upgrade(made)
    with made.write() as session:
        make_stage(session)
    return made


def expect_away(reply: Reply) -> None:
    """503 with Retry-After, soon."""
    assert reply.status == 503, reply.body
    assert int(reply.headers["Retry-After"]) <= 30
    assert reply.seconds < 5


def test_postgres_when_it_goes_away_then_503_within_5_s_and_back_within_5_s(
    own_cluster: Cluster, tmp_path: Path
) -> None:
    database = furnish(own_cluster)
    serving = Serving(database, tmp_path)
    serving.start()
    client = Client(serving.port)
    assert post_mark(client).status == 201
    own_cluster.pause()
    for _ in range(2):
        expect_away(client.get("/n/here/"))
        expect_away(client.get("/api/v1/neighborhoods/here/marks"))
        expect_away(post_mark(client))
        expect_away(client.get("/healthz/ready"))
    assert client.get("/healthz/live").status == 200
    own_cluster.resume()
    began = time.monotonic()
    while post_mark(client).status != 201:
        assert time.monotonic() - began < 5, serving.log()[-1500:]
        time.sleep(0.2)
    assert client.get("/healthz/ready").status == 200
    assert serving.stop() == 0
    assert " 500 " not in serving.log()
    database.dispose()


def hold(database: Database, seconds: float) -> threading.Thread:
    """Another program takes the write lock of the file for a while."""
    held = threading.Event()

    def keep() -> None:
        other = Database(database.url)
        with other.write() as session:
            session.execute(select(func.count()).select_from(Mark))
            held.set()
            time.sleep(seconds)
        other.dispose()

    thread = threading.Thread(target=keep)
    thread.start()
    held.wait(5)
    return thread


@SQLITE_ONLY  # PostgreSQL has no lock of the whole database
def test_sqlite_when_locked_for_10_s_then_success_or_503_and_readers_go_on(
    furnished: Database, serving: Serving
) -> None:
    replies: list[Reply] = []
    holding = hold(furnished, 10)

    def send(number: int) -> None:
        client = Client(serving.port)
        for turn in range(3):
            replies.append(post_mark(client, number=number * 10 + turn))

    senders = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for sender in senders:
        sender.start()
    reading = Client(serving.port).get("/api/v1/neighborhoods/here/marks")
    for thread in [holding, *senders]:
        thread.join()
    assert {reply.status for reply in replies} <= {201, 503}
    assert all(reply.headers.get("Retry-After") for reply in replies if reply.status == 503)
    assert max(reply.seconds for reply in replies) < 11
    assert (reading.status, reading.seconds < 5) == (200, True)
    assert post_mark(Client(serving.port)).status == 201
    with furnished.read() as session:
        marks = session.scalar(select(func.count()).select_from(Mark))
    assert marks == 1 + sum(reply.status == 201 for reply in replies)


@SQLITE_ONLY  # a full disk of PostgreSQL needs a disk of its own
def test_sqlite_when_the_disk_is_full_then_503_earlier_marks_stay_and_writing_resumes(
    furnished: Database, tmp_path: Path
) -> None:
    """SQLite's own limit of pages gives the very error of a full disk."""
    settings = Settings(data_dir=tmp_path, secret_key="k" * 40, receipt_key=b"r" * 32)
    client = create_app(settings, furnished).test_client()

    def post(number: int) -> int:
        return client.post(
            "/api/v1/neighborhoods/here/marks",
            json=mark_body(number, reason="满" * 400),
            headers={"Idempotency-Key": str(uuid4())},
        ).status_code

    assert post(0) == 201
    with full_disk(furnished):
        statuses = [post(number) for number in range(1, 40)]
        assert 503 in statuses
        assert set(statuses) <= {201, 503}
        assert client.get("/api/v1/neighborhoods/here/marks").status_code == 200
    assert post(50) == 201
    with furnished.read() as session:
        marks = session.scalar(select(func.count()).select_from(Mark))
    assert marks == 2 + statuses.count(201)


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """The file may not grow by a page, whichever connection writes."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: Any, record: Any, proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(database.engine, "checkout", limit)
    yield
    event.remove(database.engine, "checkout", limit)
    database.dispose()


def test_cluster_when_paused_then_its_port_is_closed(own_cluster: Cluster) -> None:
    """The control: what the test calls away is away."""
    own_cluster.pause()
    found = subprocess.run(
        ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{own_cluster.port}"],
        capture_output=True,
        check=False,
    )
    own_cluster.resume()
    assert found.returncode != 0
