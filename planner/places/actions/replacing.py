"""Replacing rows by their codes: what others point to stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.core.geo import to_geom

from ..models import Building, Estate, Neighborhood


def renew(
    session: Session, model: Any, here: Neighborhood, rows: Mapping[str, Mapping[str, Any]]
) -> int:
    """Update by code, add what is new, remove what is gone; give how many gone ones are in use and stay."""
    held = {
        each.code: each
        for each in session.scalars(select(model).where(model.neighborhood_id == here.id))
    }
    for code, values in rows.items():
        known = held.pop(code, None)
        if known is None:
            session.add(model(neighborhood_id=here.id, code=code, **values))
            continue
        for key, value in values.items():
            setattr(known, key, value)
    session.flush()
    return _remove(session, model, [each.id for each in held.values()])


def _remove(session: Session, model: Any, ids: list[int]) -> int:
    """Delete all at once if nobody points to any of them, else one by one."""
    if not ids or _deleted(session, model, ids):
        return 0
    return sum(not _deleted(session, model, [each]) for each in ids)


def _deleted(session: Session, model: Any, ids: list[int]) -> bool:
    """The database knows who points here, also from rooms above that this one may not know."""
    try:
        with session.begin_nested():
            session.execute(delete(model).where(model.id.in_(ids)))
    except IntegrityError:
        return False
    return True


def join_estates(session: Session, here: Neighborhood, stated: Mapping[str, str]) -> None:
    """A building belongs to the estate it names, else to the one it stands in."""
    estates = list(session.scalars(select(Estate).where(Estate.neighborhood_id == here.id)))
    areas = [(each.id, to_geom(each.geom)) for each in estates]
    by_word = {word: each.id for each in estates for word in (each.code, each.name)}
    for building in session.scalars(select(Building).where(Building.neighborhood_id == here.id)):
        named = by_word.get(stated.get(building.code, ""))
        building.estate_id = named or _standing_in(areas, to_geom(building.geom))
    session.flush()


def _standing_in(areas: Iterable[tuple[int, BaseGeometry]], geom: BaseGeometry) -> int | None:
    point = geom.representative_point()
    return next((number for number, area in areas if area.covers(point)), None)
