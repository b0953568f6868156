"""Who sees a mark: role × status, in Python and in SQL alike; who moderates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts.terms import UnitDuty
from planner.core.actor import SYSTEM, Actor, Role
from planner.marks import queries
from planner.marks.models import Mark
from planner.marks.policies import may_moderate, may_rewrite, may_see, owns, sees_all
from planner.marks.terms import MarkStatus
from planner.routing import actions as routing
from planner.routing.models import Case
from tests.conftest import NOW
from tests.factories.accounts import make_member, make_staff, make_unit
from tests.factories.marks import make_mark, take, visitor
from tests.factories.stage import SPOTS, Stage, make_stage

R, P, H, D, W = MarkStatus
EVERYTHING, LIVE, PUBLIC = {R, P, H, D, W}, {R, P, H, D}, {P}

READERS: dict[str, tuple[Callable[[Session, Stage], Actor], set[MarkStatus]]] = {
    "author": (lambda s, stage: visitor(1), EVERYTHING),
    "another visitor": (lambda s, stage: visitor(2), PUBLIC),
    "office": (lambda s, stage: stage.clerk, EVERYTHING),
    "moderator": (lambda s, stage: make_staff(s, Role.MODERATOR, stage.here), EVERYTHING),
    "administrator": (lambda s, stage: make_staff(s, Role.ADMIN, None), EVERYTHING),
    "system": (lambda s, stage: SYSTEM, EVERYTHING),
    "own seat": (lambda s, stage: stage.holders["community-3"], LIVE),
    "another seat": (lambda s, stage: stage.holders["community-1"], PUBLIC),
    "own unit": (lambda s, stage: stage.drafter, LIVE),
    "another unit": (lambda s, stage: stage.writer, PUBLIC),
    "helper": (lambda s, stage: _helper(s, stage), LIVE),
    "resident with account": (lambda s, stage: make_staff(s, Role.RESIDENT, stage.here), PUBLIC),
    "grid worker": (lambda s, stage: make_staff(s, Role.GRID_WORKER, stage.here), PUBLIC),
    "office of elsewhere": (lambda s, stage: make_stage(s, slug="there").clerk, PUBLIC),
    "moderator of elsewhere": (
        lambda s, stage: make_staff(s, Role.MODERATOR, make_stage(s, slug="there").here),
        PUBLIC,
    ),
}


def _helper(session: Session, stage: Stage) -> Actor:
    unit = make_unit(session, stage.here, "greening", name="绿化队")
    for case in session.scalars(select(Case)):
        routing.assist(
            session, actor=stage.clerk, now=NOW, case=case, unit_id=unit.id, reason="请协助办理"
        )
    return make_member(session, unit, UnitDuty.DRAFT)


def marks_of_all_states(session: Session, stage: Stage) -> dict[MarkStatus, Mark]:
    made = {}
    for status in MarkStatus:
        mark = make_mark(session, stage.here, at=SPOTS[3], published=False, topic="PUB01")
        mark.status = status
        made[status] = mark
    session.flush()
    return made


@pytest.mark.parametrize("name", READERS)
def test_reader_when_asking_then_sees_exactly_these_states(session: Session, name: str) -> None:
    stage = make_stage(session)
    marks = marks_of_all_states(session, stage)
    who, wanted = READERS[name]
    actor = who(session, stage)
    assert {status for status, mark in marks.items() if may_see(actor, mark)} == wanted
    listed = queries.marks(session, actor, stage.here.id, queries.Filters())
    assert {row.status for row in listed.rows} == wanted
    assert listed.total == len(wanted)
    cells = queries.cells(session, actor, stage.here.id, queries.Filters(), 16)[1]
    assert sum(sum(cell.counts.values()) for cell in cells) == len(wanted)
    exported = queries.each_mark(session, actor, stage.here.id, queries.Filters())
    assert {row.status for row in exported} == wanted - {W}


def test_receipt_when_shown_then_its_mark_alone_is_seen(session: Session) -> None:
    stage = make_stage(session)
    mine, other = take(session, stage.here), take(session, stage.here)
    actor = visitor(2, mine.receipt_code)
    assert owns(actor, mine.mark)
    assert not owns(actor, other.mark)
    listed = queries.marks(session, actor, stage.here.id, queries.Filters())
    assert [row.uuid for row in listed.rows] == [mine.mark.uuid]
    assert queries.own_marks(session, actor, stage.here.id) == [mine.mark]


def test_members_of_an_office_unit_are_not_the_office(session: Session) -> None:
    stage = make_stage(session)
    assert stage.writer.has_role(stage.here.id, Role.STREET_OFFICE)
    assert not sees_all(stage.writer, stage.here.id)
    assert not may_moderate(stage.writer, stage.here)


@pytest.mark.parametrize(
    ("role", "may"),
    [(role, role in (Role.ADMIN, Role.STREET_OFFICE, Role.MODERATOR)) for role in Role],
)
def test_moderating_when_asked_by_role_then_here_only(session, role, may) -> None:
    here, there = make_stage(session).here, make_stage(session, slug="there").here
    actor = make_staff(session, role, here)
    assert may_moderate(actor, here) is may
    assert may_moderate(actor, there) is False
    assert may_moderate(actor, None) is False


def test_rewriting_when_not_the_author_then_never(session: Session) -> None:
    stage = make_stage(session)
    mark = make_mark(session, stage.here)
    assert may_rewrite(visitor(1), mark)
    assert not may_rewrite(visitor(2), mark)
    assert not may_rewrite(stage.clerk, mark)
