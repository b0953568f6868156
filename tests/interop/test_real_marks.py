"""400 real comments of Washington DC: in, routed, listed, filtered, out, and in again to the same set."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

from planner.accounts.terms import DesignerTier, RemitTopic
from planner.cli import cli, context
from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.core.geo import Metric
from planner.places.actions import create_neighborhood
from planner.routing import actions as routing
from planner.routing.sheets import parse_rules, read_catalogue
from tests.conftest import NOW
from tests.factories.accounts import make_holder, make_seat

UTM_18N = 32618
TYPES = {
    "Failure to stop for pedestrians": "WLK01",
    "Long wait to cross": "WLK02",
    "Not enough time to cross": "WLK02",
    "Long distance to cross": "WLK02",
    "Blocking the crosswalk": "WLK03",
    "Jaywalking": "WLK04",
    "Other Walking Issue": "WLK04",
    "Poor visibility": "WLK05",
    "Accessibility Issue": "WLK06",
    "Double parking": "DRV01",
    "Speeding": "DRV02",
    "Red light running": "DRV03",
    "Stop sign running": "DRV03",
    "Other Driving Issue": "DRV04",
    "Blocking the bikebox": "BIK01",
    "Cyclist behavior": "BIK02",
    "Other Biking Issue": "BIK02",
}
ITEMS = {
    "WLK": (
        "walking",
        "Walking",
        ["Yielding", "Signal times", "Crosswalk", "Walking", "Sight", "Access"],
    ),
    "DRV": ("driving", "Driving", ["Double parking", "Speed", "Signals ignored", "Driving"]),
    "BIK": ("cycling", "Cycling", ["Bike boxes", "Cycling"]),
}
TIERS = {"walking": "community", "driving": "street", "cycling": "street"}
RULES = """number,topic_kind,topic,tier
1,public_topic,walking,community
2,public_topic,driving,street
3,public_topic,cycling,total
"""


def write_catalogue(folder: Path) -> Path:
    """A small catalogue of its own, as the three files an office would bring."""
    folder.mkdir()
    public = [f"{code},{name},{name},{TIERS[code]}" for code, name, _ in ITEMS.values()]
    (folder / "public_topics.csv").write_text("\n".join(["code,label,label_en,tier", *public]))
    items = [
        f"{group},{label},{group}{number:02},{item},{TIERS[public]},coordinated,{public}"
        for group, (public, label, names) in ITEMS.items()
        for number, item in enumerate(names, start=1)
    ]
    head = "group_code,group,topic_code,topic,tier,handling,public_topic"
    (folder / "catalogue.csv").write_text("\n".join([head, *items]))
    chips = "code,kind,public_topic,topic_code,text\nd1,dislike,driving,DRV02,Too fast\n"
    (folder / "chips.csv").write_text(chips)
    return folder


def found(session: Session, slug: str, points: np.ndarray, catalogue: Path) -> None:
    """A neighborhood round the points with this catalogue, its rules and one seat of each tier."""
    hull = Metric(UTM_18N).buffer_m(shapely.MultiPoint(points).convex_hull, 200)
    here = create_neighborhood(
        session,
        actor=SYSTEM,
        now=NOW,
        slug=slug,
        name="Washington DC",
        boundary=hull,
    )
    assert here.utm_srid == UTM_18N
    given: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
    sheet = read_catalogue(catalogue)
    routing.import_catalogue(session, **given, code="dc", name="Vision Zero", sheet=sheet)
    routing.use_catalogue(session, **given, neighborhood=here, code="dc")
    lines = parse_rules(RULES, {RemitTopic.PUBLIC_TOPIC: set(TIERS)})
    rules = routing.draft_rules(session, **given, neighborhood=here, lines=lines)
    routing.activate_rules(session, **given, rule_set=rules)
    for tier in DesignerTier:
        make_holder(session, make_seat(session, here, tier, 1))


@pytest.fixture
def comments(real_data: Path) -> Path:
    return real_data / "marks" / "dc_vision_zero_2015_sample.csv"


@pytest.fixture
def run(
    database: Database, comments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    """`planner marks` on the test's database with two equal neighborhoods round the comments."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database.url)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))
    context.settings.cache_clear()
    context.database.cache_clear()
    with comments.open(encoding="utf-8-sig", newline="") as source:
        points = np.array(
            [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(source)]
        )
    catalogue = write_catalogue(tmp_path / "catalogue")
    with database.write() as session:
        for slug in ("dc", "dc-again"):
            found(session, slug, points, catalogue)
    yield lambda *arguments: CliRunner().invoke(cli, ["marks", *arguments])
    context.database().dispose()
    context.settings.cache_clear()
    context.database.cache_clear()


