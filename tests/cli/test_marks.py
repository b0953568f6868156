"""`planner marks …` on both databases: all rows or none, the same rows twice, out and in again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from planner.cli import cli, context
from planner.core.datum import from_wgs84
from planner.core.db import Database
from planner.core.errors import PlannerError
from planner.core.models import AuditEvent
from planner.marks.models import Mark, MarkImport
from planner.marks.terms import MarkStatus
from planner.places.models import Neighborhood
from planner.routing.models import Case
from tests.factories.marks import make_mark
from tests.factories.stage import SPOTS, make_stage

Run = Callable[..., Result]
ROWS = [
    {"id": "a-1", "kind": "dislike", "topic": "parking", "reason": "巷口停满了车", "spot": 1},
    {"id": "a-2", "kind": "like", "topic": "green", "reason": "大树底下凉快", "spot": 2},
    {"id": "a-3", "kind": "improve", "topic": "ENV20", "reason": "多种些月季花", "spot": 3},
]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command itself, on the test's database, with the stage's neighborhood `here`."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database.url)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))
    context.settings.cache_clear()
    context.database.cache_clear()
    with database.write() as session:
        make_stage(session)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["marks", *arguments])

    yield call
    context.database().dispose()
    context.settings.cache_clear()
    context.database.cache_clear()


def collection(rows: list[dict[str, Any]], datum: str = "wgs84") -> str:
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": list(from_wgs84(SPOTS[row["spot"]], datum)),
            },
            "properties": {key: value for key, value in row.items() if key != "spot"},
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Writes a file of marks and gives its path."""

    def write(rows: list[dict[str, Any]], name: str = "marks.geojson", **over: Any) -> str:
        path = tmp_path / name
        path.write_text(collection(rows, **over), encoding="utf-8")
        return str(path)

    return write


def answer(result: Result) -> dict[str, Any]:
    assert result.exception is None, (result.exception, result.output)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def stored(database: Database, model: Any = Mark) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_import_when_good_then_routed_counted_and_in_review(run, file, database) -> None:
    made = answer(run("import", "here", file(ROWS), "--json"))
    assert made["written"] is True
    assert (made["taken"], made["known"]) == (3, 0)
    assert made["kinds"] == {"dislike": 1, "like": 1, "improve": 1}
    assert made["seats"] == {"community-1": 1, "street-1": 2}
    with database.read() as session:
        marks = session.scalars(select(Mark)).all()
        assert {mark.status for mark in marks} == {MarkStatus.RECEIVED}
        assert {mark.external_id for mark in marks} == {"a-1", "a-2", "a-3"}
        kept = session.scalars(select(MarkImport)).one()
        assert (kept.taken, kept.declared_datum, kept.actor_ref) == (3, "wgs84", "system")
        assert session.scalar(select(AuditEvent.verb).where(AuditEvent.verb == "marks.import"))


def test_import_when_repeated_then_nothing_changes(run, file, database) -> None:
    path = file(ROWS)
    run("import", "here", path)
    again = answer(run("import", "here", path, "--json"))
    assert (again["taken"], again["known"]) == (0, 3)
    more = answer(run("import", "here", file([*ROWS, ROWS[0] | {"id": "a-4"}]), "--json"))
    assert (more["taken"], more["known"]) == (1, 3)
    assert stored(database) == stored(database, Case) == 4


def test_import_when_rows_have_no_id_then_their_content_tells_them_apart(run, file, database):
    rows = [{key: value for key, value in row.items() if key != "id"} for row in ROWS]
    path = file([*rows, rows[0]])
    assert answer(run("import", "here", path, "--json"))["taken"] == 4
    assert answer(run("import", "here", path, "--json"))["known"] == 4
    assert stored(database) == 4


def test_import_when_dry_then_the_same_report_and_nothing_moves(run, file, database) -> None:
    made = answer(run("import", "here", file(ROWS), "--dry-run", "--json"))
    assert (made["written"], made["taken"]) == (False, 3)
    assert made["seats"] == {"community-1": 1, "street-1": 2}
    assert stored(database) == stored(database, Case) == stored(database, MarkImport) == 0
    said = run("import", "here", file(ROWS), "--dry-run").stdout
    assert "3 marks would be taken into here" in said
    assert "by seat: street-1 2, community-1 1" in said


def test_import_when_published_then_everybody_reads_them(run, file, database) -> None:
    run("import", "here", file(ROWS), "--publish")
    with database.read() as session:
        assert {mark.status for mark in session.scalars(select(Mark))} == {MarkStatus.PUBLISHED}
        assert session.scalars(select(Case.is_public).distinct()).all() == [True]


def refusal(result: Result, database: Database) -> tuple[str, list[str]]:
    """Code of the refusal and the lines told on stderr; nothing was stored."""
    assert isinstance(result.exception, PlannerError), result.output
    assert stored(database) == stored(database, Case) == 0
    return result.exception.code, result.stderr.splitlines()


def test_import_when_rows_are_wrong_then_each_line_and_reason_and_none_taken(run, file, database):
    rows = [
        ROWS[0],
        ROWS[1] | {"kind": "love"},
        ROWS[2] | {"reason": "短"},
        ROWS[0] | {"id": "b-1", "topic": "unheard-of"},
        ROWS[1] | {"id": "b-2"},
    ]
    code, _ = refusal(run("import", "here", file(rows)), database)
    assert code == "rows_refused"
    rows[1]["kind"] = "like"
    code, lines = refusal(run("import", "here", file(rows)), database)
    assert code == "rows_refused"
    assert [line for line in lines if "marks.geojson" in line] == [
        "marks.geojson: line 3: too_short field=reason, minimum=4",
        "marks.geojson: line 4: topic_unknown field=topic",
    ]


