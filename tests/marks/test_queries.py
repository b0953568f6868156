"""Lists, counts, cells and exports: the same marks under every filter, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from planner.accounts.terms import DesignerTier
from planner.core.db import Database
from planner.core.geo import to_geojson
from planner.marks import queries
from planner.marks.models import Mark
from planner.marks.queries import Filters
from planner.marks.queries import lists as lists_module
from planner.marks.terms import MarkStatus
from planner.routing.terms import MarkKind
from tests.conftest import NOW
from tests.factories.marks import make_mark, visitor
from tests.factories.stage import SPOTS, Stage, make_stage

LINE = {"type": "LineString", "coordinates": [[118.7505, 32.0665], [118.7535, 32.0665]]}
AREA = to_geojson(shapely.box(118.7508, 32.0682, 118.7514, 32.0688))


@pytest.fixture
def stage(session: Session) -> Stage:
    return make_stage(session)


def found(session: Session, stage: Stage, who: Any = None, **filters: Any) -> list[Mark]:
    page = queries.marks(session, who or visitor(9), stage.here.id, Filters(**filters))
    return [row.id for row in page.rows]


def test_filters_when_each_is_used_then_exactly_its_marks(session: Session, stage: Stage) -> None:
    parking = make_mark(session, stage.here, at=SPOTS[1]).id
    green = make_mark(
        session,
        stage.here,
        at=SPOTS[2],
        kind=MarkKind.IMPROVE,
        topic="ENV20",
        reason="多种点月季花",
    ).id
    late = make_mark(
        session, stage.here, at=SPOTS[3], kind=MarkKind.LIKE, now=NOW + timedelta(days=3)
    ).id
    assert found(session, stage) == [late, green, parking]
    assert found(session, stage, kinds=(MarkKind.LIKE, MarkKind.IMPROVE)) == [late, green]
    assert found(session, stage, topics=("green",)) == [green]
    assert found(session, stage, topics=("ENV20",)) == [green]
    assert found(session, stage, topics=("nothing",)) == []
    assert found(session, stage, tier=DesignerTier.STREET) == [green]
    assert found(session, stage, grid=3) == [late]
    assert found(session, stage, statuses=(MarkStatus.RECEIVED,)) == []
    assert found(session, stage, since=NOW + timedelta(days=1)) == [late]
    assert found(session, stage, until=NOW + timedelta(days=3)) == [green, parking]
    assert found(session, stage, until=NOW) == []
    assert found(session, stage, words="月季") == [green]
    west = (118.7500, 32.066, 118.7515, 32.070)
    assert found(session, stage, box=west) == [late, parking]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "/", "'", '"', "%%", "[a]"])
def test_search_when_signs_of_patterns_then_taken_literally(session, stage, sign) -> None:
    hit = make_mark(session, stage.here, reason=f"前面{sign}后面的话").id
    make_mark(session, stage.here, reason="前面没有后面的话")
    assert found(session, stage, words=sign) == [hit]
    assert found(session, stage, words=f"前面{sign}后面") == [hit]


def test_search_when_letters_then_without_case_and_in_place_names(session, stage) -> None:
    from tests.factories.places import make_named_place

    make_named_place(session, stage.here, "百步Plaza", *SPOTS[4])
    hit = make_mark(session, stage.here, at=SPOTS[4], reason="This CORNER is dark").id
    assert found(session, stage, words="corner") == [hit]
    assert found(session, stage, words="plaza") == [hit]


def test_page_when_turned_by_cursor_then_each_mark_once(session: Session, stage: Stage) -> None:
    made = [make_mark(session, stage.here).id for _ in range(7)]
    seen, cursor = [], None
    while True:
        page = queries.marks(session, visitor(9), stage.here.id, Filters(), limit=3, cursor=cursor)
        seen += [row.id for row in page.rows]
        assert page.total == 7
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == made[::-1]


def test_box_when_a_shape_only_touches_its_bounds_then_not_inside(session, stage) -> None:
    diagonal = {
        "type": "LineString",
        "coordinates": [[118.7502, 32.0662], [118.7538, 32.0698]],
    }
    mark = make_mark(session, stage.here, geometry=diagonal).id
    assert found(session, stage, box=(118.7530, 32.0662, 118.7538, 32.0668)) == []
    assert found(session, stage, box=(118.7518, 32.0678, 118.7522, 32.0682)) == [mark]


def _filters() -> st.SearchStrategy[Filters]:
    lon, lat = st.floats(118.749, 118.755), st.floats(32.065, 32.071)
    box = st.tuples(lon, lat, lon, lat).map(
        lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
    )
    hours = st.integers(-2, 14).map(lambda n: NOW + timedelta(hours=n))
    return st.builds(
        Filters,
        kinds=st.lists(st.sampled_from(MarkKind), unique=True).map(tuple),
        topics=st.sampled_from([(), ("parking",), ("green", "PUB01")]),
        tier=st.none() | st.sampled_from(DesignerTier),
        grid=st.none() | st.integers(0, 5),
        statuses=st.sampled_from([(), (MarkStatus.PUBLISHED,), (MarkStatus.RECEIVED,)]),
        since=st.none() | hours,
        until=st.none() | hours,
        words=st.sampled_from(["", "第", "第1", "%"]),
        box=st.none() | box,
    )


def test_cells_when_any_filter_then_they_sum_to_the_list(session: Session, stage: Stage) -> None:
    kinds, topics, shapes = list(MarkKind), ["parking", "green", "PUB01"], [None, LINE, AREA]
    for number in range(24):
        shape = shapes[number % 3]
        make_mark(
            session,
            stage.here,
            at=SPOTS[1 + number % 4],
            published=number % 5 > 0,
            kind=kinds[number % 3],
            topic=topics[number % 2],
            reason=f"第{number}条意见的话",
            now=NOW + timedelta(hours=number // 2),
            **({"geometry": shape} if shape else {}),
        )

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @drawn(_filters(), st.sampled_from([visitor(1), visitor(2), stage.clerk]), st.integers(0, 22))
    def agree(filters: Filters, who: Any, zoom: int) -> None:
        here = stage.here.id
        page = queries.marks(session, who, here, filters, limit=100)
        cells = queries.cells(session, who, here, filters, zoom)[1]
        exported = [row.id for row in queries.each_mark(session, who, here, filters)]
        kinds_found = queries.kind_counts(session, who, here, filters)
        summed = {
            kind: sum(cell.counts[kind] for cell in cells)
            for kind in ("like", "dislike", "improve")
        }
        assert len(page.rows) == page.total == sum(summed.values())
        assert summed == kinds_found
        assert exported == sorted(row.id for row in page.rows)

    agree()


def test_cells_when_the_box_moves_then_their_lattice_does_not(session, stage) -> None:
    make_mark(session, stage.here, at=SPOTS[3])
    boxes = [None, (118.7505, 32.0685, 118.7515, 32.0695), (118.75099, 32.06899, 118.752, 32.07)]
    ids = {
        (cell.x, cell.y)
        for box in boxes
        for cell in queries.cells(session, visitor(9), stage.here.id, Filters(box=box), 18)[1]
    }
    assert len(ids) == 1
    (x, y) = ids.pop()
    size = queries.cell_size(18)
    assert x * size <= SPOTS[3][0] < (x + 1) * size
    assert y * size <= SPOTS[3][1] < (y + 1) * size


def test_cells_when_too_many_then_coarser_ones(session, stage, monkeypatch) -> None:
    for spot in SPOTS.values():
        make_mark(session, stage.here, at=spot)
    monkeypatch.setattr(lists_module, "MOST_CELLS", 1)
    zoom, cells = queries.cells(session, visitor(9), stage.here.id, Filters(), 20)
    assert zoom < 20
    assert [sum(cell.counts.values()) for cell in cells] == [4]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(conn, cursor, statement, parameters, context, many) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_list_page_when_many_marks_then_at_most_8_statements(app, database: Database) -> None:
    with database.write() as session:
        stage = make_stage(session)
        for number in range(40):
            make_mark(session, stage.here, reason=f"第{number}条意见的话")
    for path in ("/n/here/marks", "/api/v1/neighborhoods/here/marks?limit=40"):
        with counted(database) as seen:
            assert app.test_client().get(path).status_code == 200
        assert len(seen) <= 8, seen
        assert not any("marks_addition" in statement for statement in seen)


def test_posting_when_counted_then_at_most_33_statements(app, database: Database) -> None:
    from tests.factories.marks import post

    with database.write() as session:
        make_stage(session)
    with counted(database) as seen:
        assert post(app.test_client()).status_code == 201
    assert len(seen) <= 33, len(seen)
