"""Handling units and their members."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit


def units(session: Session, neighborhood_id: int) -> list[HandlingUnit]:
    """Handling units in use, neighborhood-wide ones first."""
    return list(
        session.scalars(
            select(HandlingUnit)
            .where(
                HandlingUnit.neighborhood_id == neighborhood_id, HandlingUnit.retired_at.is_(None)
            )
            .order_by(HandlingUnit.community_id.is_not(None), HandlingUnit.code, HandlingUnit.id)
        )
    )


def unit_for(
    session: Session, neighborhood_id: int, code: str, community_id: int | None
) -> HandlingUnit | None:
    """The unit of that code for a place: the community's own first, then the neighborhood's."""
    found = [
        unit
        for unit in units(session, neighborhood_id)
        if unit.code == code and unit.community_id in (None, community_id)
    ]
    found.sort(key=lambda unit: (unit.community_id is None, unit.id))
    return found[0] if found else None