def test_import_when_an_id_occurs_twice_then_refused(run, file, database) -> None:
    code, lines = refusal(run("import", "here", file([ROWS[0], ROWS[0]])), database)
    assert code == "rows_refused"
    assert lines == ["marks.geojson: line 2: id_twice field=external_id, first=1"]


def test_import_when_a_known_id_has_other_words_then_refused(run, file, database) -> None:
    run("import", "here", file(ROWS))
    result = run("import", "here", file([ROWS[0] | {"reason": "完全不同的话"}]))
    assert isinstance(result.exception, PlannerError)
    assert "line 1: external_id_differs" in result.stderr
    assert stored(database) == 3


def test_import_when_a_row_has_no_place_then_its_line_is_named(run, tmp_path, database) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "id,kind,topic,reason,lon,lat\n"
        "1,like,green,大树底下凉快,118.7510,32.0670\n"
        "2,like,green,大树底下凉快,,\n",
        encoding="utf-8",
    )
    code, lines = refusal(run("import", "here", str(path), "--crs", "wgs84"), database)
    assert code == "rows_without_place"
    assert lines == ["m.csv: line 3: geometry_missing"]


def test_import_when_the_datum_is_wrong_then_refused_with_the_better_one(run, file, database):
    many = [ROWS[0] | {"id": f"c-{n}", "spot": 1 + n % 4} for n in range(40)]
    path = file(many, datum="gcj02")
    result = run("import", "here", path, "--crs", "wgs84")
    code, _ = refusal(result, database)
    assert code == "datum_doubtful_inside"
    assert result.exception.facts["best"] == "gcj02"
    assert answer(run("import", "here", path, "--crs", "gcj02", "--json"))["taken"] == 40
    with database.read() as session:
        mark = session.scalars(select(Mark).where(Mark.external_id == "c-0")).one()
        assert abs(mark.lon - SPOTS[1][0]) < 1e-6
        assert mark.declared_datum == "gcj02"


def test_import_when_columns_are_named_and_words_mapped_then_ours(run, tmp_path, database) -> None:
    path = tmp_path / "foreign.csv"
    with path.open("w", encoding="gb18030", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["编码", "问题类型", "说明", "经度", "纬度", "日期"])
        writer.writerow(["7", "停车", "'=1+1 这样的话", 118.751, 32.067, "2026/1/2 8:30"])
        writer.writerow(["8", "绿化", "大树底下凉快", 118.753, 32.069, ""])
    options = ["--map", "external_id=编码", "--map", "kind=问题类型", "--map", "topic=问题类型"]
    options += ["--map", "reason=说明", "--map-value", "kind:停车=dislike"]
    options += ["--map-value", "kind:*=like", "--map-value", "topic:停车=parking"]
    options += ["--map-value", "topic:绿化=green", "--crs", "wgs84", "--json"]
    assert answer(run("import", "here", str(path), *options))["taken"] == 2
    with database.read() as session:
        mark = session.scalars(select(Mark).where(Mark.external_id == "7")).one()
        assert mark.wording is not None
        assert mark.wording.reason == "=1+1 这样的话"
        assert mark.occurred_at.isoformat() == "2026-01-02T00:30:00+00:00"


def test_export_when_staff_or_public_then_by_right(run, database) -> None:
    with database.write() as session:
        here = session.scalars(select(Neighborhood)).one()
        make_mark(session, here, reason="=HYPERLINK(1) 的话")
        make_mark(session, here, published=False)
    whole = json.loads(run("export", "here").stdout)
    assert len(whole["features"]) == 2
    assert whole["features"][0]["properties"]["channel"] == "web"
    shown = json.loads(run("export", "here", "--public").stdout)
    assert len(shown["features"]) == 1
    assert "channel" not in shown["features"][0]["properties"]
    table = list(csv.DictReader(io.StringIO(run("export", "here", "--format", "csv").stdout)))
    assert table[0]["reason"] == "'=HYPERLINK(1) 的话"
    assert json.loads(run("export", "here", "--status", "received").stdout)["features"] != []
    assert json.loads(run("export", "here", "--kind", "like").stdout)["features"] == []
    assert isinstance(run("export", "here", "--kind", "x").exception, PlannerError)
    assert isinstance(run("export", "nowhere").exception, PlannerError)


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_export_when_brought_into_a_fresh_place_then_the_same_set(
    run, database, tmp_path, form
) -> None:
    with database.write() as session:
        here = session.scalars(select(Neighborhood)).one()
        make_stage(session, slug="there")
        for number, spot in SPOTS.items():
            make_mark(session, here, at=spot, reason=f"第{number}条\n=两行的话", topic="PUB01")
        line = {"type": "LineString", "coordinates": [[118.7505, 32.0665], [118.7535, 32.0667]]}
        make_mark(session, here, geometry=line, published=False)
    path = tmp_path / f"out.{form}"
    assert run("export", "here", "--format", form, "-o", str(path)).exception is None
    assert not path.with_name(path.name + ".part").exists()
    made = answer(
        run("import", "there", str(path), "--crs", "wgs84", "--map", "status=status", "--json")
    )
    assert made["taken"] == 5
    whole, again = (
        {
            feature["properties"].get("external_id") or feature["id"]: (
                feature["geometry"],
                *(feature["properties"][n] for n in ("kind", "topic", "item", "reason", "status")),
                feature["properties"]["occurred_at"],
            )
            for feature in json.loads(run("export", slug).stdout)["features"]
        }
        for slug in ("here", "there")
    )
    assert whole == again
    assert answer(run("import", "here", str(path), "--crs", "wgs84", "--json"))["known"] == 5
