"""The elder view: larger words, targets of 60 pixels, nothing cut off, on every page of residents."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from planner.core.db import Database
from tests.factories.marks import make_mark
from tests.factories.stage import Stage

from .conftest import PHONE, Site, assert_accessible, assert_targets

PATHS = [
    "/",
    "/r",
    "/n/here/",
    "/n/here/marks",
    "/n/here/mine",
    "/n/here/marks/new",
    "/n/here/marks/new?kind=improve",
    "/n/here/marks/CODE",
]


@pytest.fixture
def code(stage: Stage, database: Database) -> str:
    with database.write() as session:
        return make_mark(session, stage.here).code


@pytest.mark.parametrize("step", ["1", "2"])
def test_pages_when_in_elder_view_then_large_accessible_and_whole(
    site: Site, code: str, step: str
) -> None:
    page = site.open(f"/?elder={step}")
    for path in PATHS:
        page.goto(site.url + path.replace("CODE", code))
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        assert_targets(page, 60)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size == {"1": 20, "2": 24}[step], path


@pytest.mark.parametrize("step", ["1", "2"])
def test_map_when_in_elder_view_then_pin_and_all_kinds_are_in_sight(
    site: Site, stage: Stage, step: str
) -> None:
    page = site.open(f"/n/here/?elder={step}")
    page.wait_for_selector("body[data-ready]")
    sheet = page.locator(".sheet").bounding_box()
    pin = page.locator(".crosshair .pin.plus").bounding_box()
    top = page.locator(".topline").bounding_box()
    assert sheet
    assert pin
    assert top
    assert pin["y"] >= top["y"] + top["height"]
    assert pin["y"] + pin["height"] <= sheet["y"] + 4
    for kind in ("like", "dislike", "improve"):
        box = page.locator(f".kind-card.{kind}").bounding_box()
        assert box
        assert box["y"] + box["height"] <= PHONE["height"]


def test_switch_when_pressed_while_writing_then_nothing_typed_is_lost(
    site: Site, stage: Stage
) -> None:
    page = site.open("/n/here/")
    page.wait_for_selector("body[data-ready]")
    page.click(".kind-card.dislike")
    page.fill("#reason", "写到一半换成大字")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html.elder")).to_be_visible()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#reason")).to_have_value("写到一半换成大字")
