"""Where a geometry lies: membership by geometry alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.errors import OutsideArea
from planner.core.geo import Metric, covers, intersects, near_box, to_geom

from ..models import (
    Building,
    Community,
    Estate,
    GridCell,
    GridRevision,
    Neighborhood,
    RestrictedArea,
)
from .names import nearest_name
from .neighborhoods import metric_of, settings_of

TOUCH_M = 0.001


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Where a geometry lies. Ids and numbers of its representative point; `grid_numbers` are all touched."""

    in_tolerance_strip: bool = False
    grid_cell_id: int | None = None
    grid_number: int | None = None
    grid_numbers: tuple[int, ...] = ()
    near_border_numbers: tuple[int, ...] = ()
    community_id: int | None = None
    community_code: str | None = None
    estate_id: int | None = None
    estate_code: str | None = None
    building_id: int | None = None
    building_code: str | None = None
    length_m: float = 0.0
    area_m2: float = 0.0
    place_name: str = ""


def locate(session: Session, neighborhood: Neighborhood, geom: BaseGeometry) -> PlaceFacts:
    """Membership of a WGS84 geometry by geometry alone.

    Raises:
        OutsideArea: any part lies beyond the tolerance strip, or it touches a restricted area.
    """
    metric = metric_of(neighborhood)
    in_strip = _check_boundary(neighborhood, metric, geom)
    _check_restricted(session, neighborhood, geom)
    point = geom if geom.geom_type == "Point" else _representative(geom)
    cells = _grid_cells(session, neighborhood, metric, geom)
    border = settings_of(neighborhood).border_m
    home = _nearest_cell(cells, metric, point, neighborhood.tolerance_m)
    near = tuple(
        cell.number
        for cell, shape in cells
        if metric.distance_m(shape, geom) <= border and cell is not home
    )
    community = _one(session, Community, neighborhood, point)
    estate = _one(session, Estate, neighborhood, geom)
    building = _one(session, Building, neighborhood, point)
    return PlaceFacts(
        in_tolerance_strip=in_strip,
        grid_cell_id=home.id if home else None,
        grid_number=home.number if home else None,
        grid_numbers=tuple(
            sorted(c.number for c, shape in cells if metric.distance_m(shape, geom) <= TOUCH_M)
        ),
        near_border_numbers=near,
        community_id=community.id if community else (home.community_id if home else None),
        community_code=community.code if community else None,
        estate_id=estate.id if estate else None,
        estate_code=estate.code if estate else None,
        building_id=building.id if building else None,
        building_code=building.code if building else None,
        length_m=metric.length_m(geom) if geom.geom_type == "LineString" else 0.0,
        area_m2=metric.area_m2(geom),
        place_name=nearest_name(session, neighborhood, point),
    )


def _representative(geom: BaseGeometry) -> shapely.Point:
    if geom.geom_type == "LineString":
        return shapely.line_interpolate_point(geom, 0.5, normalized=True)
    return geom.representative_point()


def _check_boundary(neighborhood: Neighborhood, metric: Metric, geom: BaseGeometry) -> bool:
    boundary = to_geom(neighborhood.boundary)
    if shapely.covers(boundary, geom):
        return False
    reach = metric.project(boundary).buffer(neighborhood.tolerance_m)
    if not shapely.covers(reach, metric.project(geom)):
        raise OutsideArea(fields={"geometry": "outside_area"})
    return True


def _check_restricted(session: Session, neighborhood: Neighborhood, geom: BaseGeometry) -> None:
    mask = session.scalars(
        select(RestrictedArea).where(
            RestrictedArea.neighborhood_id == neighborhood.id, intersects(RestrictedArea.geom, geom)
        )
    ).first()
    if mask is not None:
        raise OutsideArea(
            "restricted_area", fields={"geometry": "restricted_area"}, reason=mask.reason
        )


def current_revision(session: Session, neighborhood_id: int) -> GridRevision | None:
    """The grid drawing in force."""
    return session.scalars(
        select(GridRevision)
        .where(GridRevision.neighborhood_id == neighborhood_id)
        .order_by(GridRevision.number.desc())
        .limit(1)
    ).first()


def current_grid(session: Session, neighborhood: Neighborhood) -> list[GridCell]:
    """Grid cells in force, by number."""
    revision = current_revision(session, neighborhood.id)
    if revision is None:
        return []
    wanted = select(GridCell).where(GridCell.revision_id == revision.id).order_by(GridCell.number)
    return list(session.scalars(wanted))


def _grid_cells(
    session: Session, neighborhood: Neighborhood, metric: Metric, geom: BaseGeometry
) -> list[tuple[GridCell, BaseGeometry]]:
    revision = current_revision(session, neighborhood.id)
    if revision is None:
        return []
    reach = max(neighborhood.tolerance_m, settings_of(neighborhood).border_m)
    found = session.scalars(
        select(GridCell)
        .where(
            GridCell.revision_id == revision.id,
            near_box(GridCell.geom, metric.box_around(geom, reach + 1)),
        )
        .order_by(GridCell.number)
    )
    return [(cell, to_geom(cell.geom)) for cell in found]


def _nearest_cell(
    cells: list[tuple[GridCell, BaseGeometry]], metric: Metric, point: BaseGeometry, reach_m: float
) -> GridCell | None:
    ranked = sorted(
        ((_steps(metric.distance_m(shape, point)), c.number, c) for c, shape in cells),
        key=lambda row: row[:2],
    )
    return ranked[0][2] if ranked and ranked[0][0] <= reach_m else None


def _steps(metres: float) -> float:
    """A distance without the noise of projecting: on a common border the lower number wins."""
    return round(metres / TOUCH_M) * TOUCH_M


def _one(session: Session, model: Any, neighborhood: Neighborhood, geom: BaseGeometry) -> Any:
    return session.scalars(
        select(model)
        .where(model.neighborhood_id == neighborhood.id, covers(model.geom, geom))
        .order_by(model.id)
        .limit(1)
    ).first()
