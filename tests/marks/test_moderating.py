"""Publishing, holding, hiding, referring; redaction keeps the first wording apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planner.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from planner.core.models import AuditEvent
from planner.marks import actions, queries
from planner.marks.models import Mark, Moderation
from planner.marks.terms import TRANSITIONS, MarkStatus, MarkVerb
from tests.conftest import NOW
from tests.factories.marks import make_mark, visitor
from tests.factories.stage import Stage, make_stage
from tests.factories.web import browser

STAFF_VERBS = tuple(verb for verb in MarkVerb if verb is not MarkVerb.WITHDRAW)


@pytest.fixture
def stage(session: Session) -> Stage:
    return make_stage(session)


@pytest.fixture
def mark(session: Session, stage: Stage) -> Mark:
    return make_mark(session, stage.here, published=False)


def moderate(session: Session, stage: Stage, mark: Mark, verb: MarkVerb, **over):
    given = {"actor": stage.clerk, "now": NOW, "mark": mark, "verb": verb, "reason": "含有个人信息"}
    return actions.moderate(session, **(given | over))


@pytest.mark.parametrize("verb", STAFF_VERBS)
@pytest.mark.parametrize("status", MarkStatus)
def test_verb_when_used_in_a_state_then_as_the_table_says(session, stage, mark, verb, status):
    mark.status = status
    target = TRANSITIONS[verb].get(status)
    if target is None:
        with pytest.raises(InvalidTransition):
            moderate(session, stage, mark, verb)
        assert mark.status is status
        return
    moderate(session, stage, mark, verb)
    assert mark.status is target
    act = queries.moderation_history(session, mark)[-1]
    assert (act.verb, act.from_status, act.to_status) == (verb, status.value, target.value)
    assert act.actor_ref == stage.clerk.ref
    session.refresh(mark.case)
    assert mark.case.is_public is (target is MarkStatus.PUBLISHED)
    assert (mark.published_at == NOW) is (target is MarkStatus.PUBLISHED)


def test_withdraw_when_asked_of_a_moderator_then_refused(session, stage, mark):
    with pytest.raises(NotAllowed):
        moderate(session, stage, mark, MarkVerb.WITHDRAW)
    assert mark.status is MarkStatus.RECEIVED


@pytest.mark.parametrize("verb", [MarkVerb.HOLD, MarkVerb.HIDE, MarkVerb.REFER])
def test_hiding_when_without_reason_then_refused(session, stage, mark, verb) -> None:
    with pytest.raises(Invalid) as caught:
        moderate(session, stage, mark, verb, reason=" ")
    assert caught.value.fields == {"reason": "missing"}
    assert mark.status is MarkStatus.RECEIVED


def test_version_when_stale_then_conflict(session, stage, mark) -> None:
    seen = mark.version
    moderate(session, stage, mark, MarkVerb.HOLD, version=seen)
    with pytest.raises(Conflict):
        moderate(session, stage, mark, MarkVerb.PUBLISH, version=seen)
    assert mark.status is MarkStatus.HELD


@pytest.mark.parametrize("who", ["author", "seat", "unit", "office unit"])
def test_moderating_when_not_the_office_then_refused(session, stage, mark, who) -> None:
    actor = {
        "author": visitor(),
        "seat": stage.holders["community-1"],
        "unit": stage.drafter,
        "office unit": stage.writer,
    }[who]
    with pytest.raises(NotAllowed):
        moderate(session, stage, mark, MarkVerb.PUBLISH, actor=actor)
    with pytest.raises(NotAllowed):
        actions.redact(session, actor=actor, now=NOW, mark=mark, words="改成别的话")


def test_triage_when_first_act_then_its_time_stays(session, stage, mark) -> None:
    moderate(session, stage, mark, MarkVerb.HOLD)
    moderate(session, stage, mark, MarkVerb.PUBLISH, now=NOW + timedelta(days=1))
    assert mark.triaged_at == NOW


def test_redaction_when_twice_then_the_first_wording_is_kept(session, stage, mark) -> None:
    first = mark.wording.reason
    actions.redact(session, actor=stage.clerk, now=NOW, mark=mark, words="隐去了电话号码")
    actions.redact(session, actor=stage.clerk, now=NOW, mark=mark, words="又隐去了姓名")
    assert (mark.wording.reason, mark.wording.original) == ("又隐去了姓名", first)
    assert mark.case.excerpt == "又隐去了姓名"
    verbs = session.scalars(select(AuditEvent.verb).where(AuditEvent.verb == "mark.redact"))
    assert len(verbs.all()) == 2


def test_redaction_when_the_title_quoted_the_words_then_it_says_the_new_ones(
    session: Session, stage: Stage
) -> None:
    mark = make_mark(session, stage.here, published=False, reason="找王先生 13800138000 要挪车")
    assert "13800138000" in mark.case.title
    actions.redact(session, actor=stage.clerk, now=NOW, mark=mark, words="找车主要挪车")
    assert "13800138000" not in mark.case.title
    assert "找车主要挪车" in mark.case.title


def test_redaction_when_words_were_erased_then_not_found(session, stage, mark) -> None:
    actions.erase_mark(session, actor=visitor(), now=NOW, mark=mark)
    with pytest.raises(NotFound):
        actions.redact(session, actor=stage.clerk, now=NOW, mark=mark, words="隐去了电话号码")


def test_history_when_changed_then_the_database_refuses(session, stage, mark) -> None:
    moderate(session, stage, mark, MarkVerb.PUBLISH)
    act = session.scalars(select(Moderation)).one()
    act.reason = "改写历史"
    with pytest.raises(DBAPIError):
        session.flush()


def test_addition_when_redacted_then_shown_changed_and_the_first_wording_kept(
    session, stage, mark
) -> None:
    added = actions.add_words(
        session, actor=visitor(), now=NOW, mark=mark, words="电话是 13800000000"
    )
    given = {"actor": stage.clerk, "now": NOW, "mark": mark, "addition_id": added.id}
    actions.redact_addition(session, **given, words="电话已隐去")
    actions.redact_addition(session, **given, words="电话仍然隐去")
    assert (added.text, added.original) == ("电话仍然隐去", "电话是 13800000000")
    assert queries.additions_of(session, [mark.id]) == {mark.id: [added]}
    other = make_mark(session, stage.here)
    with pytest.raises(NotFound):
        actions.redact_addition(session, **(given | {"mark": other}), words="电话已隐去")
    with pytest.raises(NotAllowed):
        actions.redact_addition(session, **(given | {"actor": visitor()}), words="电话已隐去")


def test_queue_when_an_addition_waits_then_the_moderator_reads_and_redacts_it(
    app, database
) -> None:
    with database.write() as opened:
        stage = make_stage(opened)
        mark = make_mark(opened, stage.here)
        added = actions.add_words(
            opened, actor=visitor(), now=NOW, mark=mark, words="补充：找张某某要钥匙"
        )
        code, name, person_id = mark.code, f"addition-{added.id}", stage.clerk.person_id
    client = browser(app, person_id)
    assert "找张某某要钥匙" in client.get("/n/here/queue").get_data(as_text=True)
    sent = {"verb": "publish", name: "补充：找值班员要钥匙"}
    assert client.post(f"/n/here/queue/{code}", data=sent).status_code == 303
    page = app.test_client().get(f"/n/here/marks/{code}").get_data(as_text=True)
    assert "找值班员要钥匙" in page
    assert "张某某" not in page
