"""What an author may do: rewrite, add, withdraw, erase; and that erasing leaves nothing but the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import SYSTEM, Actor
from planner.core.db import Base
from planner.core.errors import Conflict, Gone, Invalid, NotFound
from planner.marks import actions, queries
from planner.marks.models import Mark
from planner.marks.rules import MAX_ADDITIONS
from planner.marks.terms import MarkStatus, MarkVerb
from planner.routing import actions as routing
from planner.routing.terms import CaseState, Outcome
from tests.conftest import NOW
from tests.factories.marks import make_mark, take, visitor
from tests.factories.stage import SPOTS, Stage, make_stage

OWN: dict[str, Any] = {"actor": visitor(), "now": NOW}


@pytest.fixture
def stage(session: Session) -> Stage:
    return make_stage(session)


@pytest.fixture
def mark(session: Session, stage: Stage) -> Mark:
    return make_mark(session, stage.here, at=SPOTS[3], published=False)


@pytest.mark.parametrize("verb", ["rewrite", "add_words", "withdraw", "erase_mark"])
@pytest.mark.parametrize("who", ["other", "office", "seat"])
def test_verbs_when_not_the_author_then_not_found(session, stage, mark, verb, who) -> None:
    actor = {"other": visitor(2), "office": stage.clerk, "seat": stage.holders["community-3"]}[who]
    words = {"words": "别人写的话"} if verb in ("rewrite", "add_words") else {}
    with pytest.raises(NotFound):
        getattr(actions, verb)(session, actor=actor, now=NOW, mark=mark, **words)


def test_receipt_when_shown_then_it_proves_the_author(session: Session, stage: Stage) -> None:
    made = take(session, stage.here)
    actor = visitor(2, made.receipt_code)
    actions.rewrite(session, actor=actor, now=NOW, mark=made.mark, words="换一部手机改的话")
    assert made.mark.wording is not None
    assert made.mark.wording.reason == "换一部手机改的话"


def test_rewrite_when_untouched_then_words_title_and_excerpt_follow(session, stage, mark) -> None:
    actions.rewrite(session, **OWN, mark=mark, words="改成另外一句话")
    assert mark.wording.reason == "改成另外一句话"
    assert mark.case.excerpt == "改成另外一句话"
    assert "改成另外一句话" in mark.case.title
    assert mark.status is MarkStatus.RECEIVED


@pytest.mark.parametrize("verb", ["rewrite", "add_words"])
def test_words_when_changed_under_a_moderators_eyes_then_publishing_is_a_conflict(
    session: Session, stage: Stage, mark: Mark, verb: str
) -> None:
    seen = mark.version
    getattr(actions, verb)(session, **OWN, mark=mark, words="审核的人没有读过的话")
    given = {"actor": stage.clerk, "now": NOW, "mark": mark, "verb": MarkVerb.PUBLISH}
    with pytest.raises(Conflict):
        actions.moderate(session, **given, version=seen)
    actions.moderate(session, **given, version=mark.version)
    assert mark.status is MarkStatus.PUBLISHED


def test_rewrite_when_published_by_rule_then_back_to_review(session: Session, stage: Stage) -> None:
    mark = make_mark(session, stage.here)
    actions.rewrite(session, **OWN, mark=mark, words="改成另外一句话")
    assert (mark.status, mark.published_at) == (MarkStatus.RECEIVED, None)
    session.refresh(mark.case)
    assert not mark.case.is_public


def _by_moderator(session: Session, stage: Stage, mark: Mark) -> None:
    actions.moderate(session, actor=stage.clerk, now=NOW, mark=mark, verb=MarkVerb.PUBLISH)


def _by_seat(session: Session, stage: Stage, mark: Mark) -> None:
    routing.acknowledge(session, actor=stage.holders["community-3"], now=NOW, case=mark.case)


def _by_opinion(session: Session, stage: Stage, mark: Mark) -> None:
    advice = routing.Advice(outcome=Outcome.ADOPT, reason="可以先划线试行")
    routing.give_opinion(
        session, actor=stage.holders["community-3"], now=NOW, case=mark.case, advice=advice
    )


@pytest.mark.parametrize("act", [_by_moderator, _by_seat, _by_opinion])
def test_rewrite_when_staff_has_acted_then_refused_and_an_addition_is_taken(
    session, stage, mark, act
) -> None:
    act(session, stage, mark)
    with pytest.raises(Conflict) as caught:
        actions.rewrite(session, **OWN, mark=mark, words="改成另外一句话")
    assert caught.value.code == "already_triaged"
    actions.add_words(session, **OWN, mark=mark, words="补充一句话")
    assert [addition.text for addition in mark.additions] == ["补充一句话"]


def test_addition_when_published_then_back_to_review(session: Session, stage: Stage) -> None:
    mark = make_mark(session, stage.here)
    actions.add_words(session, **OWN, mark=mark, words="补充一句话")
    assert mark.status is MarkStatus.RECEIVED
    actions.moderate(session, actor=stage.clerk, now=NOW, mark=mark, verb=MarkVerb.PUBLISH)
    assert mark.status is MarkStatus.PUBLISHED


def test_addition_when_too_many_or_too_short_then_refused(session, stage, mark) -> None:
    with pytest.raises(Invalid):
        actions.add_words(session, **OWN, mark=mark, words="短")
    for number in range(MAX_ADDITIONS):
        actions.add_words(session, **OWN, mark=mark, words=f"第{number}次补充的话")
    with pytest.raises(Conflict) as caught:
        actions.add_words(session, **OWN, mark=mark, words="再补充一次")
    assert caught.value.code == "too_many_additions"


def test_withdraw_when_open_then_case_closes_and_others_see_nothing(session, stage, mark) -> None:
    actions.withdraw(session, **OWN, mark=mark)
    assert mark.status is MarkStatus.WITHDRAWN
    assert mark.case.state is CaseState.CLOSED
    for who in (visitor(2), stage.holders["community-3"], stage.drafter):
        with pytest.raises(NotFound):
            queries.mark_by_code(session, who, stage.here.id, mark.code)
    for who in (visitor(), stage.clerk):
        assert queries.mark_by_code(session, who, stage.here.id, mark.code) is mark
    with pytest.raises(Conflict):
        actions.rewrite(session, **OWN, mark=mark, words="改成另外一句话")
    with pytest.raises(Conflict):
        actions.add_words(session, **OWN, mark=mark, words="补充一句话")


def everywhere(session: Session, text: str) -> list[str]:
    """Columns of any table that contain the text, as text or as bytes."""
    session.flush()
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if "geometry" in type(column.type).__name__.lower():
                continue
            for value in session.execute(select(column)).scalars():
                raw = value if isinstance(value, bytes) else str(value).encode()
                if text.encode() in raw or ascii(text)[1:-1].encode() in raw:
                    found.append(f"{table.name}.{column.name}")
    return found


def test_search_of_all_columns_when_words_are_there_then_it_finds_them(session, stage) -> None:
    make_mark(session, stage.here, reason="绝无仅有的一句话")
    assert set(everywhere(session, "绝无仅有")) == {
        "marks_wording.reason",
        "routing_case.title",
        "routing_case.excerpt",
    }


def test_erase_when_done_then_words_are_nowhere_and_the_log_holds(
    session: Session, stage: Stage
) -> None:
    made = take(session, stage.here, reason="绝无仅有的一句话", external_id="绝无仅有7")
    mark = made.mark
    audit.seal(session)
    actions.redact(session, actor=stage.clerk, now=NOW, mark=mark, words="隐去之后的几个字")
    actions.add_words(session, **OWN, mark=mark, words="绝无仅有的补充")
    _by_moderator(session, stage, mark)
    device, receipt = mark.device_hash, mark.receipt_hash
    actions.erase_mark(session, **OWN, mark=mark)
    session.expire_all()
    assert everywhere(session, "绝无仅有") == []
    assert everywhere(session, "隐去之后") == []
    audit.seal(session)
    assert audit.verify(session).is_intact
    assert mark.status is MarkStatus.WITHDRAWN
    assert device is not None
    assert _hashes(session, device) == []
    assert _hashes(session, receipt) == ["marks_erased_mark.receipt_hash"]


def _hashes(session: Session, value: bytes) -> list[str]:
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        and session.scalar(select(func.count()).where(column == value))
    ]


def test_erase_when_done_then_the_receipt_says_gone_and_nobody_owns_it(
    session: Session, stage: Stage
) -> None:
    made = take(session, stage.here)
    receipt = made.mark.receipt_hash
    author = visitor(1, made.receipt_code)
    actions.erase_mark(session, actor=author, now=NOW, mark=made.mark)
    with pytest.raises(Gone):
        queries.mark_by_receipt(session, receipt)
    assert queries.own_marks(session, author, stage.here.id) == []
    with pytest.raises(NotFound):
        queries.mark_by_code(session, author, stage.here.id, made.mark.code)
    with pytest.raises(NotFound):
        actions.erase_mark(session, actor=author, now=NOW, mark=made.mark)


def test_erase_when_already_answered_then_answers_stay(session, stage, mark) -> None:
    _by_opinion(session, stage, mark)
    actions.erase_mark(session, actor=visitor(), now=NOW + timedelta(days=1), mark=mark)
    assert len(mark.case.opinions) == 1
    assert (mark.case.title, mark.case.excerpt, mark.case.is_public) == ("", "", False)


def test_system_when_it_publishes_then_the_author_may_still_rewrite(session, stage, mark) -> None:
    actor: Actor = SYSTEM
    actions.moderate(session, actor=actor, now=NOW, mark=mark, verb=MarkVerb.PUBLISH)
    assert mark.triaged_at is None
