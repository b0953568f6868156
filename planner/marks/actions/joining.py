"""我也是: another resident says the same, once each; and asking to look again after an answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.core.actor import Actor
from planner.core.errors import Conflict, InvalidTransition, NotFound
from planner.routing.actions import reopen
from planner.routing.terms import TRANSITIONS, CaseVerb

from ..models import Endorsement, Mark
from ..policies import may_endorse, may_see, owns
from ..queries import own_endorsements, stands_behind
from ..terms import MarkStatus
from .noting import note


def endorse(session: Session, *, actor: Actor, now: datetime, mark: Mark) -> bool:
    """Say 我也是 to a published mark of somebody else; True the first time, False when it stood already.

    Raises:
        Conflict: ``own_mark``, or ``not_public``.
    """
    _judge(actor, mark)
    try:
        with session.begin_nested():
            session.add(_made(actor, now, mark))
    except IntegrityError:
        if own_endorsements(session, actor, mark):
            return False
        raise
    note(session, actor, now, mark, "mark.endorse")
    session.flush()
    return True


def _made(actor: Actor, now: datetime, mark: Mark) -> Endorsement:
    device = bytes.fromhex(actor.device) if actor.device else None
    return Endorsement(mark_id=mark.id, device_hash=device, person_id=actor.person_id, at=now)


def _judge(actor: Actor, mark: Mark) -> None:
    if not may_see(actor, mark):
        raise NotFound()
    if may_endorse(actor, mark):
        return
    raise Conflict("own_mark" if owns(actor, mark) else "not_public")


def take_back(session: Session, *, actor: Actor, now: datetime, mark: Mark) -> bool:
    """Take one's 我也是 back; nothing of it stays but the log. False when there was none."""
    if not may_see(actor, mark):
        raise NotFound()
    held = own_endorsements(session, actor, mark)
    for each in held:
        session.delete(each)
    if held:
        note(session, actor, now, mark, "mark.take_back")
    session.flush()
    return bool(held)


def ask_again(session: Session, *, actor: Actor, now: datetime, mark: Mark, reason: str) -> Mark:
    """还没解决，请再看看: the author or who said 我也是 reopens the answered case, with a reason for staff.

    Raises:
        NotFound: the actor neither wrote nor joined a mark of this case.
        InvalidTransition: ``nothing_to_reopen``, or ``too_late_to_reopen`` after the neighborhood's days.
    """
    if not may_see(actor, mark) or not stands_behind(session, actor, mark):
        raise NotFound()
    if not is_answered(mark):
        raise InvalidTransition("nothing_to_reopen")
    reopen(session, actor=actor, now=now, case=mark.case, reason=reason, is_author=True)
    note(session, actor, now, mark, "mark.ask_again", words=reason)
    session.flush()
    return mark


def is_answered(mark: Mark) -> bool:
    """Whether the mark's case has an answer that could be asked about again; thanked praise has none."""
    is_live = mark.status is not MarkStatus.WITHDRAWN and mark.case.is_clocked
    return is_live and mark.case.state in TRANSITIONS[CaseVerb.REOPEN]
