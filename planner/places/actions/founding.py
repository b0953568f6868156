"""Setting up a neighborhood and changing its settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Conflict, Invalid, NotAllowed
from planner.core.geo import to_element, utm_srid
from planner.core.text import clean_name

from ..models import Neighborhood
from ..policies import may_draw, may_found
from ..rules import NeighborhoodSettings, checked_settings, checked_slug
from ..rules.areas import checked_area


def create_neighborhood(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    slug: str,
    name: str,
    boundary: BaseGeometry,
    name_en: str = "",
    office_name: str = "",
    is_demo: bool = False,
    tolerance_m: int = 30,
    settings: NeighborhoodSettings | None = None,
) -> Neighborhood:
    """Set up a neighborhood from its boundary in WGS84; metres are measured in its own UTM zone.

    Raises:
        Conflict: the address is taken.
        Invalid: the boundary is not one or several valid areas, or the slug is no address.
    """
    if not may_found(actor):
        raise NotAllowed()
    checked_slug(slug)
    if session.scalars(select(Neighborhood).where(Neighborhood.slug == slug)).first() is not None:
        raise Conflict("slug_taken", fields={"slug": "slug_taken"})
    area = checked_area(boundary)
    centre = area.centroid
    made = Neighborhood(
        slug=slug,
        name=clean_name(name, field="name"),
        name_en=name_en,
        office_name=office_name,
        boundary=to_element(area),
        utm_srid=utm_srid(centre.x, centre.y),
        tolerance_m=tolerance_m,
        is_demo=is_demo,
        settings=checked_settings(settings or NeighborhoodSettings()),
        created_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, actor, now, made, "neighborhood.create", {"slug": slug})
    return made


def update_settings(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    settings: NeighborhoodSettings,
    tolerance_m: int,
    collecting_from: datetime | None,
    collecting_until: datetime | None,
) -> Neighborhood:
    """Change settings, tolerance strip and the collecting window."""
    if not may_draw(actor, neighborhood):
        raise NotAllowed()
    if not 0 <= tolerance_m <= 500:
        raise Invalid(fields={"tolerance_m": "out_of_range"})
    if collecting_from and collecting_until and collecting_until <= collecting_from:
        raise Invalid(fields={"collecting_until": "ends_before_start"})
    before = dict(neighborhood.settings or {})
    neighborhood.settings = checked_settings(settings)
    neighborhood.tolerance_m = tolerance_m
    neighborhood.collecting_from = collecting_from
    neighborhood.collecting_until = collecting_until
    changed = sorted(k for k, v in neighborhood.settings.items() if before.get(k) != v)
    _note(session, actor, now, neighborhood, "neighborhood.settings", {"changed": changed})
    session.flush()
    return neighborhood


def _note(
    session: Session,
    actor: Actor,
    now: datetime,
    here: Neighborhood,
    verb: str,
    facts: dict[str, Any],
) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="neighborhood",
        subject_id=here.slug,
        neighborhood_id=here.id,
        facts=facts,
    )
