"""Trays: the cases of one actor's seats and units, the office's unassigned list, drafts to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from planner.accounts.terms import UnitDuty
from planner.core.actor import Actor, ScopeKind

from ..models import Case, CaseAssist, ReplyDraft
from ..policies import duties_in, is_office, own_seats, own_units
from ..terms import FINAL, UNADVISED, CaseState

PAGE_SIZE = 25


class TrayList(StrEnum):
    """Which cases a tray shows."""

    MINE = "mine"
    SIGN = "sign"
    PRAISE = "praise"
    HELPING = "helping"
    DONE = "done"
    PUBLISHED = "published"
    UNASSIGNED = "unassigned"


class TrayOrder(StrEnum):
    """In which order."""

    DUE = "due"
    NEWEST = "newest"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class TrayPage:
    """One page of a tray: its cases, how many there are in all, and how many each list holds.

    `overdue` counts those of the waiting cases whose date has passed.
    """

    cases: tuple[Case, ...]
    total: int
    page: int
    counts: dict[TrayList, int]
    overdue: int = 0

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


NEXT_DUE = case((Case.state.in_(UNADVISED), Case.opinion_due_at), else_=Case.reply_due_at)
"""The date that counts now: the opinion's until the seat has spoken, then the reply's."""


def tray(
    session: Session,
    viewer: Actor,
    neighborhood_id: int,
    *,
    now: datetime,
    which: TrayList = TrayList.MINE,
    order: TrayOrder = TrayOrder.DUE,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> TrayPage:
    """One page of one list, with the counts of all lists, in two queries."""
    lists = _conditions(viewer)
    counts, overdue = _counts(session, neighborhood_id, lists, now)
    total = counts.get(which, 0)
    page = max(1, min(page, -(-total // size) or 1))
    condition = lists.get(which)
    if condition is None:
        return TrayPage((), 0, 1, counts, overdue)
    wanted = (
        select(Case)
        .where(Case.neighborhood_id == neighborhood_id, condition)
        .options(
            joinedload(Case.seat), joinedload(Case.unit), joinedload(Case.topic), defer(Case.geom)
        )
        .limit(size)
        .offset((page - 1) * size)
    )
    found = session.scalars(_ordered(wanted, order)).all()
    return TrayPage(tuple(found), total, page, counts, overdue)


def _counts(
    session: Session,
    neighborhood_id: int,
    lists: dict[TrayList, ColumnElement[bool]],
    now: datetime,
) -> tuple[dict[TrayList, int], int]:
    conditions = [*lists.values(), and_(lists[TrayList.MINE], now >= NEXT_DUE)]
    columns = [func.sum(case((condition, 1), else_=0)) for condition in conditions]
    row = session.execute(select(*columns).where(Case.neighborhood_id == neighborhood_id)).one()
    numbers = [int(number or 0) for number in row]
    return dict(zip(lists, numbers, strict=False)), numbers[-1]


def _ordered(wanted: Select[Case], order: TrayOrder) -> Select[Case]:
    if order is TrayOrder.NEWEST:
        return wanted.order_by(Case.opened_at.desc(), Case.id.desc())
    if order is TrayOrder.TOPIC:
        return wanted.order_by(Case.public_topic_code, Case.topic_id, NEXT_DUE, Case.id)
    return wanted.order_by(NEXT_DUE.is_(None), NEXT_DUE, Case.id)


def _conditions(viewer: Actor) -> dict[TrayList, ColumnElement[bool]]:
    """Which lists the viewer has, and what is in each (a seat's designer sees published ones too)."""
    mine = or_(Case.seat_id.in_(own_seats(viewer)), Case.unit_id.in_(own_units(viewer)))
    live = Case.state.not_in(FINAL)
    return {
        TrayList.MINE: and_(mine, live, Case.is_clocked, Case.state != CaseState.REPLIED),
        TrayList.SIGN: Case.id.in_(_to_sign(viewer)),
        TrayList.PRAISE: and_(mine, live, Case.is_clocked.is_(False)),
        TrayList.HELPING: and_(live, Case.id.in_(_helped(viewer))),
        TrayList.DONE: and_(
            mine, or_(~live, and_(Case.is_clocked, Case.state == CaseState.REPLIED))
        ),
        TrayList.PUBLISHED: Case.is_public.is_(True),
    }


def _helped(viewer: Actor) -> Select[int]:
    return select(CaseAssist.case_id).where(
        CaseAssist.until.is_(None),
        or_(CaseAssist.seat_id.in_(own_seats(viewer)), CaseAssist.unit_id.in_(own_units(viewer))),
    )


def _to_sign(viewer: Actor) -> Select[int]:
    """Cases with a draft that waits for one of the viewer's duties (a returned one for its drafter)."""
    units = viewer.scope_ids(ScopeKind.UNIT)
    waiting = [
        and_(
            ReplyDraft.awaits == duty,
            ReplyDraft.unit_id.in_([unit for unit in units if duty in duties_in(viewer, unit)]),
        )
        for duty in UnitDuty
    ]
    return select(ReplyDraft.case_id).where(ReplyDraft.finished_at.is_(None), or_(*waiting))


def unassigned(session: Session, viewer: Actor, neighborhood_id: int, *, page: int = 1) -> TrayPage:
    """Live cases without a seat or without a unit, for the office alone; nobody else sees any."""
    if not is_office(viewer, neighborhood_id):
        return TrayPage((), 0, 1, {})
    condition = and_(
        Case.neighborhood_id == neighborhood_id,
        Case.state.not_in(FINAL),
        or_(Case.seat_id.is_(None), and_(Case.unit_id.is_(None), Case.is_clocked)),
    )
    total = session.scalar(select(func.count()).select_from(Case).where(condition)) or 0
    page = max(1, min(page, -(-total // PAGE_SIZE) or 1))
    wanted = (
        select(Case)
        .where(condition)
        .options(
            joinedload(Case.seat), joinedload(Case.unit), joinedload(Case.topic), defer(Case.geom)
        )
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    found = session.scalars(_ordered(wanted, TrayOrder.DUE)).all()
    return TrayPage(tuple(found), total, page, {TrayList.UNASSIGNED: total})
