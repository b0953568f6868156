"""List and map in Chromium: one set of filters, nothing lost on the way from one to the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from planner.core.db import Database
from planner.routing.terms import MarkKind
from tests.factories.marks import make_mark
from tests.factories.stage import SPOTS, Stage

from .conftest import DESK, PHONE, Site, assert_accessible, assert_targets


@pytest.fixture
def crowd(stage: Stage, database: Database) -> None:
    with database.write() as session:
        for i, kind in enumerate([MarkKind.LIKE, MarkKind.DISLIKE, MarkKind.DISLIKE]):
            make_mark(session, stage.here, at=SPOTS[i + 1], kind=kind, reason=f"第{i}处停车的事")


def test_list_when_filtered_then_the_map_shows_the_same_marks(site: Site, crowd: None) -> None:
    page = site.open("/n/here/marks", size=DESK)
    page.click(".kind-tiles .tile.dislike")
    expect(page.locator(".row-link")).to_have_count(2)
    with page.expect_response("**/api/v1/neighborhoods/here/marks?*") as answered:
        page.get_by_role("link", name="地图", exact=True).click()
    page.wait_for_selector("body[data-ready]")
    assert len(answered.value.json()["features"]) == 2
    expect(page.locator(".filtered")).to_contain_text("2 条")
    page.click(".legend")
    expect(page.locator(".row-link")).to_have_count(2)
    page.get_by_role("link", name="去掉这个条件").click()
    expect(page.locator(".row-link")).to_have_count(3)


def test_filters_when_used_without_script_then_they_work(site: Site, crowd: None) -> None:
    page = site.open("/n/here/marks", script=False)
    page.click("summary")
    page.select_option("[name=kind]", "like")
    page.fill("[name=q]", "第0处")
    page.click(".filters button")
    assert page.locator(".row-link").count() == 1
    assert page.locator(".asked li").count() == 2


def test_mark_when_tapped_on_the_map_then_its_card_and_page_open(
    site: Site, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        make_mark(session, stage.here, at=SPOTS[2], kind=MarkKind.LIKE, reason="树荫下很凉快")
    page = site.open("/n/here/", size=DESK)
    page.wait_for_selector("body[data-ready]")
    page.click("[data-tool=find]")
    page.get_by_role("button", name="百步广场").click()
    spot = page.locator(".crosshair .spot").bounding_box()
    assert spot
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(page.locator("#peek-words")).to_have_text("树荫下很凉快")
    expect(page.locator("#peek-state")).to_have_text("待受理")
    assert_accessible(page)
    page.click("#peek-open")
    expect(page.locator(".said").first).to_have_text("树荫下很凉快")
    page.wait_for_selector("body[data-ready]")
    assert_accessible(page)


def test_marks_when_very_many_then_cells_add_up_to_their_number(
    site: Site, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        for i in range(160):
            make_mark(session, stage.here, at=SPOTS[1 + i % 4], reason=f"第{i}处停车的事")
    page = site.open("/n/here/", size=DESK)
    with page.expect_response("**/marks/cells?*") as answered:
        page.wait_for_selector("body[data-ready]")
    assert answered.value.json()["total"] == 160
    with page.expect_response("**/marks?*") as answered:
        page.click("[data-tool=in]")
    assert len(answered.value.json()["features"]) > 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ["/", "/r", "/n/here/marks", "/n/here/mine", "/n/here/marks/new"])
def test_page_when_looked_at_then_accessible_and_easy_to_hit(
    site: Site, crowd: None, path: str, size: dict[str, int]
) -> None:
    page = site.open(path, size=size)
    assert_accessible(page)
    assert_targets(page, 44)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
