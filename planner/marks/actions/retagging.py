"""After grids are redrawn: each mark gets its new cell, and the old one stays with its dates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import OutsideArea
from planner.core.geo import to_geom
from planner.places.models import Neighborhood
from planner.places.queries import PlaceFacts, locate

from ..models import Mark, PlaceTag
from ..queries import stale_marks

NOWHERE = PlaceFacts()


def retag(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, limit: int = 500
) -> int:
    """Look again at up to `limit` marks tagged before the grid in force; give how many.

    Idempotent: run it until it gives 0. A mark that lies in no cell any more has none from now on.
    """
    stale = stale_marks(session, neighborhood, limit)
    for mark in stale:
        _move(session, now, mark, _place(session, neighborhood, mark))
    if stale:
        audit.record(
            session,
            actor=actor,
            now=now,
            verb="mark.retag",
            subject_kind="neighborhood",
            subject_id=neighborhood.slug,
            neighborhood_id=neighborhood.id,
            facts={"marks": len(stale)},
        )
    session.flush()
    return len(stale)


def _place(session: Session, neighborhood: Neighborhood, mark: Mark) -> PlaceFacts:
    try:
        return locate(session, neighborhood, to_geom(mark.geom))
    except OutsideArea:
        return NOWHERE


def _move(session: Session, now: datetime, mark: Mark, place: PlaceFacts) -> None:
    for tag in session.scalars(
        select(PlaceTag).where(PlaceTag.mark_id == mark.id, PlaceTag.until.is_(None))
    ):
        tag.until = now
    session.add(
        PlaceTag(
            mark_id=mark.id,
            grid_cell_id=place.grid_cell_id,
            building_id=place.building_id,
            since=now,
        )
    )
    mark.grid_cell_id, mark.grid_is_chosen = place.grid_cell_id, False
    mark.building_id = place.building_id
    mark.community_id = place.community_id or mark.community_id
