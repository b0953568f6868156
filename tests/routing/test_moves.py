"""How a case moves, ends and comes back; who stands where; two at once."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from planner.core.db import Database
from planner.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from planner.places.terms import IssuingChain
from planner.routing import actions, queries
from planner.routing.actions import Advice, Answer
from planner.routing.policies import MAY, Standing, may
from planner.routing.terms import (
    TRANSITIONS,
    CaseState,
    CaseVerb,
    EvidenceKind,
    Outcome,
)
from tests.conftest import NOW
from tests.factories.cases import ADOPT, REPLY, common, opened, seat_holder
from tests.factories.routing import make_case
from tests.factories.stage import SPOTS, make_stage


def test_no_close_before_a_published_reply(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.ONE_SIGNATURE)
    with pytest.raises(InvalidTransition):
        actions.close(**common(session, stage.clerk, case))
    actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    with pytest.raises(InvalidTransition):
        actions.close(**common(session, stage.clerk, case))


def test_passed_on_is_never_an_end(session: Session) -> None:
    stage, case = opened(session)
    with pytest.raises(Invalid) as refused:
        actions.draft_reply(
            **common(session, stage.drafter, case),
            answer=Answer(Outcome.PASSED_ON, "已请区里统筹。"),
        )
    assert refused.value.fields == {"passed_on_to": "next_holder_missing"}
    actions.draft_reply(
        **common(session, stage.drafter, case),
        answer=Answer(Outcome.PASSED_ON, "已请区里统筹。", "区城管局"),
    )
    with pytest.raises(InvalidTransition) as kept:
        actions.close(**common(session, stage.clerk, case))
    assert kept.value.code == "passed_on_is_no_end"


def test_joint_matter_needs_a_consultation_or_a_reasoned_waiver(session: Session) -> None:
    stage, case = opened(session, topic_code="PUB02")
    actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    with pytest.raises(InvalidTransition) as refused:
        actions.close(**common(session, stage.clerk, case))
    assert refused.value.code == "consultation_needed"
    waiver = {"kind": EvidenceKind.WAIVER, "reference": "office"}
    with pytest.raises(NotAllowed):
        actions.add_evidence(
            **common(session, stage.drafter, case), **waiver, reason="各方已书面同意。"
        )
    with pytest.raises(Invalid):
        actions.add_evidence(**common(session, stage.clerk, case), **waiver, reason="")
    actions.add_evidence(**common(session, stage.clerk, case), **waiver, reason="各方已书面同意。")
    actions.close(**common(session, stage.clerk, case))
    assert case.state is CaseState.CLOSED
    assert case.closed_at == NOW


def test_held_consultation_is_evidence_too(session: Session) -> None:
    stage, case = opened(session, topic_code="PUB02")
    actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    held = {"kind": EvidenceKind.CONSULTATION_HELD, "reference": "consultation:1"}
    actions.add_evidence(**common(session, stage.clerk, case), **held)
    actions.add_evidence(**common(session, stage.clerk, case), **held)
    actions.close(**common(session, stage.clerk, case))
    assert case.state is CaseState.CLOSED


def test_reopen_within_the_days_has_a_new_clock_and_the_old_history(session: Session) -> None:
    stage, case = opened(session)
    actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    actions.close(**common(session, stage.clerk, case))
    due = case.reply_due_at
    given = common(session, stage.clerk, case)
    with pytest.raises(InvalidTransition):
        actions.reopen(**{**given, "now": NOW + timedelta(days=31)}, reason="没有按时划线。")
    actions.reopen(**{**given, "now": NOW + timedelta(days=29)}, reason="没有按时划线。")
    assert case.state is CaseState.REOPENED
    assert due is not None
    assert case.reply_due_at is not None
    assert case.reply_due_at > due
    assert len(case.replies) == 1


def test_reassign_needs_a_reason_and_the_trail_lists_every_holder(session: Session) -> None:
    stage, case = opened(session)
    target = stage.seats["street-2"].id
    with pytest.raises(Invalid):
        actions.reassign(**common(session, seat_holder(stage), case), reason="", seat_id=target)
    actions.reassign(
        **common(session, seat_holder(stage), case), reason="属于道路照明。", seat_id=target
    )
    assert case.tier == "street"
    with pytest.raises(NotFound):
        actions.give_opinion(**common(session, seat_holder(stage), case), advice=ADOPT)
    actions.give_opinion(**common(session, stage.holders["street-2"], case), advice=ADOPT)
    holders = [entry.seat for entry in queries.trail(session, case)]
    assert holders == ["community-3", "street-2", "street-2"]
    assert queries.trail(session, case)[1].step.reason == "属于道路照明。"
    assert "属于道路照明" not in str(queries.public_answers(session, case))


def test_reassign_to_a_vacant_or_foreign_seat_is_refused(session: Session) -> None:
    stage = make_stage(session, vacant=("street-2",))
    case = make_case(session, stage.here, at=SPOTS[3])
    other = make_stage(session, slug="other")
    given = {**common(session, stage.clerk, case), "reason": "属于道路照明。"}
    for seat in (stage.seats["street-2"], other.seats["street-1"]):
        with pytest.raises(Invalid):
            actions.reassign(**given, seat_id=seat.id)


def test_sent_back_case_waits_on_the_offices_list_until_assigned(session: Session) -> None:
    stage, case = opened(session)
    actions.send_back(**common(session, seat_holder(stage), case), reason="与本席无关。")
    assert case.seat_id is None
    listed = queries.unassigned(session, stage.clerk, stage.here.id)
    assert [found.code for found in listed.cases] == [case.code]
    assert queries.unassigned(session, stage.drafter, stage.here.id).total == 0
    actions.assign(**common(session, stage.clerk, case), seat_id=stage.seats["community-1"].id)
    assert queries.unassigned(session, stage.clerk, stage.here.id).total == 0
    assert case.explanation["code"] == "by_staff"


def test_opinion_passed_on_hands_the_case_to_the_named_seat(session: Session) -> None:
    stage, case = opened(session)
    advice = Advice(
        Outcome.PASSED_ON, "涉及整个路网，请总设计师统筹。", next_seat_id=stage.seats["total-1"].id
    )
    actions.give_opinion(**common(session, seat_holder(stage), case), advice=advice)
    assert case.state is CaseState.PASSED_ON
    assert case.seat is not None
    assert case.seat.code == "total-1"
    actions.give_opinion(**common(session, stage.holders["total-1"], case), advice=ADOPT)
    assert case.state is CaseState.OPINION_GIVEN


def test_reclassified_case_is_routed_anew_with_its_clock_from_receipt(session: Session) -> None:
    stage, case = opened(session)
    actions.reclassify(
        **{**common(session, seat_holder(stage), case), "now": NOW + timedelta(days=3)},
        topic_code="ENV21",
        reason="其实是树枝挡路。",
    )
    assert case.seat is not None
    assert case.seat.code == "street-1"
    assert case.unit == stage.office
    assert case.opinion_due_at is not None
    assert case.opinion_due_at < NOW + timedelta(days=3)
    assert case.steps[-1].facts["topic_before"] == "PUB01"


def test_helper_sees_the_case_but_may_not_answer(session: Session) -> None:
    stage, case = opened(session)
    helper = stage.holders["street-1"]
    with pytest.raises(NotFound):
        queries.case_by_code(session, helper, stage.here.id, case.code)
    actions.assist(
        **common(session, stage.clerk, case),
        reason="请一起看现场。",
        seat_id=stage.seats["street-1"].id,
    )
    assert queries.case_by_code(session, helper, stage.here.id, case.code) is case
    with pytest.raises(NotAllowed):
        actions.give_opinion(**common(session, helper, case), advice=ADOPT)


def test_grid_workers_unit_reports_and_never_decides(session: Session) -> None:
    stage, case = opened(session)
    stage.committee.can_decide = False
    session.flush()
    with pytest.raises(NotAllowed):
        actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    actions.acknowledge(**common(session, stage.drafter, case))
    assert case.state is CaseState.ACKNOWLEDGED


def test_stale_page_is_a_conflict(session: Session) -> None:
    stage, case = opened(session)
    seen = case.version
    actions.acknowledge(**common(session, seat_holder(stage), case), seen_version=seen)
    with pytest.raises(Conflict) as refused:
        actions.give_opinion(
            **common(session, seat_holder(stage), case), advice=ADOPT, seen_version=seen
        )
    assert refused.value.code == "case_changed"


def test_two_at_once_then_the_second_is_a_conflict(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite lets only one writer in")
    with database.write() as session:
        stage = make_stage(session)
        case = make_case(session, stage.here, at=SPOTS[3])
        code, here, holder = case.code, stage.here.id, seat_holder(stage)
    with database.writing() as one, database.writing() as two:
        first = queries.case_by_code(one, holder, here, code)
        second = queries.case_by_code(two, holder, here, code)
        actions.give_opinion(**common(one, holder, first), advice=ADOPT)
        one.commit()
        with pytest.raises(Conflict):
            actions.give_opinion(
                **common(two, holder, second),
                advice=Advice(Outcome.DECLINE, "不同意，另有安排。"),
            )


def test_publishing_does_not_disturb_somebody_writing(session: Session) -> None:
    stage, case = opened(session)
    seen = case.version
    actions.publish_case(**common(session, stage.clerk, case), is_public=True)
    assert case.is_public
    actions.give_opinion(
        **common(session, seat_holder(stage), case), advice=ADOPT, seen_version=seen
    )


STANDINGS = {
    Standing.OFFICE: lambda stage: stage.clerk,
    Standing.SEAT: lambda stage: stage.holders["community-3"],
    Standing.DRAFTER: lambda stage: stage.drafter,
    Standing.CHECKER: lambda stage: stage.checker,
    Standing.ISSUER: lambda stage: stage.issuer,
    Standing.COLLEAGUE: lambda stage: stage.holders["community-1"],
}


def test_role_by_verb_is_exactly_the_table(session: Session) -> None:
    stage, case = opened(session)
    for (standing, who), verb in itertools.product(STANDINGS.items(), MAY):
        held = {standing}
        if standing in (Standing.DRAFTER, Standing.CHECKER, Standing.ISSUER):
            held.add(Standing.MEMBER)
        assert may(who(stage), case, verb) == bool(held & MAY[verb]), (standing, verb)


@pytest.mark.parametrize("verb", [verb for verb in CaseVerb if verb is not CaseVerb.OPEN])
def test_every_verb_is_refused_in_every_state_outside_the_table(
    session: Session, verb: CaseVerb
) -> None:
    from planner.routing.actions.steps import begin

    stage, case = opened(session)
    holders = {standing: who(stage) for standing, who in STANDINGS.items()}
    actor = next((holders[s] for s in holders if s in MAY[verb]), stage.clerk)
    is_author = MAY[verb] == {Standing.AUTHOR}
    for state in CaseState:
        case.state = state
        given = {**common(session, actor, case), "verb": verb, "is_author": is_author}
        if state in TRANSITIONS[verb]:
            assert begin(**given).target is (TRANSITIONS[verb][state] or state)
        else:
            with pytest.raises(InvalidTransition):
                begin(**given)


def test_other_neighborhoods_staff_know_nothing(session: Session) -> None:
    stage, case = opened(session)
    other = make_stage(session, slug="other")
    actions.publish_case(**common(session, stage.clerk, case), is_public=True)
    for stranger in (other.clerk, other.drafter, other.holders["community-3"]):
        with pytest.raises(NotFound):
            queries.case_by_code(session, stranger, stage.here.id, case.code)
        with pytest.raises(NotFound):
            actions.acknowledge(**common(session, stranger, case))


def test_designers_of_other_seats_see_published_cases_only(session: Session) -> None:
    stage, case = opened(session)
    colleague = stage.holders["community-1"]
    with pytest.raises(NotFound):
        queries.case_by_code(session, colleague, stage.here.id, case.code)
    actions.publish_case(**common(session, stage.clerk, case), is_public=True)
    assert queries.case_by_code(session, colleague, stage.here.id, case.code) is case
    with pytest.raises(NotAllowed):
        actions.give_opinion(**common(session, colleague, case), advice=ADOPT)
