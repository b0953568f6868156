"""设计师意见: a seat's advice with its public reason. Never changed; a new one names the old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planner.core.actor import Actor
from planner.core.errors import Invalid
from planner.core.text import clean_name, clean_reason, normal
from planner.places.models import Neighborhood
from planner.places.queries import settings_of

from ..models import Case, Opinion
from ..terms import CaseVerb, Outcome
from .moving import hand_over
from .steps import begin, finish


@dataclass(frozen=True, slots=True)
class Advice:
    """What a form gives: `passed_on_to` names the next holder, or `next_seat_id` is one of our seats."""

    outcome: Outcome
    reason: str
    passed_on_to: str = ""
    next_seat_id: int | None = None


def give_opinion(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    advice: Advice,
    seen_version: int | None = None,
) -> Opinion:
    """Publish the own seat's opinion; 非本级 also hands the case to the seat it names.

    The same words sent again by the same person give the opinion that is already there.
    """
    last = case.opinions[-1] if case.opinions else None
    said = normal(advice.reason, field="reason")
    if last is not None and _is_replay(last, actor, advice.outcome, said):
        return last
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.GIVE_OPINION,
        seen_version=seen_version,
    )
    reason = checked_words(session, case, said, field="reason")
    opinion = Opinion(
        seat_id=case.seat_id,
        seat=case.seat,
        outcome=advice.outcome,
        reason=reason,
        passed_on_to=next_holder(
            advice.outcome, advice.passed_on_to, named=advice.next_seat_id is not None
        ),
        replaces_id=last.id if last else None,
        actor_ref=actor.ref,
        given_at=now,
    )
    case.opinions.append(opinion)
    finish(move, facts={"outcome": advice.outcome.value}, personal={"opinion": reason})
    if advice.outcome is Outcome.PASSED_ON and advice.next_seat_id is not None:
        pass_on(
            session, actor=actor, now=now, case=case, reason=reason, seat_id=advice.next_seat_id
        )
    return opinion


def _is_replay(last: Opinion, actor: Actor, outcome: Outcome, reason: str) -> bool:
    return (last.actor_ref, last.outcome, last.reason) == (actor.ref, outcome, reason)


def pass_on(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    reason: str,
    seat_id: int | None = None,
    unit_id: int | None = None,
    holder: str = "",
    seen_version: int | None = None,
) -> Case:
    """转出 to the next holder, named in public: a seat, a unit, or somebody outside (`holder`)."""
    move = begin(
        session, actor=actor, now=now, case=case, verb=CaseVerb.PASS_ON, seen_version=seen_version
    )
    why = clean_reason(reason, field="reason")
    facts: dict[str, str] = {}
    if seat_id is not None or unit_id is not None:
        facts = hand_over(session, now, case, seat_id, unit_id)
    else:
        facts["holder"] = clean_name(holder, field="passed_on_to", maximum=120)
    finish(move, reason=why, facts=facts)
    return case


def checked_words(session: Session, case: Case, text: str, *, field: str) -> str:
    """A public reason within the neighborhood's limits (at least 4 characters)."""
    limits = settings_of(session.get_one(Neighborhood, case.neighborhood_id))
    return clean_reason(
        text, field=field, minimum=max(4, limits.min_reason), maximum=limits.max_reason
    )


def next_holder(outcome: Outcome, text: str, *, named: bool = False) -> str:
    """The next holder's name; required for 非本级 unless one of our seats is chosen, else empty."""
    if outcome is not Outcome.PASSED_ON:
        return ""
    if named and not text.strip():
        return ""
    if not text.strip():
        raise Invalid(fields={"passed_on_to": "next_holder_missing"})
    return clean_name(text, field="passed_on_to", maximum=120)
