"""Verbs that move a case between hands: acknowledge, assign, reassign, assist, send back, reclassify."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from planner.accounts import queries as accounts
from planner.accounts.models import HandlingUnit, Seat
from planner.core import audit
from planner.core.actor import Actor
from planner.core.clock import local_date
from planner.core.errors import Invalid
from planner.core.text import clean_reason
from planner.places.models import Neighborhood

from ..models import Case, CaseAssist
from ..policies import Standing
from ..queries.trying import known_matters
from ..terms import CaseVerb, Scale
from .placing import classify, explained, find_place, set_clock, snapshot
from .steps import begin, finish


def publish_case(
    session: Session, *, actor: Actor, now: datetime, case: Case, is_public: bool
) -> Case:
    """Follow the publication of the case's subject; the room of the subject has judged who may."""
    if case.is_public != is_public:
        session.execute(update(Case).where(Case.id == case.id).values(is_public=is_public))
        audit.record(
            session,
            actor=actor,
            now=now,
            verb="case.publish" if is_public else "case.hide",
            subject_kind="case",
            subject_id=case.code,
            neighborhood_id=case.neighborhood_id,
        )
    return case


def acknowledge(
    session: Session, *, actor: Actor, now: datetime, case: Case, seen_version: int | None = None
) -> Case:
    """受理: the seat or unit has taken the case up."""
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.ACKNOWLEDGE,
        seen_version=seen_version,
    )
    case.acknowledged_at = case.acknowledged_at or now
    finish(move)
    return case


def assign(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    seat_id: int | None = None,
    unit_id: int | None = None,
    seen_version: int | None = None,
) -> Case:
    """分派 by the office, out of the unassigned list."""
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.ASSIGN, seen_version=seen_version
    )
    facts = hand_over(session, now, case, seat_id, unit_id)
    finish(move, facts=facts)
    return case


def reassign(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    reason: str,
    seat_id: int | None = None,
    unit_id: int | None = None,
    seen_version: int | None = None,
) -> Case:
    """转派 to another seat or handling unit, with a reason; the trail keeps every holder."""
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.REASSIGN, seen_version=seen_version
    )
    why = clean_reason(reason, field="reason")
    facts = hand_over(session, now, case, seat_id, unit_id)
    finish(move, reason=why, facts=facts)
    return case


def hand_over(
    session: Session, now: datetime, case: Case, seat_id: int | None, unit_id: int | None
) -> dict[str, str]:
    """Give the case to a seat, a unit or both; what is None stays. Gives the facts of the step."""
    if seat_id in (None, case.seat_id) and unit_id in (None, case.unit_id):
        raise Invalid(fields={"seat": "same_holder"})
    facts = {"from": case.seat.code if case.seat else ""}
    if seat_id is not None and seat_id != case.seat_id:
        seat = seat_here(session, now, case, seat_id)
        case.seat_id, case.seat, case.tier = seat.id, seat, seat.tier
        facts["seat"] = seat.code
        case.explanation = {
            "code": "by_staff",
            "params": {**case.explanation.get("params", {}), "seat": seat.code},
        }
    if unit_id is not None and unit_id != case.unit_id:
        unit = unit_here(session, case, unit_id)
        _drop_drafts(case, now)
        case.unit_id, case.unit = unit.id, unit
        facts["unit"] = unit.code
    return facts


def seat_here(session: Session, now: datetime, case: Case, seat_id: int) -> Seat:
    """A staffed seat of the case's neighborhood."""
    seat = session.get(Seat, seat_id)
    if seat is None or seat.neighborhood_id != case.neighborhood_id:
        raise Invalid(fields={"seat": "not_a_choice"})
    staffing = accounts.staffing(session, [seat.id], local_date(now))
    if seat.id not in staffing or not staffing[seat.id].is_staffed:
        raise Invalid(fields={"seat": "seat_vacant"})
    return seat


def unit_here(session: Session, case: Case, unit_id: int) -> HandlingUnit:
    """A working unit of the case's neighborhood."""
    unit = session.get(HandlingUnit, unit_id)
    if unit is None or unit.neighborhood_id != case.neighborhood_id or unit.retired_at is not None:
        raise Invalid(fields={"unit": "not_a_choice"})
    return unit


def _drop_drafts(case: Case, now: datetime) -> None:
    """A draft of the former unit ends unissued."""
    for draft in case.drafts:
        if draft.finished_at is None:
            draft.finished_at, draft.awaits = now, None


def assist(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    reason: str,
    seat_id: int | None = None,
    unit_id: int | None = None,
    seen_version: int | None = None,
) -> Case:
    """协办: ask a seat or a unit to help; the holder stays. Asking the same helper again changes nothing."""
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.ASSIST, seen_version=seen_version
    )
    why = clean_reason(reason, field="reason")
    if (seat_id is None) == (unit_id is None):
        raise Invalid(fields={"helper": "missing"})
    if (seat_id or unit_id) == (case.seat_id if seat_id else case.unit_id):
        raise Invalid(fields={"helper": "same_holder"})
    if any((h.seat_id, h.unit_id) == (seat_id, unit_id) and h.until is None for h in case.assists):
        return case
    facts = {}
    if seat_id is not None:
        facts["helper"] = seat_here(session, now, case, seat_id).code
    if unit_id is not None:
        facts["helper_unit"] = unit_here(session, case, unit_id).code
    case.assists.append(CaseAssist(seat_id=seat_id, unit_id=unit_id, reason=why, since=now))
    finish(move, reason=why, facts=facts)
    return case


def send_back(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    reason: str,
    seen_version: int | None = None,
) -> Case:
    """退回 to the office with a reason: the seat's or the unit's place becomes empty."""
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.SEND_BACK, seen_version=seen_version
    )
    why = clean_reason(reason, field="reason")
    if Standing.SEAT in move.held:
        facts = {"from": case.seat.code if case.seat else ""}
        case.seat_id, case.seat = None, None
        case.explanation = {
            "code": "sent_back",
            "params": {**case.explanation.get("params", {}), "seat": ""},
        }
    else:
        facts = {"from_unit": case.unit.code if case.unit else ""}
        case.unit_id, case.unit = None, None
    finish(move, reason=why, facts=facts)
    return case


def reclassify(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    topic_code: str | None,
    public_topic_code: str = "",
    scale: Scale | None = None,
    reason: str,
    seen_version: int | None = None,
) -> Case:
    """重新归类: another topic or scale; the case is routed anew and its clock still runs from receipt."""
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.RECLASSIFY,
        seen_version=seen_version,
    )
    why = clean_reason(reason, field="reason")
    neighborhood = session.get_one(Neighborhood, case.neighborhood_id)
    words = classify(session, neighborhood, topic_code, public_topic_code or case.public_topic_code)
    before = {"topic_before": case.topic.code if case.topic else case.public_topic_code}
    case.scale = scale or case.scale
    matter = known_matters(session, case.neighborhood_id, only=case.id)[case.id]
    placed = find_place(
        session,
        now=now,
        neighborhood=neighborhood,
        matter=words.over(matter, case.scale),
        words=words,
        community_id=case.community_id,
    )
    params = case.explanation.get("params", {})
    place, near = params.get("place", ""), params.get("near", ())
    snapshot(case, placed, words, explained(placed, words, place, matter.grid_number, near))
    case.seat = session.get(Seat, case.seat_id) if case.seat_id else None
    set_clock(session, case, neighborhood, words.topic, case.opened_at)
    finish(move, reason=why, facts={**before, "topic": words.code, "rule": case.rule_number})
    return case
