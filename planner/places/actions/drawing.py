"""Drawing the grid anew, and the order and visibility of layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Invalid, NotAllowed
from planner.core.geo import to_element, to_geom
from planner.core.text import clean_reason

from ..models import BaseLayer, Community, GridCell, GridRevision, Neighborhood
from ..policies import may_draw
from ..queries import current_revision
from ..rules.areas import checked_area


@dataclass(frozen=True, slots=True)
class GridDrawing:
    """One cell of a new grid in WGS84."""

    number: int
    geom: BaseGeometry
    code: str = ""
    name: str = ""
    community_code: str = ""


def draw_grid(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    cells: Sequence[GridDrawing],
    reason: str,
) -> GridRevision:
    """Put a new grid into force; the old one stays with its dates. Marks are re-tagged afterwards.

    A cell's community is the named one, else the one that holds its representative point.
    """
    if not may_draw(actor, neighborhood):
        raise NotAllowed()
    words = clean_reason(reason, minimum=2)
    numbers = [cell.number for cell in cells]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise Invalid("grid_number_twice", number=twice)
    if not cells:
        raise Invalid("file_empty")
    held = current_revision(session, neighborhood.id)
    revision = GridRevision(
        neighborhood_id=neighborhood.id,
        number=held.number + 1 if held else 1,
        valid_from=now,
        reason=words,
    )
    session.add(revision)
    session.flush()
    communities = list(
        session.scalars(select(Community).where(Community.neighborhood_id == neighborhood.id))
    )
    for cell in cells:
        area = checked_area(cell.geom)
        session.add(
            GridCell(
                revision_id=revision.id,
                neighborhood_id=neighborhood.id,
                community_id=_community(communities, cell, area),
                number=cell.number,
                code=cell.code or f"g{cell.number}",
                name=cell.name,
                geom=to_element(area),
            )
        )
    neighborhood.epoch += 1
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="grid.draw",
        subject_kind="neighborhood",
        subject_id=neighborhood.slug,
        neighborhood_id=neighborhood.id,
        facts={"revision": revision.number, "cells": len(cells)},
    )
    session.flush()
    return revision


def _community(communities: list[Community], cell: GridDrawing, area: BaseGeometry) -> int | None:
    for community in communities:
        if community.code == cell.community_code:
            return community.id
    point = area.representative_point()
    for community in communities:
        if to_geom(community.geom).covers(point):
            return community.id
    return None


def set_layer(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    code: str,
    is_visible: bool,
    position: int,
) -> BaseLayer:
    """Show or hide a base layer and set its place in the painting order."""
    if not may_draw(actor, neighborhood):
        raise NotAllowed()
    layer = session.scalars(
        select(BaseLayer).where(
            BaseLayer.neighborhood_id == neighborhood.id, BaseLayer.code == code
        )
    ).first()
    if layer is None:
        raise Invalid("layer_not_found")
    layer.is_visible, layer.position = is_visible, position
    neighborhood.epoch += 1
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="layer.set",
        subject_kind="neighborhood",
        subject_id=neighborhood.slug,
        neighborhood_id=neighborhood.id,
        facts={"layer": code, "visible": is_visible, "position": position},
    )
    session.flush()
    return layer
