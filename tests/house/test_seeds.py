"""Seeding twice gives the same rows, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from planner.app import all_metadata
from planner.cli.seed import seed_demo
from planner.core.clock import utc_now
from planner.core.db import Database
from tests.conftest import settings_for


def counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in all_metadata().sorted_tables
        }


def test_demo_when_seeded_a_second_time_then_no_row_is_added(
    demo: Database, tmp_path: Path
) -> None:
    before = counts(demo)
    with demo.write() as session:
        seed_demo(session, now=utc_now(), settings=settings_for(demo.url, tmp_path))
    assert counts(demo) == before
    assert before["marks_mark"] >= 25
    assert before["accounts_seat"] == 21
    assert before["places_grid_cell"] == 12
