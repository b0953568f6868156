"""What the worker does for marks."""

from __future__ import annotations

from datetime import datetime

from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.places.models import Neighborhood
from planner.places.queries import neighborhoods

from .actions import retag
from .queries import stale_marks


def retag_all(database: Database, *, now: datetime) -> int:
    """Re-tag marks after grids were redrawn, at most 500 per neighborhood; 0 when nothing is left."""
    with database.read() as session:
        waiting = [here.id for here in neighborhoods(session) if stale_marks(session, here, 1)]
    return sum(_retag(database, now, neighborhood_id) for neighborhood_id in waiting)


def _retag(database: Database, now: datetime, neighborhood_id: int) -> int:
    with database.write() as session:
        here = session.get_one(Neighborhood, neighborhood_id)
        return retag(session, actor=SYSTEM, now=now, neighborhood=here)
