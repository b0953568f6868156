"""Trays: own cases by default, order, lists, paging, and a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from planner.core.db import Database
from planner.places.terms import IssuingChain
from planner.routing import actions, queries
from planner.routing.actions import Answer
from planner.routing.models import Case
from planner.routing.queries import TrayList, TrayOrder
from planner.routing.terms import DueWord, Outcome
from tests.conftest import NOW
from tests.factories.routing import make_case
from tests.factories.stage import SPOTS, Stage, make_stage


def codes(session: Session, stage: Stage, who: Any, **over: Any) -> list[str]:
    page = queries.tray(session, who, stage.here.id, now=NOW, **over)
    return [case.code for case in page.cases]


def test_designer_sees_own_cases_only_by_default(session: Session) -> None:
    stage = make_stage(session)
    own = make_case(session, stage.here, at=SPOTS[3])
    make_case(session, stage.here, at=SPOTS[1])
    assert codes(session, stage, stage.holders["community-3"]) == [own.code]
    assert len(codes(session, stage, stage.drafter)) == 2
    assert codes(session, stage, stage.clerk) == []


def test_published_list_shows_published_cases_of_other_seats(session: Session) -> None:
    stage = make_stage(session)
    other = make_case(session, stage.here, at=SPOTS[1])
    who = stage.holders["community-3"]
    assert codes(session, stage, who, which=TrayList.PUBLISHED) == []
    actions.publish_case(session, actor=stage.clerk, now=NOW, case=other, is_public=True)
    assert codes(session, stage, who, which=TrayList.PUBLISHED) == [other.code]


def test_orders(session: Session) -> None:
    stage = make_stage(session)
    quick = {"topic_code": "ENV21", "public_topic_code": "green"}
    slow = {"topic_code": "ENV20", "public_topic_code": "green"}
    first = make_case(session, stage.here, at=SPOTS[3], **slow)
    second = make_case(session, stage.here, at=SPOTS[3], **quick, now=NOW + timedelta(minutes=1))
    who = stage.holders["street-1"]
    assert codes(session, stage, who) == [second.code, first.code]
    assert codes(session, stage, who, order=TrayOrder.NEWEST) == [second.code, first.code]
    assert codes(session, stage, who, order=TrayOrder.TOPIC) == [first.code, second.code]


def test_praise_stands_apart_and_answered_cases_leave_the_tray(session: Session) -> None:
    stage = make_stage(session)
    praise = make_case(session, stage.here, at=SPOTS[3], is_clocked=False)
    case = make_case(session, stage.here, at=SPOTS[3])
    who = stage.holders["community-3"]
    assert codes(session, stage, who, which=TrayList.PRAISE) == [praise.code]
    actions.draft_reply(
        session,
        actor=stage.drafter,
        now=NOW,
        case=case,
        answer=Answer(Outcome.ADOPT, "十月底前划线。"),
    )
    page = queries.tray(session, who, stage.here.id, now=NOW)
    assert page.cases == ()
    assert page.counts[TrayList.DONE] == 1
    assert codes(session, stage, who, which=TrayList.DONE) == [case.code]


def test_drafts_to_sign_are_listed_for_the_awaited_duty_only(session: Session) -> None:
    stage = make_stage(session, chain=IssuingChain.THREE_STEPS)
    case = make_case(session, stage.here, at=SPOTS[3])
    actions.draft_reply(
        session,
        actor=stage.drafter,
        now=NOW,
        case=case,
        answer=Answer(Outcome.ADOPT, "十月底前划线。"),
    )
    for who, listed in ((stage.checker, [case.code]), (stage.issuer, []), (stage.drafter, [])):
        assert codes(session, stage, who, which=TrayList.SIGN) == listed
    actions.return_draft(session, actor=stage.checker, now=NOW, case=case, note="请写明日期。")
    assert codes(session, stage, stage.drafter, which=TrayList.SIGN) == [case.code]


@pytest.mark.parametrize(
    ("later", "word"),
    [(0, DueWord.IN_TIME), (5, DueWord.SOON), (8, DueWord.OVERDUE)],
)
def test_due_words(session: Session, later: int, word: DueWord) -> None:
    from planner.home.queries import dues

    stage = make_stage(session)
    case = make_case(session, stage.here, at=SPOTS[3])
    assert dues(session, (case,), NOW + timedelta(days=later))[case.id].word is word


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Statements sent inside the block."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def _many(session: Session, like: Case, number: int) -> None:
    """Copies of a case, written in one statement."""
    columns = [c.name for c in Case.__table__.columns if c.name not in ("id", "uuid", "code")]
    row = session.execute(select(*[Case.__table__.c[name] for name in columns])).one()
    values = dict(zip(columns, row, strict=True))
    session.execute(
        insert(Case.__table__),
        [{**values, "uuid": uuid4(), "code": f"C-{n:07d}"} for n in range(number)],
    )


def test_tray_needs_eight_queries_at_most_with_5000_cases(database: Database) -> None:
    from planner.home.queries import dues

    with database.write() as session:
        stage = make_stage(session)
        _many(session, make_case(session, stage.here, at=SPOTS[3]), 5_000)
        who, here = stage.holders["community-3"], stage.here.id
    with database.read() as session, counted(database) as seen:
        page = queries.tray(session, who, here, now=NOW, page=200)
        dues(session, page.cases, NOW)
        for case in page.cases:
            assert case.seat is not None
            assert case.topic is not None
            assert case.unit is not None
    assert page.total == 5_001
    assert len(page.cases) == 25
    assert len(seen) <= 8, seen
