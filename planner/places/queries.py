"""Reads of the places room."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Neighborhood


def neighborhood_by_slug(session: Session, slug: str) -> Neighborhood | None:
    """The neighborhood with this address, or None."""
    return session.scalars(select(Neighborhood).where(Neighborhood.slug == slug)).first()