OPTIONS = [
    "--map=topic=request_type",
    "--map=occurred_at=request_date",
    "--default=kind=dislike",
    "--crs=wgs84",
    "--json",
    *[f"--map-value=topic:{theirs}={ours}" for theirs, ours in TYPES.items()],
]


def features(run: Callable[..., Result], slug: str) -> dict[str, tuple[Any, ...]]:
    made = json.loads(run("export", slug).stdout)["features"]
    names = ("kind", "topic", "item", "reason", "occurred_at")
    return {
        each["properties"]["external_id"]: (
            *each["geometry"]["coordinates"],
            *(each["properties"][name] for name in names),
        )
        for each in made
    }


def test_real_comments_when_brought_in_and_out_then_the_same_set(
    run: Callable[..., Result], app: Flask, comments: Path, tmp_path: Path
) -> None:
    first = run("import", "dc", str(comments), *OPTIONS, "--publish")
    assert first.exception is None, first.output
    made = json.loads(first.stdout)
    assert (made["taken"], made["kinds"]) == (400, {"dislike": 400})
    seats = {"community-1": 161, "street-1": 183, "total-1": 56}
    assert made["seats"] == seats
    again = json.loads(run("import", "dc", str(comments), *OPTIONS).stdout)
    assert (again["taken"], again["known"]) == (0, 400)

    client, api = app.test_client(), "/api/v1/neighborhoods/dc/marks"
    listed = client.get(f"{api}?limit=400").get_json()
    assert listed["total"] == len(listed["features"]) == 400
    for query, number in (
        ("topic=driving", 183),
        ("topic=DRV01", 49),
        ("tier=community", 161),
        ("q=bike lane", None),
        ("since=2015-06-30T00:00:00-04:00", None),
        ("bbox=-77.04,38.88,-77.01,38.91", None),
    ):
        page = client.get(f"{api}?{query}&limit=400").get_json()
        cells = client.get(f"{api}/cells?{query}&zoom=14").get_json()
        assert 0 < page["total"] < 400
        assert page["total"] == cells["total"] == len(page["features"])
        assert number in (None, page["total"])

    with comments.open(encoding="utf-8-sig", newline="") as source:
        rows = {row["id"]: row for row in csv.DictReader(source)}
    out = features(run, "dc")
    assert out.keys() == rows.keys()
    for name, (lon, lat, _, _, item, reason, _) in out.items():
        row = rows[name]
        assert abs(lon - float(row["lon"])) < 1e-6
        assert abs(lat - float(row["lat"])) < 1e-6
        assert item == TYPES[row["request_type"]]
        assert reason == row["comment"].replace("\r\n", "\n").strip()

    for form in ("geojson", "csv"):
        path = tmp_path / f"out.{form}"
        assert run("export", "dc", "--format", form, "-o", str(path)).exception is None
        back = json.loads(run("import", "dc-again", str(path), "--crs=wgs84", "--json").stdout)
        assert (back["taken"], back["known"]) == ((400, 0) if form == "geojson" else (0, 400))
        assert features(run, "dc-again") == out


def test_real_comments_when_declared_as_anything_else_then_refused(
    run: Callable[..., Result], comments: Path
) -> None:
    result = run("import", "dc", str(comments), "--crs=EPSG:32618", *OPTIONS[:3])
    assert getattr(result.exception, "code", "") == "datum_doubtful_inside"
