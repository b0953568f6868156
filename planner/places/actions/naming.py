"""Names and restricted areas added or removed by hand."""

from __future__ import annotations

from datetime import datetime

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Invalid, NotAllowed, NotFound
from planner.core.geo import to_element, to_geom
from planner.core.text import clean_name, normal

from ..models import NamedPlace, Neighborhood, RestrictedArea
from ..policies import may_draw
from ..queries import metric_of
from ..rules.areas import checked_area
from ..terms import PLACE_LABELS

RADIUS = (5, 200)


def add_place(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    name: str,
    kind: str,
    aliases: str,
    point: shapely.Point,
) -> NamedPlace:
    """Add a name people use, at a WGS84 point in the neighborhood or its tolerance strip."""
    _allow(actor, neighborhood)
    if kind not in PLACE_LABELS:
        raise Invalid(fields={"kind": "not_a_choice"})
    words = normal(aliases, field="aliases")
    if len(words) > 240:
        raise Invalid(fields={"aliases": "too_long"}, maximum=240)
    called = clean_name(name, field="name", maximum=120)
    _check_inside(neighborhood, point)
    made = NamedPlace(
        neighborhood_id=neighborhood.id,
        name=called,
        kind=kind,
        aliases=words,
        geom=to_element(point),
    )
    session.add(made)
    _changed(session, actor, now, neighborhood, "place.add")
    return made


def remove_place(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, place_id: int
) -> None:
    """Remove a name; what was marked there keeps its own words."""
    _allow(actor, neighborhood)
    found = session.scalars(
        select(NamedPlace).where(
            NamedPlace.id == place_id, NamedPlace.neighborhood_id == neighborhood.id
        )
    ).first()
    if found is None:
        raise NotFound("place_not_found")
    session.delete(found)
    _changed(session, actor, now, neighborhood, "place.remove")


def add_mask(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    reason: str,
    point: shapely.Point,
    radius_m: int,
) -> RestrictedArea:
    """Refuse pins within so many metres of a WGS84 point; the reason is public and names no secret."""
    _allow(actor, neighborhood)
    if not RADIUS[0] <= radius_m <= RADIUS[1]:
        raise Invalid(fields={"radius_m": "radius_range"}, low=RADIUS[0], high=RADIUS[1])
    words = clean_name(reason, field="reason", maximum=120)
    _check_inside(neighborhood, point)
    made = RestrictedArea(
        neighborhood_id=neighborhood.id,
        reason=words,
        geom=to_element(checked_area(metric_of(neighborhood).buffer_m(point, radius_m))),
    )
    session.add(made)
    _changed(session, actor, now, neighborhood, "mask.add")
    return made


def remove_mask(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, mask_id: int
) -> None:
    """Allow pins there again."""
    _allow(actor, neighborhood)
    found = session.scalars(
        select(RestrictedArea).where(
            RestrictedArea.id == mask_id, RestrictedArea.neighborhood_id == neighborhood.id
        )
    ).first()
    if found is None:
        raise NotFound("place_not_found")
    session.delete(found)
    _changed(session, actor, now, neighborhood, "mask.remove")


def _allow(actor: Actor, neighborhood: Neighborhood) -> None:
    if not may_draw(actor, neighborhood):
        raise NotAllowed()


def _check_inside(neighborhood: Neighborhood, point: shapely.Point) -> None:
    away = metric_of(neighborhood).distance_m(to_geom(neighborhood.boundary), point)
    if away > neighborhood.tolerance_m:
        raise Invalid(fields={"lon": "place_outside"})


def _changed(session: Session, actor: Actor, now: datetime, here: Neighborhood, verb: str) -> None:
    here.epoch += 1
    session.flush()
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="neighborhood",
        subject_id=here.slug,
        neighborhood_id=here.id,
    )
