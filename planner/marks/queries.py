"""Reads of marks. Map, list, counts, export and API all start from `visible`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from planner.accounts.models import HandlingUnit, Seat
from planner.accounts.terms import DesignerTier
from planner.core.actor import Actor, ScopeKind
from planner.core.errors import NotFound
from planner.core.geo import Box, geojson_text, in_box
from planner.places.models import GridCell
from planner.routing.models import Case
from planner.routing.terms import MarkKind

from .models import Mark, Moderation, Wording
from .policies import may_see, sees_all
from .terms import MarkStatus

COUNT_UP_TO = 50_000
PAGE = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters shared by map, list, export and API. Times are half-open [since, until)."""

    kinds: tuple[MarkKind, ...] = ()
    topics: tuple[str, ...] = ()
    tier: str | None = None
    grid: int | None = None
    statuses: tuple[MarkStatus, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    box: Box | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as SQL conditions."""
        asked: list[tuple[bool, Callable[[], ColumnElement[bool]]]] = [
            (bool(self.kinds), lambda: Mark.kind.in_(self.kinds)),
            (bool(self.topics), lambda: _about(self.topics)),
            (self.tier is not None, lambda: Case.tier == DesignerTier(self.tier or "")),
            (self.grid is not None, lambda: GridCell.number == self.grid),
            (bool(self.statuses), lambda: Mark.status.in_(self.statuses)),
            (self.since is not None, lambda: Mark.occurred_at >= self.since),
            (self.until is not None, lambda: Mark.occurred_at < self.until),
            (bool(self.words), lambda: _has_words(self.words)),
            (self.box is not None, lambda: in_box(Mark.geom, self.box or (0, 0, 0, 0))),
        ]
        return [condition() for is_asked, condition in asked if is_asked]


def _about(topics: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(Mark.public_topic_code.in_(topics), Mark.topic_code.in_(topics))


def _has_words(words: str) -> ColumnElement[bool]:
    pattern = "%" + words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    return or_(
        Wording.reason.ilike(pattern, escape="\\"), Mark.place_name.ilike(pattern, escape="\\")
    )


def visible(viewer: Actor, neighborhood_id: int) -> ColumnElement[bool]:
    """Which marks of the neighborhood this viewer may know of (the SQL of `policies.may_see`)."""
    here = Mark.neighborhood_id == neighborhood_id
    if sees_all(viewer, neighborhood_id):
        return here
    own: list[ColumnElement[bool]] = []
    if viewer.device is not None:
        own.append(Mark.device_hash == bytes.fromhex(viewer.device))
    if viewer.receipts:
        own.append(Mark.receipt_hash.in_(viewer.receipts))
    handled: list[ColumnElement[bool]] = [Mark.status == MarkStatus.PUBLISHED]
    seats, units = viewer.scope_ids(ScopeKind.SEAT), viewer.scope_ids(ScopeKind.UNIT)
    live = Mark.status != MarkStatus.WITHDRAWN
    if seats:
        handled.append(and_(live, Case.seat_id.in_(seats)))
    if units:
        handled.append(and_(live, Case.unit_id.in_(units)))
    return and_(here, or_(*handled, *own))


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Mark)
        .join(Case, Case.id == Mark.case_id)
        .outerjoin(Wording, Wording.mark_id == Mark.id)
        .outerjoin(GridCell, GridCell.id == Mark.grid_cell_id)
    )


_COLUMNS = (
    Mark.id,
    Mark.uuid,
    Mark.code,
    Mark.kind,
    Mark.status,
    Mark.public_topic_code,
    Mark.topic_code,
    Mark.place_name,
    Mark.in_tolerance_strip,
    Mark.channel,
    Mark.external_id,
    Mark.declared_datum,
    Mark.occurred_at,
    Mark.received_at,
    Mark.published_at,
    Mark.lon,
    Mark.lat,
    Mark.version,
    Wording.reason,
    GridCell.number.label("grid"),
    Case.code.label("case_code"),
    Case.state.label("case_state"),
    Case.tier,
    Seat.tier.label("seat_tier"),
    Seat.number.label("seat_number"),
    HandlingUnit.name.label("handling_unit"),
)


def _rows() -> Select[Any]:
    return (
        _joined(*_COLUMNS, geojson_text(Mark.geom).label("geometry"))
        .outerjoin(Seat, Seat.id == Case.seat_id)
        .outerjoin(HandlingUnit, HandlingUnit.id == Case.unit_id)
    )


@dataclass(frozen=True, slots=True)
class MarkPage:
    """Rows newest first. `cursor` asks for the next page; `total` is capped at `COUNT_UP_TO`."""

    rows: Sequence[Row[Any]]
    cursor: int | None
    total: int


def marks(
    session: Session,
    viewer: Actor,
    neighborhood_id: int,
    filters: Filters,
    *,
    limit: int = PAGE,
    cursor: int | None = None,
    offset: int = 0,
) -> MarkPage:
    """Visible marks under the filters, newest first."""
    wanted = _rows().where(visible(viewer, neighborhood_id), *filters.conditions())
    if cursor is not None:
        wanted = wanted.where(Mark.id < cursor)
    found = session.execute(wanted.order_by(Mark.id.desc()).limit(limit + 1).offset(offset)).all()
    more = found[limit - 1].id if len(found) > limit else None
    return MarkPage(found[:limit], more, count(session, viewer, neighborhood_id, filters))


def row_of(session: Session, mark_id: int) -> Row[Any] | None:
    """The output row of one mark whose visibility was judged before."""
    return session.execute(_rows().where(Mark.id == mark_id)).first()


def count(session: Session, viewer: Actor, neighborhood_id: int, filters: Filters) -> int:
    """How many marks are visible under the filters, up to the cap."""
    inner = (
        _joined(Mark.id)
        .where(visible(viewer, neighborhood_id), *filters.conditions())
        .limit(COUNT_UP_TO + 1)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(inner)) or 0


def each_mark(
    session: Session, viewer: Actor, neighborhood_id: int, filters: Filters
) -> Iterator[Row[Any]]:
    """Every visible mark, oldest first, streamed: for exports."""
    wanted = (
        _rows().where(visible(viewer, neighborhood_id), *filters.conditions()).order_by(Mark.id)
    )
    yield from session.execute(wanted.execution_options(yield_per=1_000))


def cells(
    session: Session, viewer: Actor, neighborhood_id: int, filters: Filters, size_degrees: float
) -> list[tuple[int, int, dict[str, int]]]:
    """Counts per cell (column, row of the fixed lattice) and kind."""
    column = func.floor(Mark.lon / size_degrees).label("x")
    row = func.floor(Mark.lat / size_degrees).label("y")
    found = session.execute(
        _joined(column, row, Mark.kind, func.count().label("n"))
        .where(visible(viewer, neighborhood_id), *filters.conditions())
        .group_by(column, row, Mark.kind)
    )
    made: dict[tuple[int, int], dict[str, int]] = {}
    for x, y, kind, number in found:
        counts = made.setdefault((int(x), int(y)), {"like": 0, "dislike": 0, "improve": 0})
        counts[kind.value] += number
    return [(x, y, counts) for (x, y), counts in sorted(made.items())]


def kind_counts(
    session: Session, viewer: Actor, neighborhood_id: int, filters: Filters
) -> dict[str, int]:
    """Counts per kind under the filters."""
    found = session.execute(
        _joined(Mark.kind, func.count())
        .where(visible(viewer, neighborhood_id), *filters.conditions())
        .group_by(Mark.kind)
    )
    made = dict.fromkeys(("like", "dislike", "improve"), 0)
    for kind, number in found:
        made[kind.value] = number
    return made


_WHOLE = (
    joinedload(Mark.case).joinedload(Case.seat),
    joinedload(Mark.case).joinedload(Case.unit),
    joinedload(Mark.wording),
    joinedload(Mark.grid_cell),
    selectinload(Mark.additions),
    selectinload(Mark.chips),
)


def mark_by_code(session: Session, viewer: Actor, neighborhood_id: int, code: str) -> Mark:
    """One mark with its case and words; NotFound also when the viewer may not know of it."""
    return _seen(viewer, _one(session, neighborhood_id, Mark.code == code))


def mark_by_uuid(session: Session, viewer: Actor, neighborhood_id: int, uuid: UUID) -> Mark:
    """One mark by its UUID; NotFound also when the viewer may not know of it."""
    return _seen(viewer, _one(session, neighborhood_id, Mark.uuid == uuid))


def mark_by_receipt(session: Session, receipt: bytes) -> Mark | None:
    """The mark a receipt opens, wherever it lies."""
    return session.scalars(select(Mark).where(Mark.receipt_hash == receipt)).first()


def _one(session: Session, neighborhood_id: int, which: ColumnElement[bool]) -> Mark | None:
    wanted = select(Mark).where(Mark.neighborhood_id == neighborhood_id, which).options(*_WHOLE)
    return session.scalars(wanted).first()


def _seen(viewer: Actor, mark: Mark | None) -> Mark:
    if mark is None or not may_see(viewer, mark):
        raise NotFound()
    return mark


def moderation_history(session: Session, mark: Mark) -> list[Moderation]:
    """What was done to the mark's publication, oldest first; for staff."""
    wanted = select(Moderation).where(Moderation.mark_id == mark.id).order_by(Moderation.id)
    return list(session.scalars(wanted))


def own_marks(session: Session, viewer: Actor, neighborhood_id: int, limit: int = 50) -> list[Mark]:
    """The visitor's own marks by device or shown receipts, newest first."""
    own: list[ColumnElement[bool]] = []
    if viewer.device is not None:
        own.append(Mark.device_hash == bytes.fromhex(viewer.device))
    if viewer.receipts:
        own.append(Mark.receipt_hash.in_(viewer.receipts))
    if not own:
        return []
    return list(
        session.scalars(
            select(Mark)
            .where(Mark.neighborhood_id == neighborhood_id, or_(*own))
            .options(joinedload(Mark.case), joinedload(Mark.wording))
            .order_by(Mark.id.desc())
            .limit(limit)
        )
    )
