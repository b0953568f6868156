"""Role × verb × state of a case, written out by hand: the product's own tables must agree with it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy.orm import Session

from planner.core.errors import InvalidTransition, NotAllowed, NotFound
from planner.places.terms import IssuingChain
from planner.routing import actions
from planner.routing.actions.steps import begin
from planner.routing.models import Case
from planner.routing.policies import Standing
from planner.routing.terms import FINAL, CaseState, CaseVerb
from tests.conftest import NOW
from tests.factories.accounts import make_member, make_unit
from tests.factories.routing import make_case
from tests.factories.stage import SPOTS, Stage, make_stage

WHO = ["office", "seat", "drafter", "checker", "issuer", "member", "helper", "colleague", "author"]

MAY = {
    "assign": "office",
    "acknowledge": "seat drafter checker issuer member",
    "reassign": "office seat",
    "assist": "office seat drafter checker issuer member",
    "send_back": "seat drafter checker issuer member",
    "reclassify": "office seat drafter checker issuer member",
    "give_opinion": "seat",
    "draft_reply": "drafter",
    "sign_reply": "checker issuer",
    "return_draft": "checker issuer",
    "issue_reply": "drafter issuer",
    "pass_on": "office seat drafter",
    "consult": "office drafter",
    "start_works": "office",
    "thank": "office seat drafter checker issuer",
    "close": "office drafter checker issuer",
    "reopen": "office drafter checker issuer member author",
    "withdraw": "author",
    "merge": "office",
}
"""verb -> who; `member` is somebody of the unit who may not decide (a grid worker's unit)."""

LIVE = "open acknowledged opinion_given reply_drafted replied in_consultation in_works reopened passed_on"
UNANSWERED = "open acknowledged opinion_given reopened in_consultation passed_on"
FROM = {
    "assign": {LIVE: ""},
    "acknowledge": {"open reopened passed_on": "acknowledged"},
    "reassign": {LIVE: ""},
    "assist": {LIVE: ""},
    "send_back": {UNANSWERED: "open"},
    "reclassify": {UNANSWERED: ""},
    "give_opinion": {
        "open acknowledged reopened passed_on": "opinion_given",
        "opinion_given reply_drafted replied in_consultation in_works": "",
    },
    "draft_reply": {UNANSWERED: "reply_drafted", "reply_drafted replied in_works": ""},
    "sign_reply": {"reply_drafted replied in_works": ""},
    "return_draft": {"reply_drafted replied in_works": ""},
    "issue_reply": {"reply_drafted": "replied", "replied in_works": ""},
    "pass_on": {UNANSWERED + " replied": "passed_on"},
    "consult": {UNANSWERED + " reply_drafted replied": "in_consultation"},
    "start_works": {"replied": "in_works"},
    "thank": {"open acknowledged opinion_given reopened": "closed"},
    "close": {"replied in_works": "closed"},
    "reopen": {"replied closed": "reopened"},
    "withdraw": {"open acknowledged reopened": "closed"},
    "merge": {LIVE: "merged"},
}
"""verb -> {states it may be used in: state it leads to; empty: unchanged}."""


def test_tables_when_compared_then_every_verb_state_and_standing_is_written_here():
    verbs = {verb.value for verb in CaseVerb if verb is not CaseVerb.OPEN}
    assert set(MAY) == verbs == set(FROM)
    assert set(WHO) == {standing.value for standing in Standing}
    known = {state.value for state in CaseState}
    assert {state for table in FROM.values() for key in table for state in key.split()} <= known
    assert {state.value for state in FINAL} == {"closed", "merged"}


def cast(session: Session, stage: Stage, case: Case) -> dict[str, Any]:
    """One actor per standing, and whether it comes as the author."""
    actions.assist(
        session,
        actor=stage.clerk,
        now=NOW,
        case=case,
        reason="请一起看现场。",
        seat_id=stage.seats["street-1"].id,
    )
    actions.publish_case(session, actor=stage.clerk, now=NOW, case=case, is_public=True)
    return {
        "office": stage.clerk,
        "seat": stage.holders["community-3"],
        "drafter": stage.drafter,
        "checker": stage.checker,
        "issuer": stage.issuer,
        "helper": stage.holders["street-1"],
        "colleague": stage.holders["community-1"],
    }


def expected(who: str, verb: str, state: str) -> str:
    if who not in MAY[verb].split():
        return "refused"
    for states, target in FROM[verb].items():
        if state in states.split():
            return target or state
    return "impossible"


def outcome(session: Session, actor: Any, case: Case, verb: str, *, is_author: bool = False) -> str:
    given = {"session": session, "actor": actor, "now": NOW, "case": case}
    try:
        return begin(**given, verb=CaseVerb(verb), is_author=is_author).target.value
    except (NotAllowed, NotFound):
        return "refused"
    except InvalidTransition:
        return "impossible"


@pytest.mark.parametrize("verb", sorted(MAY))
def test_verb_when_used_by_each_in_each_state_then_as_written(session: Session, verb: str) -> None:
    stage = make_stage(session, chain=IssuingChain.NONE)
    case = make_case(session, stage.here, at=SPOTS[3])
    people = cast(session, stage, case)
    for (who, actor), state in itertools.product(people.items(), CaseState):
        case.state = state
        assert outcome(session, actor, case, verb) == expected(who, verb, state), (who, state)
    stranger = make_stage(session, slug="elsewhere").clerk
    for state in CaseState:
        case.state = state
        as_author = outcome(session, stranger, case, verb, is_author=True)
        assert as_author == expected("author", verb, state), state
        assert outcome(session, stranger, case, verb) == "refused", state


@pytest.mark.parametrize("verb", sorted(MAY))
def test_verb_when_used_by_a_unit_that_does_not_decide_then_as_written(
    session: Session, verb: str
) -> None:
    from planner.accounts.terms import UnitDuty

    stage = make_stage(session)
    unit = make_unit(session, stage.here, "grid_worker", can_decide=False)
    member = make_member(session, unit, *UnitDuty)
    case = make_case(session, stage.here, at=SPOTS[3])
    case.unit_id, case.unit = unit.id, unit
    for state in CaseState:
        case.state = state
        assert outcome(session, member, case, verb) == expected("member", verb, state), state
