"""The demo's marks show what the product can do, and their story is told in order."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from planner.accounts.terms import UnitDuty
from planner.core import audit
from planner.core.db import Database
from planner.core.geo import to_geom
from planner.marks.models import Mark
from planner.marks.terms import MarkStatus
from planner.routing.models import Case, CaseStep, Opinion, ReplyDraft
from planner.routing.terms import CaseState
from planner.routing.terms import MarkKind as Kind


def test_demo_when_seeded_then_every_state_worth_showing_is_there(demo: Database) -> None:
    with demo.read() as session:
        marks = session.scalars(select(Mark)).all()
        shapes = Counter(to_geom(mark.geom).geom_type for mark in marks)
        assert shapes["LineString"] >= 2
        assert shapes["Polygon"] >= 3
        assert Counter(mark.kind for mark in marks)[Kind.LIKE] >= 8
        assert Counter(mark.status for mark in marks)[MarkStatus.RECEIVED] == 3
        states = Counter(session.scalars(select(Case.state)))
        for state in (
            CaseState.OPEN,
            CaseState.ACKNOWLEDGED,
            CaseState.OPINION_GIVEN,
            CaseState.REPLY_DRAFTED,
            CaseState.REPLIED,
        ):
            assert states[state] >= 2, state
        waiting = session.scalars(select(ReplyDraft.awaits).where(ReplyDraft.finished_at.is_(None)))
        assert set(waiting) == {UnitDuty.CHECK, UnitDuty.ISSUE}
        assert session.scalar(select(func.count()).where(Opinion.replaces_id.is_not(None))) == 1
        unassigned = select(func.count()).where(Case.unit_id.is_(None), Case.is_clocked)
        assert session.scalar(unassigned) == 1


def test_demo_when_seeded_then_nothing_happens_before_its_mark(demo: Database) -> None:
    with demo.write() as session:
        early = session.execute(
            select(Case.code, CaseStep.verb, CaseStep.at, Case.opened_at)
            .join(Case, Case.id == CaseStep.case_id)
            .where(CaseStep.at < Case.opened_at)
        ).all()
        assert early == []
        audit.seal(session)
        assert audit.verify(session).is_intact
