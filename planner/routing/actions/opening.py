"""Opening a case: routed at receipt, with its explanation and due dates as a snapshot."""

from __future__ import annotations

from datetime import datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planner.accounts.models import Seat
from planner.core import audit
from planner.core.actor import Actor
from planner.core.codes import public_code
from planner.core.geo import to_element
from planner.places.models import Neighborhood
from planner.places.queries import PlaceFacts

from ..models import Case, CaseAssist, CaseStep
from ..terms import CaseState, CaseVerb, Scale
from .placing import (
    Placed,
    classify,
    explained,
    find_place,
    matter_of,
    scale_here,
    set_clock,
    snapshot,
)


def open_case(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    place: PlaceFacts,
    geom: BaseGeometry,
    subject_kind: str,
    title: str,
    excerpt: str,
    topic_code: str | None,
    public_topic_code: str,
    is_clocked: bool = True,
) -> Case:
    """Open, route and date a case for a thing at a place about a topic.

    Args:
        geom: point, line or area in WGS84, already inside the neighborhood (`place` says where).
        topic_code: a 条目 in force, or None for 待归类.
        is_clocked: false for praise, which is thanked and not timed.

    Raises:
        Invalid: the topic is unknown or retired.
    """
    words = classify(session, neighborhood, topic_code, public_topic_code)
    scale = scale_here(neighborhood, place, geom)
    placed = find_place(
        session,
        now=now,
        neighborhood=neighborhood,
        matter=matter_of(session, neighborhood, words, place, geom, scale),
        words=words,
        community_id=place.community_id,
    )
    case = _case(now, neighborhood, place, geom, scale)
    case.subject_kind, case.title, case.excerpt = subject_kind, title[:120], excerpt[:240]
    case.is_clocked = is_clocked
    near = place.near_border_numbers if scale is Scale.POINT else ()
    why = explained(placed, words, place.place_name, place.grid_number, near)
    snapshot(case, placed, words, why)
    if case.seat_id is not None:
        case.seat = session.get(Seat, case.seat_id)
    set_clock(session, case, neighborhood, words.topic, now)
    session.add(case)
    session.flush()
    _write_opening(session, actor, now, case, placed)
    return case


def _case(
    now: datetime, neighborhood: Neighborhood, place: PlaceFacts, geom: BaseGeometry, scale: Scale
) -> Case:
    return Case(
        code=public_code("C"),
        neighborhood_id=neighborhood.id,
        geom=to_element(geom),
        scale=scale,
        grid_cell_id=place.grid_cell_id,
        community_id=place.community_id,
        estate_id=place.estate_id,
        building_id=place.building_id,
        state=CaseState.OPEN,
        opened_at=now,
        changed_at=now,
    )


def _write_opening(
    session: Session, actor: Actor, now: datetime, case: Case, placed: Placed
) -> None:
    session.add(
        CaseStep(
            case_id=case.id,
            verb=CaseVerb.OPEN,
            from_state=None,
            to_state=case.state.value,
            actor_ref=actor.ref,
            seat_id=case.seat_id,
            unit_id=case.unit_id,
            facts=case.explanation,
            at=now,
        )
    )
    helper = placed.decision.helper
    if helper is not None and helper.id != case.seat_id:
        session.add(CaseAssist(case_id=case.id, seat_id=helper.id, reason="", since=now))
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="case.open",
        subject_kind="case",
        subject_id=case.code,
        neighborhood_id=case.neighborhood_id,
        seat_code=case.seat.code if case.seat else None,
        facts={"tier": case.tier.value, "rule": case.rule_number, "why": case.explanation["code"]},
    )
    session.flush()
