"""Both databases for every test that asks for one: a migrated template, copied for each test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from planner.app import all_metadata, create_app
from planner.core import migrate
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
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


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


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty migrated database of its own for one test, on both engines in turn."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "planner.sqlite"
        shutil.copy(template, path)
        made = Database(f"sqlite:///{path}")
        yield made
        made.dispose()
        return
    template_name: str = request.getfixturevalue("postgres_template")
    name = f"test_{uuid.uuid4().hex[:12]}"
    _postgres_admin(f"CREATE DATABASE {name} TEMPLATE {template_name}")
    made = Database(f"{os.environ['PLANNER_TEST_PG']}/{name}")
    yield made
    made.dispose()
    _postgres_admin(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what is flushed is gone at the end."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """The real application on the test's database."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=database.url,
        secret_key="k" * 40,
        receipt_key=b"r" * 32,
        storage_url=str(tmp_path / "photos"),
    )
    made = create_app(settings, database)
    made.config["TESTING"] = False
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser without JavaScript."""
    return app.test_client()
