"""Names people use: found by place, by words, as a list, and by poster."""

from __future__ import annotations

import orjson
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.core.geo import near_box, to_geom

from ..models import NamedPlace, Neighborhood, PosterPoint
from .neighborhoods import metric_of

NAME_WITHIN_M = 60


def nearest_name(session: Session, neighborhood: Neighborhood, point: BaseGeometry) -> str:
    """Name of the nearest named place within `NAME_WITHIN_M`, or an empty string."""
    metric = metric_of(neighborhood)
    found = session.scalars(
        select(NamedPlace).where(
            NamedPlace.neighborhood_id == neighborhood.id,
            near_box(NamedPlace.geom, metric.box_around(point, NAME_WITHIN_M)),
        )
    ).all()
    ranked = sorted(
        (metric.distance_m(to_geom(place.geom), point), place.id, place.name) for place in found
    )
    return ranked[0][2] if ranked and ranked[0][0] <= NAME_WITHIN_M else ""


def named_places(session: Session, neighborhood: Neighborhood) -> list[NamedPlace]:
    """All named places, by kind and name: the list for those who do not use the map."""
    return list(
        session.scalars(
            select(NamedPlace)
            .where(NamedPlace.neighborhood_id == neighborhood.id)
            .order_by(NamedPlace.kind, NamedPlace.name, NamedPlace.id)
        )
    )


def search_places(
    session: Session, neighborhood: Neighborhood, words: str, limit: int = 20
) -> list[NamedPlace]:
    """Named places whose name or alias contains the words."""
    pattern = "%" + words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    return list(
        session.scalars(
            select(NamedPlace)
            .where(
                NamedPlace.neighborhood_id == neighborhood.id,
                or_(
                    NamedPlace.name.ilike(pattern, escape="\\"),
                    NamedPlace.aliases.ilike(pattern, escape="\\"),
                ),
            )
            .order_by(NamedPlace.name, NamedPlace.id)
            .limit(limit)
        )
    )


def poster_point(session: Session, code: str) -> PosterPoint | None:
    """The poster point with this short code."""
    return session.scalars(select(PosterPoint).where(PosterPoint.code == code)).first()


def places_json(session: Session, neighborhood: Neighborhood) -> bytes:
    """Named places for search without network: `[[name, kind, aliases, lon, lat], …]`."""
    rows = [
        [place.name, place.kind, place.aliases, round(point.x, 6), round(point.y, 6)]
        for place in named_places(session, neighborhood)
        for point in (to_geom(place.geom),)
    ]
    return orjson.dumps(rows)
