"""What an import is judged against, and the uploads of a neighborhood."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.core.geo import to_geom

from ..drafting import Ground
from ..models import (
    BaseFeature,
    BaseImport,
    BaseLayer,
    Building,
    Community,
    Estate,
    NamedPlace,
    Neighborhood,
    RestrictedArea,
    Venue,
)
from ..terms import ImportState, LayerKind
from .neighborhoods import metric_of

WITNESSES = 4_000
SHOWN_IMPORTS = 20
OPEN = (ImportState.WAITING, ImportState.READING, ImportState.READY)


def ground_of(session: Session, neighborhood: Neighborhood) -> Ground:
    """The boundary with what already lies there: buildings and streets witness a declared datum."""
    houses = session.scalars(
        select(Building.geom).where(Building.neighborhood_id == neighborhood.id).limit(WITNESSES)
    ).all()
    painted = _painted(session, neighborhood, LayerKind.BUILDING)
    return Ground(
        boundary=to_geom(neighborhood.boundary),
        metric=metric_of(neighborhood),
        tolerance_m=neighborhood.tolerance_m,
        buildings=[to_geom(each) for each in (*houses, *painted)],
        streets=[to_geom(each) for each in _painted(session, neighborhood, LayerKind.ROAD)],
    )


def _painted(session: Session, neighborhood: Neighborhood, kind: LayerKind) -> list[Any]:
    """At most about `WITNESSES` features of a kind, from all over the map."""
    of_kind = (
        select(BaseFeature.geom)
        .join(BaseLayer, BaseLayer.id == BaseFeature.layer_id)
        .where(BaseLayer.neighborhood_id == neighborhood.id, BaseLayer.kind == kind)
    )
    number = session.scalar(select(func.count()).select_from(of_kind.subquery())) or 0
    step = max(1, -(-number // WITNESSES))
    return list(session.scalars(of_kind.where(BaseFeature.id % step == 0)))


def imports_of(session: Session, neighborhood: Neighborhood) -> list[BaseImport]:
    """The newest uploads of a neighborhood, without their files."""
    return list(
        session.scalars(
            select(BaseImport)
            .where(BaseImport.neighborhood_id == neighborhood.id)
            .order_by(BaseImport.id.desc())
            .limit(SHOWN_IMPORTS)
        )
    )


def open_imports(session: Session, neighborhood: Neighborhood) -> int:
    """How many uploads wait for the reader or for somebody's decision."""
    return (
        session.scalar(
            select(func.count())
            .select_from(BaseImport)
            .where(BaseImport.neighborhood_id == neighborhood.id, BaseImport.state.in_(OPEN))
        )
        or 0
    )


def import_by_uuid(
    session: Session, neighborhood: Neighborhood, uuid: UUID, *, lock: bool = False
) -> BaseImport | None:
    """An upload of this neighborhood, or None."""
    wanted = select(BaseImport).where(
        BaseImport.neighborhood_id == neighborhood.id, BaseImport.uuid == uuid
    )
    return session.scalars(wanted.with_for_update() if lock else wanted).first()


def layers_of(session: Session, neighborhood: Neighborhood) -> list[tuple[BaseLayer, int]]:
    """Base layers in painting order, each with its number of features."""
    rows = session.execute(
        select(BaseLayer, func.count(BaseFeature.id))
        .outerjoin(BaseFeature, BaseFeature.layer_id == BaseLayer.id)
        .where(BaseLayer.neighborhood_id == neighborhood.id)
        .group_by(BaseLayer.id)
        .order_by(BaseLayer.position, BaseLayer.id)
    )
    return [(layer, number) for layer, number in rows]


def venues_of(session: Session, neighborhood: Neighborhood) -> list[Venue]:
    """Places where people consult, by name."""
    wanted = select(Venue).where(Venue.neighborhood_id == neighborhood.id)
    return list(session.scalars(wanted.order_by(Venue.name, Venue.id)))


def masks_of(session: Session, neighborhood: Neighborhood) -> list[RestrictedArea]:
    """Restricted areas, oldest first."""
    wanted = select(RestrictedArea).where(RestrictedArea.neighborhood_id == neighborhood.id)
    return list(session.scalars(wanted.order_by(RestrictedArea.id)))


def totals_of(session: Session, neighborhood: Neighborhood) -> dict[str, int]:
    """How many buildings, households, names, communities and estates there are."""
    buildings, households = session.execute(
        select(func.count(), func.coalesce(func.sum(Building.households), 0)).where(
            Building.neighborhood_id == neighborhood.id
        )
    ).one()
    made = {"buildings": int(buildings), "households": int(households)}
    for name, model in (("names", NamedPlace), ("communities", Community), ("estates", Estate)):
        made[name] = (
            session.scalar(
                select(func.count())
                .select_from(model)
                .where(model.neighborhood_id == neighborhood.id)
            )
            or 0
        )
    return made
