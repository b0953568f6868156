"""What is done to a case: opinions, replies through their chain, moves, the end and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from planner.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from planner.core.models import OutboxMessage
from planner.places.terms import IssuingChain
from planner.routing import actions, queries
from planner.routing.actions import Advice, Answer
from planner.routing.actions.replying import digest_of
from planner.routing.models import CaseStep, Opinion, Reply, ReplyDraft
from planner.routing.terms import (
    CaseState,
    LoopStage,
    Outcome,
)
from tests.factories.cases import ADOPT, REPLY, common, opened, seat_holder


def test_opinion_is_public_and_moves_the_case(session: Session) -> None:
    stage, case = opened(session)
    opinion = actions.give_opinion(**common(session, seat_holder(stage), case), advice=ADOPT)
    assert case.state is CaseState.OPINION_GIVEN
    shown = queries.public_answers(session, case)
    assert shown.opinion is not None
    assert (shown.opinion.text, shown.opinion.seat) == (opinion.reason, "community-3")


@pytest.mark.parametrize("reason", ["", "   ", "不行", "。。。。。", "x" * 1001])
def test_opinion_without_a_real_reason_is_refused_and_nothing_is_stored(
    session: Session, reason: str
) -> None:
    stage, case = opened(session)
    with pytest.raises(Invalid) as refused:
        actions.give_opinion(
            **common(session, seat_holder(stage), case), advice=replace(ADOPT, reason=reason)
        )
    assert "reason" in refused.value.fields
    assert session.scalar(select(func.count()).select_from(Opinion)) == 0
    assert case.state is CaseState.OPEN


def test_changed_mind_is_a_new_opinion_that_names_the_old(session: Session) -> None:
    stage, case = opened(session)
    first = actions.give_opinion(**common(session, seat_holder(stage), case), advice=ADOPT)
    again = actions.give_opinion(**common(session, seat_holder(stage), case), advice=ADOPT)
    assert again is first, "a double click is one opinion"
    other = Advice(Outcome.DECLINE, "巷子太窄，划线后消防车过不去。")
    second = actions.give_opinion(**common(session, seat_holder(stage), case), advice=other)
    assert second.replaces_id == first.id
    told = [e for e in queries.public_answers(session, case).entries if e.kind == "opinion"]
    assert [(e.is_superseded, e.replaces_at is not None) for e in told] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize("model", [Opinion, Reply, CaseStep])
def test_what_was_said_cannot_be_changed_even_in_the_database(
    session: Session, model: type[Any]
) -> None:
    stage, case = opened(session)
    actions.give_opinion(**common(session, seat_holder(stage), case), advice=ADOPT)
    actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    row = session.scalars(select(model)).first()
    attribute = {Opinion: "reason", Reply: "body", CaseStep: "reason"}[model]
    setattr(row, attribute, "改过的话改过的话")
    with pytest.raises(DatabaseError):
        session.flush()


def test_reply_without_chain_is_issued_at_once_and_signed_by_the_unit(session: Session) -> None:
    stage, case = opened(session)
    reply = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert isinstance(reply, Reply)
    assert (reply.signed_as, case.state, case.stage) == (
        "社区两委",
        CaseState.REPLIED,
        LoopStage.FEEDBACK,
    )
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
    again = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert again is reply, "a double click is one reply"


def test_one_signature_keeps_the_text_back_until_it_is_signed(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.ONE_SIGNATURE)
    draft = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert isinstance(draft, ReplyDraft)
    assert queries.public_answers(session, case).reply is None
    with pytest.raises(NotAllowed):
        actions.sign_reply(**common(session, stage.checker, case), seen_digest=digest_of(draft))
    actions.sign_reply(**common(session, stage.issuer, case), seen_digest=digest_of(draft))
    shown = queries.public_answers(session, case).reply
    assert shown is not None
    assert shown.text == REPLY.body


def test_three_steps_nothing_is_public_before_the_last_signature(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.THREE_STEPS)
    draft = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert isinstance(draft, ReplyDraft)
    with pytest.raises(NotAllowed):
        actions.sign_reply(**common(session, stage.issuer, case), seen_digest=digest_of(draft))
    actions.sign_reply(**common(session, stage.checker, case), seen_digest=digest_of(draft))
    assert queries.public_answers(session, case).reply is None
    assert REPLY.body not in str(queries.public_answers(session, case))
    actions.sign_reply(**common(session, stage.issuer, case), seen_digest=digest_of(draft))
    assert case.state is CaseState.REPLIED
    assert queries.public_answers(session, case).reply is not None


def test_three_steps_need_three_different_persons(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.THREE_STEPS)
    both = replace(
        stage.drafter,
        grants=tuple(
            replace(g, scope_name="draft+check+issue") if g.scope_name == "draft" else g
            for g in stage.drafter.grants
        ),
    )
    draft = actions.draft_reply(**common(session, both, case), answer=REPLY)
    assert isinstance(draft, ReplyDraft)
    with pytest.raises(NotAllowed) as refused:
        actions.sign_reply(**common(session, both, case), seen_digest=digest_of(draft))
    assert refused.value.code == "three_persons"
    checks_and_issues = replace(both, person_id=stage.checker.person_id)
    actions.sign_reply(**common(session, checks_and_issues, case), seen_digest=digest_of(draft))
    with pytest.raises(NotAllowed):
        actions.sign_reply(**common(session, checks_and_issues, case), seen_digest=digest_of(draft))


def test_changed_text_after_a_signature_starts_the_chain_again(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.THREE_STEPS)
    draft = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert isinstance(draft, ReplyDraft)
    seen = digest_of(draft)
    actions.sign_reply(**common(session, stage.checker, case), seen_digest=seen)
    changed = replace(REPLY, body="改为十一月中旬划线。")
    actions.draft_reply(**common(session, stage.drafter, case), answer=changed)
    assert draft.awaits == "check"
    with pytest.raises(Conflict):
        actions.sign_reply(**common(session, stage.checker, case), seen_digest=seen)
    with pytest.raises(NotAllowed):
        actions.sign_reply(**common(session, stage.issuer, case), seen_digest=digest_of(draft))


def test_returned_draft_goes_back_to_the_drafter_with_its_note(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.THREE_STEPS)
    draft = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert isinstance(draft, ReplyDraft)
    with pytest.raises(Invalid):
        actions.return_draft(**common(session, stage.checker, case), note="")
    actions.return_draft(**common(session, stage.checker, case), note="请写明完成日期。")
    assert draft.awaits == "draft"
    with pytest.raises(InvalidTransition):
        actions.sign_reply(**common(session, stage.checker, case), seen_digest=digest_of(draft))
    actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert draft.awaits == "check"


def test_superseding_reply_names_the_old(session: Session) -> None:
    stage, case = opened(session)
    first = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    other = Answer(Outcome.PARTLY, "先划一半，余下的明年再办。")
    second = actions.draft_reply(**common(session, stage.drafter, case), answer=other)
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert second.replaces_id == first.id
    told = [e for e in queries.public_answers(session, case).entries if e.kind == "reply"]
    assert [entry.is_superseded for entry in told] == [True, False]


def test_no_private_name_in_public_answers(session: Session) -> None:
    stage, case = opened(session, chain=IssuingChain.THREE_STEPS)
    actions.give_opinion(**common(session, seat_holder(stage), case), advice=ADOPT)
    draft = actions.draft_reply(**common(session, stage.drafter, case), answer=REPLY)
    assert isinstance(draft, ReplyDraft)
    actions.sign_reply(**common(session, stage.checker, case), seen_digest=digest_of(draft))
    actions.sign_reply(**common(session, stage.issuer, case), seen_digest=digest_of(draft))
    text = str(queries.public_answers(session, case))
    assert "某人" not in text
    assert "person:" not in text
