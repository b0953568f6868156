"""正式答复: drafted, signed through the unit's chain, and only then public. Never changed afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planner.accounts.terms import UnitDuty
from planner.core import outbox
from planner.core.actor import Actor
from planner.core.errors import Conflict, InvalidTransition, NotAllowed
from planner.core.text import clean_reason, normal
from planner.places.terms import IssuingChain

from ..models import Case, Reply, ReplyDraft, ReplySignature
from ..policies import duties_in
from ..terms import CaseVerb, LoopStage, Outcome, SignatureMove
from .advising import checked_words, next_holder
from .steps import begin, finish, save

FIRST_SIGNER = {
    IssuingChain.NONE: None,
    IssuingChain.ONE_SIGNATURE: UnitDuty.ISSUE,
    IssuingChain.THREE_STEPS: UnitDuty.CHECK,
}
"""Who is next once the text stands; None: it is issued at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form gives for a formal reply."""

    outcome: Outcome
    body: str
    passed_on_to: str = ""


def open_draft(case: Case) -> ReplyDraft | None:
    """The draft on its way, or None."""
    return next((draft for draft in reversed(case.drafts) if draft.finished_at is None), None)


def digest_of(draft: ReplyDraft) -> str:
    """SHA-256 of everything a signer signs: outcome, next holder and text."""
    text = "\n".join((draft.outcome.value, draft.passed_on_to, draft.body))
    return hashlib.sha256(text.encode()).hexdigest()


def draft_reply(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    answer: Answer,
    seen_version: int | None = None,
) -> ReplyDraft | Reply:
    """Write or change the draft; a changed text starts the chain again. Without a chain it is issued.

    Gives the draft, or the reply when it was issued at once (or is the same as the one just issued).
    """
    said = normal(answer.body, field="body")
    last = case.replies[-1] if case.replies else None
    if last is not None and _is_replay(last, actor, answer.outcome, said):
        return last
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.DRAFT_REPLY,
        seen_version=seen_version,
    )
    body = checked_words(session, case, said, field="body")
    holder = next_holder(answer.outcome, answer.passed_on_to)
    draft = open_draft(case)
    if draft is None:
        draft = _new_draft(case, actor, now)
    elif draft.awaits is not UnitDuty.DRAFT and _says(draft, answer.outcome, body, holder):
        return draft
    draft.outcome, draft.body, draft.passed_on_to = answer.outcome, body, holder
    draft.drafted_by, draft.awaits = actor.ref, FIRST_SIGNER[draft.chain]
    finish(move, facts={"chain": draft.chain.value}, personal={"body": body})
    if draft.chain is IssuingChain.NONE:
        return _issue(session, actor=actor, now=now, case=case, draft=draft)
    return draft


def _is_replay(last: Reply, actor: Actor, outcome: Outcome, body: str) -> bool:
    return last.draft.drafted_by == actor.ref and (last.outcome, last.body) == (outcome, body)


def _says(draft: ReplyDraft, outcome: Outcome, body: str, holder: str) -> bool:
    return (draft.outcome, draft.body, draft.passed_on_to) == (outcome, body, holder)


def _new_draft(case: Case, actor: Actor, now: datetime) -> ReplyDraft:
    if case.unit is None:
        raise InvalidTransition("no_unit")
    draft = ReplyDraft(
        unit_id=case.unit.id, unit=case.unit, chain=case.unit.issuing_chain, created_at=now
    )
    case.drafts.append(draft)
    return draft


def sign_reply(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    seen_digest: str,
    seen_version: int | None = None,
) -> ReplyDraft | Reply:
    """审核 or 签发 the text that was seen; the last signature issues the reply.

    Raises:
        Conflict: the text is no longer the one the signer read.
        NotAllowed: another duty is awaited, or the three-step chain needs a different person.
    """
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.SIGN_REPLY,
        seen_version=seen_version,
    )
    draft, duty = _awaited(case, actor)
    if digest_of(draft) != seen_digest:
        raise Conflict("draft_changed")
    if draft.chain is IssuingChain.THREE_STEPS and actor.ref in _hands(draft):
        raise NotAllowed("three_persons")
    _sign(draft, actor, now, duty, SignatureMove.APPROVE)
    draft.awaits = UnitDuty.ISSUE if duty is UnitDuty.CHECK else None
    finish(move, facts={"duty": duty.value})
    if draft.awaits is None:
        return _issue(session, actor=actor, now=now, case=case, draft=draft)
    return draft


def return_draft(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    case: Case,
    note: str,
    seen_version: int | None = None,
) -> ReplyDraft:
    """退回修改: the awaited signer sends the draft back with a note."""
    move = begin(
        session,
        actor=actor,
        now=now,
        case=case,
        verb=CaseVerb.RETURN_DRAFT,
        seen_version=seen_version,
    )
    draft, duty = _awaited(case, actor)
    why = clean_reason(note, field="note")
    _sign(draft, actor, now, duty, SignatureMove.RETURN, why)
    draft.awaits = UnitDuty.DRAFT
    finish(move, reason=why, facts={"duty": duty.value})
    return draft


def _awaited(case: Case, actor: Actor) -> tuple[ReplyDraft, UnitDuty]:
    """The draft and the signer's duty it waits for, when it is the actor's."""
    draft = open_draft(case)
    if draft is None or draft.awaits in (None, UnitDuty.DRAFT):
        raise InvalidTransition("nothing_to_sign")
    if draft.awaits not in duties_in(actor, draft.unit_id):
        raise NotAllowed("not_your_signature")
    return draft, draft.awaits


def _hands(draft: ReplyDraft) -> set[str]:
    """Persons who already had a hand in the text as it stands."""
    digest = digest_of(draft)
    signers = {
        s.actor_ref
        for s in draft.signatures
        if s.body_digest == digest and s.move is SignatureMove.APPROVE
    }
    return {draft.drafted_by, *signers}


def _sign(
    draft: ReplyDraft,
    actor: Actor,
    now: datetime,
    duty: UnitDuty,
    move: SignatureMove,
    note: str = "",
) -> None:
    draft.signatures.append(
        ReplySignature(
            duty=duty,
            move=move,
            body_digest=digest_of(draft),
            note=note,
            actor_ref=actor.ref,
            at=now,
        )
    )


def _issue(
    session: Session, *, actor: Actor, now: datetime, case: Case, draft: ReplyDraft
) -> Reply:
    """Publish: the reply is written once, the draft ends, and the author is told."""
    move = begin(session, actor=actor, now=now, case=case, verb=CaseVerb.ISSUE_REPLY)
    last = case.replies[-1] if case.replies else None
    reply = Reply(
        unit_id=draft.unit_id,
        unit=draft.unit,
        draft_id=draft.id,
        draft=draft,
        outcome=draft.outcome,
        body=draft.body,
        passed_on_to=draft.passed_on_to,
        signed_as=draft.unit.name,
        replaces_id=last.id if last else None,
        issued_at=now,
    )
    case.replies.append(reply)
    draft.finished_at, draft.awaits = now, None
    if case.stage is LoopStage.CONSULT:
        case.stage = LoopStage.FEEDBACK
    finish(move, facts={"outcome": draft.outcome.value, "chain": draft.chain.value})
    outbox.enqueue(
        session,
        now=now,
        kind="notice",
        dedupe_key=f"reply:{reply.uuid}",
        payload={"event": "reply_issued", "case": case.code, "neighborhood": case.neighborhood_id},
    )
    save(session)
    return reply
