"""What the worker does for marks."""

from __future__ import annotations

from datetime import datetime

from planner.core import storage
from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.places.models import Neighborhood
from planner.places.queries import neighborhoods

from .actions import forget_files, retag
from .queries import files_to_delete, stale_marks
from .rules import photo_names


def retag_all(database: Database, *, now: datetime) -> int:
    """Re-tag marks after grids were redrawn, at most 500 per neighborhood; 0 when nothing is left."""
    with database.read() as session:
        waiting = [here.id for here in neighborhoods(session) if stale_marks(session, here, 1)]
    return sum(_retag(database, now, neighborhood_id) for neighborhood_id in waiting)


def _retag(database: Database, now: datetime, neighborhood_id: int) -> int:
    with database.write() as session:
        here = session.get_one(Neighborhood, neighborhood_id)
        return retag(session, actor=SYSTEM, now=now, neighborhood=here)


def delete_files(database: Database, address: str, *, now: datetime) -> int:
    """Delete photo files no row names any more from the store at `address`; gives how many keys.

    The files go before their note: when the store is away, the note stays and they are tried again.
    """
    with database.read() as session:
        keys = files_to_delete(session, now)
    for key in keys:
        for name in photo_names(key):
            storage.delete(storage.open_store(address), name)
    if keys:
        with database.write() as session:
            forget_files(session, keys=keys)
    return len(keys)
