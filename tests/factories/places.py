"""Builders for places: a small square neighborhood at the demo's real extent with a 2 × 2 grid."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planner.core.geo import to_element, to_geom
from planner.places.models import (
    Building,
    Community,
    Estate,
    GridCell,
    GridRevision,
    NamedPlace,
    Neighborhood,
    PosterPoint,
    RestrictedArea,
)
from tests.conftest import NOW

WEST, SOUTH, EAST, NORTH = 118.750, 32.066, 118.754, 32.070
MIDDLE = (118.752, 32.068)


def multi(geom: BaseGeometry) -> Any:
    """A polygon as the stored multipolygon."""
    return to_element(shapely.MultiPolygon([geom]) if geom.geom_type == "Polygon" else geom)


def make_neighborhood(session: Session, *, shift: float = 0.0, **over: Any) -> Neighborhood:
    """A square of about 380 × 440 m; `shift` moves it east in degrees."""
    values: dict[str, Any] = {
        "slug": "here",
        "name": "此处街区",
        "boundary": multi(shapely.box(WEST + shift, SOUTH, EAST + shift, NORTH)),
        "utm_srid": 32650,
        "tolerance_m": 30,
        "settings": {},
        "created_at": NOW,
    }
    made = Neighborhood(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_community(
    session: Session, neighborhood: Neighborhood, code: str = "c1", **over: Any
) -> Community:
    """A community; by default the whole square."""
    values: dict[str, Any] = {
        "neighborhood_id": neighborhood.id,
        "code": code,
        "name": f"社区{code}",
        "geom": neighborhood.boundary,
    }
    made = Community(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_grid(
    session: Session, neighborhood: Neighborhood, *, community: Community | None = None
) -> list[GridCell]:
    """Four cells: 1 south-west, 2 south-east, 3 north-west, 4 north-east."""
    revision = GridRevision(
        neighborhood_id=neighborhood.id, number=1, valid_from=NOW, reason="初次划定"
    )
    session.add(revision)
    session.flush()
    west, south, east, north = to_geom(neighborhood.boundary).bounds
    mid_x, mid_y = (west + east) / 2, (south + north) / 2
    boxes = [
        (west, south, mid_x, mid_y),
        (mid_x, south, east, mid_y),
        (west, mid_y, mid_x, north),
        (mid_x, mid_y, east, north),
    ]
    cells = [
        GridCell(
            revision_id=revision.id,
            neighborhood_id=neighborhood.id,
            community_id=community.id if community else None,
            number=number,
            code=f"g{number}",
            geom=multi(shapely.box(*box)),
        )
        for number, box in enumerate(boxes, start=1)
    ]
    session.add_all(cells)
    session.flush()
    return cells


def make_building(
    session: Session, neighborhood: Neighborhood, geom: BaseGeometry, **over: Any
) -> Building:
    """A building with this footprint."""
    values: dict[str, Any] = {
        "neighborhood_id": neighborhood.id,
        "code": "b1",
        "name": "1号楼",
        "use": "home",
        "households": 24,
        "geom": multi(geom),
    }
    made = Building(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_estate(
    session: Session, neighborhood: Neighborhood, geom: BaseGeometry, **over: Any
) -> Estate:
    """A housing compound."""
    values: dict[str, Any] = {
        "neighborhood_id": neighborhood.id,
        "code": "e1",
        "name": "银杏里小区",
        "geom": multi(geom),
    }
    made = Estate(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_named_place(
    session: Session, neighborhood: Neighborhood, name: str, lon: float, lat: float, **over: Any
) -> NamedPlace:
    """A named place."""
    values: dict[str, Any] = {
        "neighborhood_id": neighborhood.id,
        "name": name,
        "kind": "lane",
        "geom": to_element(shapely.Point(lon, lat)),
    }
    made = NamedPlace(**{**values, **over})
    session.add(made)
    session.flush()
    return made


def make_mask(session: Session, neighborhood: Neighborhood, geom: BaseGeometry) -> RestrictedArea:
    """A restricted area."""
    made = RestrictedArea(
        neighborhood_id=neighborhood.id, reason="不便标注的区域", geom=multi(geom)
    )
    session.add(made)
    session.flush()
    return made


def make_poster(session: Session, neighborhood: Neighborhood, code: str = "p1") -> PosterPoint:
    """A poster in the middle."""
    made = PosterPoint(
        neighborhood_id=neighborhood.id,
        code=code,
        name="巷口",
        geom=to_element(shapely.Point(*MIDDLE)),
    )
    session.add(made)
    session.flush()
    return made
