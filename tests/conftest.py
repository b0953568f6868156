"""Both databases for every test that asks for one: a migrated template, copied for each test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from planner.app import all_metadata, create_app
from planner.cli.seed import seed_demo
from planner.core import migrate
from planner.core.clock import utc_now
from planner.core.db import Database
from planner.core.settings import Settings

from .cluster import Cluster

NOW = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
"""The tests' usual instant: Monday 2026-09-21, 10:00 in Nanjing."""

ENGINES = ("sqlite", "postgres")
_CLUSTER: Cluster | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start one cluster for all workers."""
    global _CLUSTER
    is_controller = not hasattr(config, "workerinput")
    if is_controller and not os.environ.get("PLANNER_TEST_PG") and not config.option.collectonly:
        _CLUSTER = Cluster()
        _CLUSTER.start()
        os.environ["PLANNER_TEST_PG"] = _CLUSTER.url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster this process started."""
    if _CLUSTER is not None:
        _CLUSTER.stop()
        os.environ.pop("PLANNER_TEST_PG", None)


def shared_data() -> Path | None:
    """Real data beside the project; None where it is absent."""
    place = Path(
        os.environ.get("PLANNER_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")
    )
    return place if place.is_dir() else None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The directory of real data, or a skip."""
    place = shared_data()
    if place is None:
        pytest.skip("real data is not here")
    return place


def _postgres_admin(statement: str) -> None:
    engine = create_engine(
        f"{os.environ['PLANNER_TEST_PG']}/postgres", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SpatiaLite file."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    all_metadata()
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    _settle(database)
    return path


def _settle(database: Database) -> None:
    """Bring everything into the one file and let go of it."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    database.dispose()


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """Name of a migrated, empty PostGIS database."""
    name = f"template_{uuid.uuid4().hex[:10]}"
    _postgres_admin(f"CREATE DATABASE {name}")
    all_metadata()
    database = Database(f"{os.environ['PLANNER_TEST_PG']}/{name}")
    migrate.upgrade(database)
    database.dispose()
    yield name
    _postgres_admin(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _copy_of(engine: str, template: str, place: Path) -> Iterator[Database]:
    """A database of its own, copied from a template, gone afterwards."""
    if engine == "sqlite":
        path = place / "planner.sqlite"
        shutil.copy(template, path)
        made = Database(f"sqlite:///{path}")
        yield made
        made.dispose()
        return
    name = f"test_{uuid.uuid4().hex[:12]}"
    _postgres_admin(f"CREATE DATABASE {name} TEMPLATE {template}")
    made = Database(f"{os.environ['PLANNER_TEST_PG']}/{name}")
    yield made
    made.dispose()
    _postgres_admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty migrated database of its own for one test, on both engines in turn."""
    template = request.getfixturevalue(f"{request.param}_template")
    with _copy_of(request.param, str(template), tmp_path) as made:
        yield made


def settings_for(url: str, place: Path) -> Settings:
    """The tests' usual settings."""
    return Settings(
        data_dir=place,
        database_url=url,
        secret_key="k" * 40,
        receipt_key=b"r" * 32,
        storage_url=str(place / "photos"),
    )


@pytest.fixture(scope="session")
def demo_templates(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """Databases with the demo, seeded at the first use of each engine."""
    made = _DemoTemplates(tmp_path_factory.mktemp("demo"), request)
    yield made
    made.drop()


class _DemoTemplates(dict[str, str]):
    def __init__(self, place: Path, request: pytest.FixtureRequest) -> None:
        super().__init__()
        self.place, self.request = place, request

    def __missing__(self, engine: str) -> str:
        empty = str(self.request.getfixturevalue(f"{engine}_template"))
        if engine == "sqlite":
            made = str(self.place / "demo.sqlite")
            shutil.copy(empty, made)
            url = f"sqlite:///{made}"
        else:
            made = f"demo_{uuid.uuid4().hex[:10]}"
            _postgres_admin(f"CREATE DATABASE {made} TEMPLATE {empty}")
            url = f"{os.environ['PLANNER_TEST_PG']}/{made}"
        database = Database(url)
        with database.write() as session:
            seed_demo(session, now=utc_now(), settings=settings_for(url, self.place))
        _settle(database)
        self[engine] = made
        return made

    def drop(self) -> None:
        if "postgres" in self:
            _postgres_admin(f"DROP DATABASE {self['postgres']} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def demo(
    request: pytest.FixtureRequest, demo_templates: dict[str, str], tmp_path: Path
) -> Iterator[Database]:
    """The seeded demo in a database of its own, on both engines in turn."""
    with _copy_of(request.param, demo_templates[request.param], tmp_path) as made:
        yield made


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what is flushed is gone at the end."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """The real application on the test's database."""
    return app_on(database, tmp_path)


def app_on(database: Database, place: Path) -> Flask:
    """The real application on a database, its forms without CSRF token."""
    made = create_app(settings_for(database.url, place), database)
    made.config["TESTING"] = False
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without JavaScript."""
    return app.test_client()
