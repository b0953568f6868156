"""Reads of many marks in Core columns: list, counts, cells, export. All start from `visible`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit, Seat
from planner.core.actor import Actor
from planner.core.geo import geojson_text
from planner.places.models import GridCell
from planner.routing.models import Case
from planner.routing.terms import MarkKind

from ..models import Endorsement, Mark, Wording
from ..terms import MarkStatus
from .filters import Filters, visible

COUNT_UP_TO = 50_000
PAGE = 30
MOST_CELLS = 4_000


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Mark)
        .join(Case, Case.id == Mark.case_id)
        .outerjoin(Wording, Wording.mark_id == Mark.id)
        .outerjoin(GridCell, GridCell.id == Mark.grid_cell_id)
    )


SUPPORTERS = (
    select(func.count())
    .select_from(Endorsement)
    .where(Endorsement.mark_id == Mark.id)
    .correlate(Mark)
    .scalar_subquery()
    .label("supporters")
)
"""How many others said 我也是 to the mark of a row."""

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
    SUPPORTERS,
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
    """Every visible mark but withdrawn ones, oldest first, streamed: for exports."""
    wanted = (
        _rows()
        .where(
            Mark.status != MarkStatus.WITHDRAWN,
            visible(viewer, neighborhood_id),
            *filters.conditions(),
        )
        .order_by(Mark.id)
    )
    yield from session.execute(wanted.execution_options(yield_per=1_000))


def no_counts() -> dict[str, int]:
    """Nothing of each kind."""
    return {kind.value: 0 for kind in MarkKind}


@dataclass(frozen=True, slots=True)
class Cell:
    """Counts of one cell of the fixed lattice: column and row counted from 0° east, 0° north."""

    x: int
    y: int
    counts: dict[str, int]


def cell_size(zoom: int) -> float:
    """Side of a cell in degrees: 56 screen pixels at this zoom."""
    return float(360 / 2**zoom / 256 * 56)


def cells(
    session: Session, viewer: Actor, neighborhood_id: int, filters: Filters, zoom: int
) -> tuple[int, list[Cell]]:
    """Counts per cell and kind, at this zoom or, above `MOST_CELLS`, at the next coarser one that fits."""
    while True:
        found = _cells(session, viewer, neighborhood_id, filters, cell_size(zoom))
        if len(found) <= MOST_CELLS or zoom == 0:
            return zoom, found
        zoom -= 1


def _cells(
    session: Session, viewer: Actor, neighborhood_id: int, filters: Filters, size: float
) -> list[Cell]:
    column = func.floor(Mark.lon / size).label("x")
    row = func.floor(Mark.lat / size).label("y")
    found = session.execute(
        _joined(column, row, Mark.kind, func.count().label("n"))
        .where(visible(viewer, neighborhood_id), *filters.conditions())
        .group_by(column, row, Mark.kind)
        .limit(MOST_CELLS * len(MarkKind) + 1)
    )
    made: dict[tuple[int, int], dict[str, int]] = {}
    for x, y, kind, number in found:
        made.setdefault((int(x), int(y)), no_counts())[kind.value] += number
    return [Cell(x, y, counts) for (x, y), counts in sorted(made.items())]


def kind_counts(
    session: Session, viewer: Actor, neighborhood_id: int, filters: Filters
) -> dict[str, int]:
    """Counts per kind under the filters."""
    found = session.execute(
        _joined(Mark.kind, func.count())
        .where(visible(viewer, neighborhood_id), *filters.conditions())
        .group_by(Mark.kind)
    )
    return no_counts() | {kind.value: number for kind, number in found}
