"""A neighborhood on the test's database, and a server in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.core.db import Database
from tests.factories.stage import make_stage
from tests.serving import Serving


def is_soak() -> bool:
    """Whether the long forms run (`make soak`)."""
    return os.environ.get("PLANNER_SOAK") == "1"


@pytest.fixture
def furnished(database: Database) -> Database:
    """The test's database with the neighborhood `here`."""
    with database.write() as session:
        make_stage(session)
    return database


@pytest.fixture
def serving(furnished: Database, tmp_path: Path) -> Iterator[Serving]:
    """A running server."""
    made = Serving(furnished, tmp_path)
    made.start()
    yield made
    made.stop()
