"""A case with its stage, and what is usually said about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from planner.core.actor import Actor
from planner.places.terms import IssuingChain
from planner.routing.actions import Advice, Answer
from planner.routing.models import Case
from planner.routing.terms import Outcome
from tests.conftest import NOW
from tests.factories.routing import make_case
from tests.factories.stage import SPOTS, Stage, make_stage

ADOPT = Advice(Outcome.ADOPT, "划出停车线，留出行人通道。")
REPLY = Answer(Outcome.ADOPT, "十月底前划线，安排专人疏导。")


def common(session: Session, actor: Actor, case: Case) -> dict[str, Any]:
    """What every verb is given."""
    return {"session": session, "actor": actor, "now": NOW, "case": case}


def seat_holder(stage: Stage) -> Actor:
    """The designer of the case's seat."""
    return stage.holders["community-3"]


def opened(session: Session, **over: Any) -> tuple[Stage, Case]:
    """A stage and a case in its third grid cell."""
    stage = make_stage(session, chain=over.pop("chain", IssuingChain.NONE))
    return stage, make_case(session, stage.here, at=SPOTS[3], **over)
