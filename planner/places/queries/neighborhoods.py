"""Which neighborhoods there are, how they measure, what they have set."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.geo import Metric, to_geom
from planner.core.settings import Settings

from ..models import Neighborhood
from ..rules import NeighborhoodSettings, settings_from


def neighborhood_by_slug(session: Session, slug: str) -> Neighborhood | None:
    """The neighborhood with this address, or None."""
    return session.scalars(select(Neighborhood).where(Neighborhood.slug == slug)).first()


def neighborhoods(session: Session) -> list[Neighborhood]:
    """All neighborhoods, the demo last."""
    wanted = select(Neighborhood).order_by(Neighborhood.is_demo, Neighborhood.name, Neighborhood.id)
    return list(session.scalars(wanted))


def settings_of(neighborhood: Neighborhood) -> NeighborhoodSettings:
    """The neighborhood's settings with defaults filled in."""
    return settings_from(neighborhood.settings or {})


def metric_of(neighborhood: Neighborhood) -> Metric:
    """Where metres of this neighborhood are measured."""
    return Metric(neighborhood.utm_srid)


def extent_of(
    neighborhood: Neighborhood, margin_m: float = 2_000
) -> tuple[float, float, float, float]:
    """Box in degrees beyond which a coordinate cannot be meant."""
    return metric_of(neighborhood).box_around(to_geom(neighborhood.boundary), margin_m)


def map_source(neighborhood: Neighborhood, settings: Settings) -> dict[str, str]:
    """Online tiles of the installation, if any, and what must be printed on the map.

    Keys: `tiles` (URL template, empty for none), `attribution` (source text), `review_number` (审图号).
    """
    own = settings_of(neighborhood)
    return {
        "tiles": settings.basemap_tiles,
        "attribution": (settings.basemap_attribution if settings.basemap_tiles else "")
        or own.map_source,
        "review_number": (settings.basemap_review_number if settings.basemap_tiles else "")
        or own.map_review_number,
    }
