"""One use of a verb: policy, version, transition; then the change, its step and its audit row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import Conflict, InvalidTransition, NotAllowed, NotFound

from ..models import Case, CaseStep
from ..policies import Standing, may, may_see, standings
from ..terms import FINAL, TRANSITIONS, CaseState, CaseVerb


@dataclass(frozen=True, slots=True)
class Move:
    """A permitted use of a verb, not yet done."""

    session: Session
    actor: Actor
    now: datetime
    case: Case
    verb: CaseVerb
    target: CaseState
    held: frozenset[Standing]


def begin(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    verb: CaseVerb,
    seen_version: int | None = None,
    is_author: bool = False,
) -> Move:
    """Judge who, which version was seen, and whether the state allows it.

    Raises:
        NotFound: the actor may not even know of the case.
        NotAllowed: the actor sees it and may not do this.
        Conflict: somebody changed the case after the actor's page was made.
        InvalidTransition: the verb does not lead on from here.
    """
    if not may(actor, case, verb, is_author=is_author):
        raise NotAllowed() if may_see(actor, case) else NotFound()
    if seen_version is not None and seen_version != case.version:
        raise Conflict("case_changed", version=case.version)
    if case.state not in TRANSITIONS[verb]:
        raise InvalidTransition(state=case.state.value, verb=verb.value)
    target = TRANSITIONS[verb][case.state] or case.state
    held = standings(actor, case, is_author=is_author)
    return Move(session, actor, now, case, verb, target, held)


def finish(
    move: Move,
    *,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> CaseStep:
    """Write the new state, the step and the audit row; a lost race is a Conflict."""
    case, before = move.case, move.case.state
    case.state, case.changed_at = move.target, move.now
    case.closed_at = move.now if move.target in FINAL else None
    step = CaseStep(
        verb=move.verb,
        from_state=before.value,
        to_state=move.target.value,
        actor_ref=move.actor.ref,
        acting_seat_id=case.seat_id if Standing.SEAT in move.held else None,
        acting_unit_id=case.unit_id if Standing.MEMBER in move.held else None,
        seat_id=case.seat_id,
        unit_id=case.unit_id,
        reason=reason,
        facts=dict(facts or {}),
        at=move.now,
    )
    case.steps.append(step)
    audit.record(
        move.session,
        actor=move.actor,
        now=move.now,
        verb=f"case.{move.verb.value}",
        subject_kind="case",
        subject_id=case.code,
        neighborhood_id=case.neighborhood_id,
        seat_code=case.seat.code if case.seat else None,
        facts={"from": before.value, "to": move.target.value, **dict(facts or {})},
        personal={"reason": reason or None, **dict(personal or {})},
    )
    save(move.session)
    return step


def save(session: Session) -> None:
    """Flush; a row that somebody else changed in between is a Conflict."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("case_changed") from error
