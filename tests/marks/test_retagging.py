"""Redrawn grids: marks get their new cell, the old tag stays with its dates."""

from __future__ import annotations

from datetime import timedelta

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.marks import actions
from planner.marks.jobs import retag_all
from planner.marks.models import Mark, PlaceTag
from planner.places.actions import GridDrawing, draw_grid
from planner.places.models import Neighborhood
from tests.conftest import NOW
from tests.factories.marks import make_mark, point
from tests.factories.places import EAST, NORTH, SOUTH, WEST
from tests.factories.stage import SPOTS, make_stage

LATER = NOW + timedelta(days=30)
SOON = LATER + timedelta(minutes=1)


def redraw(session: Session, here: Neighborhood, *boxes: shapely.Polygon) -> None:
    cells = [GridDrawing(number=9 - number, geom=box) for number, box in enumerate(boxes)]
    draw_grid(session, actor=SYSTEM, now=LATER, neighborhood=here, cells=cells, reason="重新划定")


def tags(session: Session, mark: Mark) -> list[tuple[int | None, bool]]:
    found = session.scalars(
        select(PlaceTag).where(PlaceTag.mark_id == mark.id).order_by(PlaceTag.id)
    )
    return [(tag.grid_cell_id, tag.until is None) for tag in found]


def test_mark_when_the_grid_is_redrawn_then_new_cell_and_old_tag_with_dates(
    session: Session,
) -> None:
    here = make_stage(session).here
    mark = make_mark(session, here, at=SPOTS[3])
    old = mark.grid_cell_id
    redraw(session, here, shapely.box(WEST, SOUTH, EAST, NORTH))
    assert actions.retag(session, actor=SYSTEM, now=SOON, neighborhood=here) == 1
    session.refresh(mark)
    assert mark.grid_cell is not None
    assert mark.grid_cell.number == 9
    assert tags(session, mark) == [(old, False), (mark.grid_cell_id, True)]
    ended = session.scalars(select(PlaceTag.until).where(PlaceTag.grid_cell_id == old)).one()
    assert ended == SOON
    assert actions.retag(session, actor=SYSTEM, now=SOON, neighborhood=here) == 0


def test_mark_when_its_cell_was_chosen_then_the_choice_ends_with_the_grid(
    session: Session,
) -> None:
    here = make_stage(session).here
    mark = make_mark(session, here, geometry=point(118.75195, 32.0670), grid=2)
    redraw(session, here, shapely.box(WEST, SOUTH, EAST, NORTH))
    actions.retag(session, actor=SYSTEM, now=SOON, neighborhood=here)
    assert not mark.grid_is_chosen


def test_mark_when_no_cell_holds_it_any_more_then_none_and_never_again(session: Session) -> None:
    here = make_stage(session).here
    lost = [make_mark(session, here, at=SPOTS[3]) for _ in range(3)]
    kept = make_mark(session, here, at=SPOTS[2])
    redraw(session, here, shapely.box((WEST + EAST) / 2, SOUTH, EAST, NORTH))
    done = [
        actions.retag(session, actor=SYSTEM, now=SOON, neighborhood=here, limit=2) for _ in range(4)
    ]
    assert done == [2, 2, 0, 0]
    assert [mark.grid_cell_id for mark in lost] == [None] * 3
    session.refresh(kept)
    assert kept.grid_cell is not None
    assert kept.grid_cell.number == 9


def test_job_when_run_until_zero_then_every_neighborhood_is_done(database: Database) -> None:
    with database.write() as session:
        for slug in ("here", "there"):
            here = make_stage(session, slug=slug).here
            make_mark(session, here, at=SPOTS[3])
            redraw(session, here, shapely.box(WEST, SOUTH, EAST, NORTH))
    assert retag_all(database, now=SOON) == 2
    assert retag_all(database, now=SOON) == 0


def test_job_when_no_grid_was_ever_drawn_then_nothing(database: Database) -> None:
    from tests.factories.places import make_neighborhood

    with database.write() as session:
        make_neighborhood(session)
    assert retag_all(database, now=SOON) == 0
