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
from planner.places.queries import current_grid, locate

from ..models import Mark, PlaceTag


def retag(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, limit: int = 500
) -> int:
    """Re-tag up to `limit` marks whose cell is not of the grid in force; give how many changed.

    Idempotent: run it until it gives 0. A mark that no longer lies inside keeps its last tag.
    """
    in_force = [cell.id for cell in current_grid(session, neighborhood)]
    if not in_force:
        return 0
    stale = session.scalars(
        select(Mark)
        .where(
            Mark.neighborhood_id == neighborhood.id,
            Mark.grid_cell_id.is_(None) | Mark.grid_cell_id.not_in(in_force),
        )
        .order_by(Mark.id)
        .limit(limit)
    ).all()
    changed = 0
    for mark in stale:
        try:
            place = locate(session, neighborhood, to_geom(mark.geom))
        except OutsideArea:
            continue
        if place.grid_cell_id is None:
            continue
        _move(session, now, mark, place.grid_cell_id, place.building_id)
        mark.community_id = place.community_id
        changed += 1
    if changed:
        audit.record(
            session,
            actor=actor,
            now=now,
            verb="mark.retag",
            subject_kind="neighborhood",
            subject_id=neighborhood.slug,
            neighborhood_id=neighborhood.id,
            facts={"marks": changed},
        )
    session.flush()
    return changed


def _move(session: Session, now: datetime, mark: Mark, cell: int, building: int | None) -> None:
    for tag in session.scalars(
        select(PlaceTag).where(PlaceTag.mark_id == mark.id, PlaceTag.until.is_(None))
    ):
        tag.until = now
    session.add(PlaceTag(mark_id=mark.id, grid_cell_id=cell, building_id=building, since=now))
    mark.grid_cell_id, mark.grid_is_chosen = cell, False
    mark.building_id = building
