"""The step between reason and receipt in Chromium: similar marks close by, joined or passed by."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from planner.core.db import Database
from planner.core.geo import to_geom
from planner.marks.models import Endorsement, Mark
from tests.factories.marks import make_mark
from tests.factories.stage import Stage

from .conftest import DESK, PHONE, Site, assert_accessible, assert_targets
from .test_marking import MAP, choose, open_map, stored

HOSTILE = '<img src=x onerror="document.title=1">停满了车'


@pytest.fixture
def near(stage: Stage, database: Database) -> list[Mark]:
    """Four published marks where the page's pin stands at first."""
    with database.write() as session:
        here = session.merge(stage.here)
        point = to_geom(here.boundary).representative_point()
        return [
            make_mark(
                session,
                here,
                at=(point.x, point.y + number * 0.00003),
                topic="PUB01",
                reason=HOSTILE if number == 0 else f"第{number}条：下班以后停满了车",
            )
            for number in range(4)
        ]


def to_near(page: Page) -> None:
    choose(page)
    page.click("#submit")
    page.wait_for_selector("#step-near:not([hidden])")


def endorsed(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(Endorsement.mark_id)))


def test_step_when_similar_ones_are_near_then_three_as_text_and_one_is_joined(
    site: Site, stage: Stage, database: Database, near: list[Mark]
) -> None:
    page = open_map(site)
    to_near(page)
    expect(page.locator("#near-title")).to_have_text("20 米内已有 4 条“停车”")
    expect(page.locator("#near-list .said").first).to_have_text(HOSTILE)
    assert page.locator("#near-list li").count() == 3
    assert page.locator("#near-list img").count() == 0
    assert_accessible(page)
    assert_targets(page, 44)
    page.locator("#near-list .join").nth(1).click()
    page.wait_for_selector("#step-joined:not([hidden])")
    expect(page.locator("#joined-count")).to_have_text("1 人也这么说")
    assert_accessible(page)
    assert_targets(page, 44)
    assert (endorsed(database), len(stored(database))) == ([near[1].id], 4)
    page.click("#step-joined [data-go=again]:visible")
    expect(page.locator("#step-kinds h1")).to_be_visible()


def test_step_when_passed_by_then_a_mark_of_its_own(
    site: Site, stage: Stage, database: Database, near: list[Mark]
) -> None:
    page = open_map(site, DESK)
    to_near(page)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#step-reason")).to_be_visible()
    page.click("#submit")
    page.click("#near-own")
    page.wait_for_selector("#step-thanks:not([hidden])")
    assert (endorsed(database), len(stored(database))) == ([], 5)


def test_step_when_the_question_fails_then_the_mark_is_sent(
    site: Site, stage: Stage, database: Database, near: list[Mark]
) -> None:
    page = open_map(site)
    page.route(re.compile("/marks/near"), lambda route: route.abort())
    choose(page)
    page.click("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    assert len(stored(database)) == 5


def test_step_when_joining_fails_then_said_and_once_more_counts_once(
    site: Site, stage: Stage, database: Database, near: list[Mark]
) -> None:
    page = open_map(site)
    to_near(page)
    page.route(re.compile("/endorsements"), lambda route: route.abort(), times=1)
    page.locator("#near-list .join").first.click()
    expect(page.locator("#near-error")).to_contain_text("没有收到回音")
    page.locator("#near-list .join").first.click()
    page.wait_for_selector("#step-joined:not([hidden])")
    assert endorsed(database) == [near[0].id]


def test_step_when_elder_view_then_60_pixel_targets(
    site: Site, stage: Stage, near: list[Mark]
) -> None:
    page = site.open(f"{MAP}?view=elder", size=PHONE)
    page.wait_for_selector("body[data-ready]")
    if not page.locator("html.elder").count():
        page.click(".topline .btn")
        page.wait_for_selector("html.elder body[data-ready]")
    to_near(page)
    assert_accessible(page)
    assert_targets(page, 60)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_form_and_mark_page_when_without_script_then_joined(
    site: Site, stage: Stage, database: Database, near: list[Mark]
) -> None:
    page = site.open(f"/n/here/marks/{near[2].code}", script=False)
    page.click("#join button")
    expect(page.locator("#join")).to_contain_text("已记下：您也这么认为")
    assert endorsed(database) == [near[2].id]
    page.click("#join button")
    expect(page.locator("#join button")).to_have_text("我也是 +1")
    assert endorsed(database) == []
