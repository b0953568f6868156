"""Finding seat, unit and due dates for a matter: the one path of every case, new or reclassified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planner.accounts import queries as accounts
from planner.accounts.models import HandlingUnit
from planner.core.calendar import load_calendar
from planner.core.clock import local_date
from planner.core.errors import Invalid
from planner.core.geo import Metric
from planner.places.models import Neighborhood
from planner.places.queries import PlaceFacts, settings_of

from .. import queries
from ..models import Case, PublicTopic, RoutingRuleSet, Topic
from ..queries.catalogue import public_topic_in_force
from ..queries.seating import covering_remits, rule_lines
from ..rules import Decision, Limits, Matter, decide, scale_of
from ..terms import Handling, Scale


@dataclass(frozen=True, slots=True)
class Classified:
    """The chosen words of the catalogue; `topic` None: 待归类."""

    public_topic: PublicTopic
    topic: Topic | None

    @property
    def label(self) -> str:
        """The most precise name, in Chinese."""
        return self.topic.name if self.topic else self.public_topic.label

    @property
    def code(self) -> str:
        """The most precise code."""
        return self.topic.code if self.topic else self.public_topic.code

    def over(self, matter: Matter, scale: Scale) -> Matter:
        """The same matter under these topics and this scale."""
        return replace(
            matter,
            public_topic_code=self.public_topic.code,
            topic_code=self.topic.code if self.topic else None,
            group_code=self.topic.group_code if self.topic else None,
            scale=scale,
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A decision together with the accountable unit and the rule set it came from."""

    decision: Decision
    unit: HandlingUnit | None
    rule_set: RoutingRuleSet | None


def classify(
    session: Session, neighborhood: Neighborhood, topic_code: str | None, public_topic_code: str
) -> Classified:
    """The topics behind two codes; only what is in force today may be chosen."""
    topic = None
    if topic_code:
        topic = queries.topic_in_force(session, neighborhood.id, topic_code)
        if topic is None:
            raise Invalid(fields={"topic": "topic_unknown"})
        public_topic_code = topic.public_topic_code
    plain = public_topic_in_force(session, neighborhood.id, public_topic_code)
    if plain is None:
        raise Invalid(fields={"topic": "topic_unknown"})
    return Classified(plain, topic)


def extent_m(neighborhood: Neighborhood, geom: BaseGeometry) -> float:
    """Length of a line, longest side of an area, 0 of a point; in metres."""
    if geom.geom_type in ("Point", "MultiPoint"):
        return 0.0
    projected = Metric(neighborhood.utm_srid).project(geom)
    if geom.geom_type in ("LineString", "MultiLineString"):
        return float(projected.length)
    box = projected.minimum_rotated_rectangle
    edge = list(box.exterior.coords)
    sides = [((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for (x1, y1), (x2, y2) in pairwise(edge)]
    return max(sides, default=0.0)


def scale_here(neighborhood: Neighborhood, place: PlaceFacts, geom: BaseGeometry) -> Scale:
    """Scale of a shape by the neighborhood's own limits."""
    chosen = settings_of(neighborhood)
    limits = Limits(chosen.wide_cells, chosen.wide_m, chosen.small_estate_m2)
    return scale_of(
        cells=len(place.grid_numbers),
        extent_m=extent_m(neighborhood, geom),
        area_m2=place.area_m2,
        in_one_estate=place.estate_id is not None,
        limits=limits,
    )


def find_place(
    session: Session,
    *,
    now: datetime,
    neighborhood: Neighborhood,
    matter: Matter,
    words: Classified,
    community_id: int | None,
) -> Placed:
    """Decide by the rule set in force; without one the matter goes to the total designer."""
    rule_set = queries.active_rules(session, neighborhood.id)

    def loads(seat_ids: Sequence[int]) -> Mapping[int, int]:
        return queries.seat_loads(session, seat_ids)

    decision = decide(
        matter,
        rule_lines(rule_set.rules) if rule_set else (),
        queries.seat_facts(session, neighborhood.id, local_date(now)),
        version=rule_set.version if rule_set else 0,
        loads=loads,
    )
    named = decision.rule.unit_code if decision.rule else ""
    code = named or (words.topic.default_unit if words.topic else "")
    unit = accounts.unit_for(session, neighborhood.id, code, community_id) if code else None
    return Placed(decision, unit, rule_set)


def matter_of(
    session: Session,
    neighborhood: Neighborhood,
    words: Classified,
    place: PlaceFacts,
    geom: BaseGeometry,
    scale: Scale,
) -> Matter:
    """What the rules need to know of a new matter."""
    matter = Matter(
        public_topic_code=words.public_topic.code,
        scale=scale,
        building_code=place.building_code,
        estate_code=place.estate_code,
        grid_number=place.grid_number,
        community_code=place.community_code,
        covered_by=covering_remits(session, neighborhood.id, geom),
    )
    return words.over(matter, scale)


def explained(
    placed: Placed,
    words: Classified,
    place_name: str,
    grid: int | None,
    near: Sequence[int] = (),
) -> dict[str, Any]:
    """The decision's {code, params} with the names a reader needs, in both languages where we have them.

    Args:
        near: numbers of grid cells whose border is so close that a clerk may choose another.
    """
    why = dict(placed.decision.why)
    why["params"] = {
        **why["params"],
        "topic": words.label,
        "topic_en": words.public_topic.label_en or words.label,
        "place": place_name,
        "grid": grid or "",
        "near": list(near),
    }
    return why


def snapshot(case: Case, placed: Placed, words: Classified, why: dict[str, Any]) -> None:
    """Write what routing found onto the case; it stays even when rules change later."""
    rule = placed.decision.rule
    case.topic_id = words.topic.id if words.topic else None
    case.topic = words.topic
    case.public_topic_code = words.public_topic.code
    case.handling = words.topic.handling if words.topic else Handling.COORDINATED
    case.tier = placed.decision.tier
    case.seat_id = placed.decision.seat.id if placed.decision.seat else None
    case.unit_id = placed.unit.id if placed.unit else None
    case.unit = placed.unit
    case.rule_set_id = placed.rule_set.id if placed.rule_set else None
    case.rule_number = rule.number if rule else None
    case.explanation = why


def set_clock(
    session: Session,
    case: Case,
    neighborhood: Neighborhood,
    topic: Topic | None,
    start: datetime,
) -> None:
    """Due dates in Chinese working days from an instant; praise has none."""
    case.opinion_due_at = case.reply_due_at = None
    case.due_is_provisional = False
    if not case.is_clocked:
        return
    chosen = settings_of(neighborhood)
    calendar = load_calendar(session)
    opinion = calendar.due(start, topic.opinion_days if topic else chosen.opinion_days)
    reply = calendar.due(start, topic.reply_days if topic else chosen.reply_days)
    case.opinion_due_at, case.reply_due_at = opinion.at, reply.at
    case.due_is_provisional = opinion.is_provisional or reply.is_provisional
