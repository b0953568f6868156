"""One chain on two databases: up one by one, no drift, down to nothing, and up again."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from planner.app import all_metadata
from planner.core import migrate
from planner.core.db import Database
from tests.conftest import ENGINES, _postgres_admin


@pytest.fixture(params=ENGINES)
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table of ours."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'blank.sqlite'}")
        yield made
        made.dispose()
        return
    name = f"blank_{uuid.uuid4().hex[:10]}"
    _postgres_admin(f"CREATE DATABASE {name}")
    made = Database(f"{os.environ['PLANNER_TEST_PG']}/{name}")
    yield made
    made.dispose()
    _postgres_admin(f"DROP DATABASE {name} WITH (FORCE)")


def own_tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) & set(all_metadata().tables)


def test_chain_when_run_step_by_step_then_no_drift_and_nothing_is_left_behind(
    blank: Database,
) -> None:
    for revision in migrate.revisions():
        migrate.upgrade(blank, revision)
        assert migrate.current(blank) == revision
    assert migrate.drift(blank) == []
    assert own_tables(blank) == set(all_metadata().tables)
    migrate.downgrade(blank, "base")
    assert own_tables(blank) == set()
    migrate.upgrade(blank)
    assert migrate.drift(blank) == []


def test_demo_when_taken_down_a_step_and_up_again_then_rows_below_it_are_whole(
    demo: Database,
) -> None:
    with demo.read() as session:
        before = session.connection().exec_driver_sql("SELECT count(*) FROM routing_case").scalar()
    migrate.downgrade(demo, migrate.revisions()[-2])
    migrate.upgrade(demo)
    assert migrate.drift(demo) == []
    with demo.read() as session:
        after = session.connection().exec_driver_sql("SELECT count(*) FROM routing_case").scalar()
    assert after == before
    assert before


def test_revisions_when_listed_then_numbered_without_gap() -> None:
    assert [int(name) for name in migrate.revisions()] == list(
        range(1, len(migrate.revisions()) + 1)
    )
