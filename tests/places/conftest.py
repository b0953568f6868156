"""Drafts and uploads for tests of the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.places import actions, queries
from planner.places.drafting import Draft, draft_from
from planner.places.models import Neighborhood
from planner.places.rules.features import Feature
from planner.places.terms import ImportTarget
from tests.conftest import NOW
from tests.factories.mapfiles import Row, in_datum

Drafter = Callable[..., Draft]
Taker = Callable[..., dict[str, int]]


def draft(
    session: Session,
    here: Neighborhood,
    rows: list[Row],
    *,
    target: ImportTarget = ImportTarget.BASE,
    datum: str = "wgs84",
    truth: str = "",
    **over: Any,
) -> Draft:
    """Rows in WGS84 as a file declared to be in `datum`; `truth` is what it really is in."""
    features = [
        Feature(line, in_datum(geom, truth or datum), {k: str(v) for k, v in tags.items()})
        for line, (geom, tags) in enumerate(rows, start=1)
    ]
    ground = queries.ground_of(session, here)
    return draft_from(features, target=target, datum=datum, ground=ground, **over)


def take(
    session: Session,
    here: Neighborhood,
    rows: list[Row],
    *,
    code: str = "file",
    source: str = "",
    force: bool = False,
    **over: Any,
) -> dict[str, int]:
    """Draft and take at once."""
    return actions.take_draft(
        session,
        actor=SYSTEM,
        now=NOW,
        neighborhood=here,
        draft=draft(session, here, rows, **over),
        origin=actions.Origin(code, source, "重新划分"),
        accept_doubt=force,
    )


@pytest.fixture
def reading_dir(tmp_path: Path) -> Path:
    """A directory for one test's files."""
    made = tmp_path / "files"
    made.mkdir()
    return made
