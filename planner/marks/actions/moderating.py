"""Publication: publish, hold, hide, refer, return to review; and redaction with the original kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.core.actor import Actor, ActorKind
from planner.core.errors import Conflict, NotAllowed, NotFound
from planner.core.text import clean_reason, normal
from planner.routing.actions import publish_case

from ..models import Addition, Mark, Moderation
from ..policies import sees_all
from ..rules import next_status, title_of
from ..terms import MarkStatus, MarkVerb
from .noting import note

NEEDS_REASON = frozenset({MarkVerb.HOLD, MarkVerb.HIDE, MarkVerb.REFER})


def moderate(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    mark: Mark,
    verb: MarkVerb,
    reason: str = "",
    version: int | None = None,
) -> Mark:
    """Use one verb of publication; hiding needs a reason, which stays with staff.

    Raises:
        NotAllowed: the actor does not moderate here; taking a mark back is its author's alone.
        Conflict: the mark changed since `version` was shown.
        InvalidTransition: the verb does not lead on from this status.
    """
    if not sees_all(actor, mark.neighborhood_id):
        raise NotAllowed()
    if verb is MarkVerb.WITHDRAW:
        raise NotAllowed()
    if version is not None and version != mark.version:
        raise Conflict()
    words = normal(reason, field="reason")[:300]
    if verb in NEEDS_REASON:
        words = clean_reason(reason, minimum=2, maximum=300)
    before = mark.status
    mark.status = next_status(verb, before)
    if actor.kind is not ActorKind.SYSTEM:
        mark.triaged_at = mark.triaged_at or now
    mark.published_at = now if mark.status is MarkStatus.PUBLISHED else None
    session.add(
        Moderation(
            mark_id=mark.id,
            verb=verb,
            from_status=before.value,
            to_status=mark.status.value,
            reason=words,
            actor_ref=actor.ref,
            at=now,
        )
    )
    publish_case(
        session, actor=actor, now=now, case=mark.case, is_public=mark.status is MarkStatus.PUBLISHED
    )
    note(session, actor, now, mark, f"mark.{verb.value}")
    session.flush()
    return mark


def redact(session: Session, *, actor: Actor, now: datetime, mark: Mark, words: str) -> Mark:
    """Change the shown words (a name, a phone number taken out); the first wording is kept apart."""
    if not sees_all(actor, mark.neighborhood_id):
        raise NotAllowed()
    if mark.wording is None:
        raise NotFound()
    clean = clean_reason(words)
    if clean != mark.wording.reason:
        mark.wording.original = mark.wording.original or mark.wording.reason
        mark.wording.reason = clean
        mark.wording.redacted_at = now
        mark.case.excerpt = clean[:240]
        chosen = [chip.text for chip in mark.chips]
        mark.case.title = title_of(mark.kind, chosen, clean, mark.place_name)
        note(session, actor, now, mark, "mark.redact", words=clean)
    session.flush()
    return mark


def redact_addition(
    session: Session, *, actor: Actor, now: datetime, mark: Mark, addition_id: int, words: str
) -> Addition:
    """The same for what the author added later; NotFound when it is not of this mark."""
    if not sees_all(actor, mark.neighborhood_id):
        raise NotAllowed()
    addition = next((each for each in mark.additions if each.id == addition_id), None)
    if addition is None:
        raise NotFound()
    clean = clean_reason(words)
    if clean != addition.text:
        addition.original = addition.original or addition.text
        addition.text = clean
        note(session, actor, now, mark, "mark.redact", words=clean)
    session.flush()
    return addition


def back_to_review(session: Session, actor: Actor, now: datetime, mark: Mark) -> None:
    """What an author changed is read by somebody before it is shown again."""
    if mark.status is not MarkStatus.RECEIVED:
        mark.status = next_status(MarkVerb.RETURN_TO_REVIEW, mark.status)
        mark.published_at = None
        publish_case(session, actor=actor, now=now, case=mark.case, is_public=False)
