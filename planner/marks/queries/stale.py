"""Marks whose tag is older than the grid in force."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.places.models import Neighborhood
from planner.places.queries import current_grid, current_revision

from ..models import Mark, PlaceTag


def stale_marks(session: Session, neighborhood: Neighborhood, limit: int) -> Sequence[Mark]:
    """Up to `limit` marks in no cell of the grid in force, last looked at before it was drawn."""
    revision = current_revision(session, neighborhood.id)
    if revision is None:
        return ()
    in_force = [cell.id for cell in current_grid(session, neighborhood)]
    return session.scalars(
        select(Mark)
        .join(PlaceTag, PlaceTag.mark_id == Mark.id)
        .where(
            Mark.neighborhood_id == neighborhood.id,
            Mark.grid_cell_id.is_(None) | Mark.grid_cell_id.not_in(in_force),
            PlaceTag.until.is_(None),
            PlaceTag.since < revision.valid_from,
        )
        .order_by(Mark.id)
        .limit(limit)
    ).all()
