"""What already lies around a place: similar marks to join, and which reasons people gave there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import shapely
from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from planner.core.actor import Actor
from planner.core.geo import near_box, to_geom
from planner.places.models import Neighborhood
from planner.places.queries import metric_of
from planner.routing.models import Chip
from planner.routing.terms import MarkKind

from ..models import Mark, MarkChip, Wording
from ..rules import CHIP_REACH_M, NEAR_SHOWN
from ..terms import MarkStatus
from .filters import own
from .lists import SUPPORTERS


@dataclass(frozen=True, slots=True)
class NearMark:
    """A published mark close to a place; the distance is in whole metres."""

    uuid: UUID
    code: str
    kind: MarkKind
    reason: str
    place: str
    distance_m: int
    supporters: int


@dataclass(frozen=True, slots=True)
class Near:
    """Similar marks within so many metres: how many, and the nearest of them."""

    within_m: int
    total: int = 0
    marks: tuple[NearMark, ...] = ()


def near_marks(
    session: Session,
    viewer: Actor,
    neighborhood: Neighborhood,
    *,
    at: shapely.Point,
    kind: MarkKind,
    public_topic: str,
    within_m: int,
) -> Near:
    """Published marks of one kind and topic around a point in WGS84, nearest first, without the own ones."""
    metric, proofs = metric_of(neighborhood), own(viewer)
    rows = session.execute(
        select(
            Mark.uuid, Mark.code, Mark.kind, Mark.place_name, Mark.geom, Wording.reason, SUPPORTERS
        )
        .join(Wording, Wording.mark_id == Mark.id)
        .where(
            _public_around(neighborhood, at, within_m),
            Mark.kind == kind,
            Mark.public_topic_code == public_topic,
            *([not_(or_(*proofs))] if proofs else []),
        )
        .order_by(Mark.id)
    ).all()
    measured = sorted(
        ((metric.distance_m(at, to_geom(row.geom)), number) for number, row in enumerate(rows))
    )
    inside = [(metres, rows[number]) for metres, number in measured if metres <= within_m]
    shown = tuple(
        NearMark(
            uuid=row.uuid,
            code=row.code,
            kind=row.kind,
            reason=row.reason,
            place=row.place_name,
            distance_m=round(metres),
            supporters=row.supporters,
        )
        for metres, row in inside[:NEAR_SHOWN]
    )
    return Near(within_m, len(inside), shown)


def _public_around(
    neighborhood: Neighborhood, at: shapely.Point, metres: float
) -> ColumnElement[bool]:
    return and_(
        Mark.neighborhood_id == neighborhood.id,
        Mark.status == MarkStatus.PUBLISHED,
        near_box(Mark.geom, metric_of(neighborhood).box_around(at, metres)),
    )


def reasons_near(
    session: Session, neighborhood: Neighborhood, *, at: shapely.Point, kind: MarkKind
) -> tuple[Counter[str], Counter[str]]:
    """How often each chip and each public topic was named by published marks of a kind around a point."""
    metric = metric_of(neighborhood)
    rows = session.execute(
        select(Mark.id, Mark.geom, Mark.public_topic_code, Chip.code)
        .outerjoin(MarkChip, MarkChip.mark_id == Mark.id)
        .outerjoin(Chip, Chip.id == MarkChip.chip_id)
        .where(_public_around(neighborhood, at, CHIP_REACH_M), Mark.kind == kind)
        .order_by(Mark.id)
    ).all()
    inside = [row for row in rows if metric.distance_m(at, to_geom(row.geom)) <= CHIP_REACH_M]
    topics = {row.id: row.public_topic_code for row in inside}
    return Counter(row.code for row in inside if row.code), Counter(topics.values())
