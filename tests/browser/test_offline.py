"""Without network: marks wait in the browser and arrive exactly once, with a service worker and without."""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from planner.core.db import Database
from planner.marks.models import Mark
from planner.places.models import Neighborhood
from planner.routing.models import Case
from tests.conftest import NOW
from tests.factories.stage import Stage

from .conftest import DESK, PHONE, Site, assert_accessible, assert_targets

MAP = "/n/here/"
POSTS = re.compile(r"/api/v1/neighborhoods/here/marks$")
MANY = 20


@pytest.fixture
def phone(site: Site) -> BrowserContext:
    """A browser profile whose pages can be closed and opened again."""
    return site.profile()


def open_map(site: Site, phone: BrowserContext, address: str = MAP) -> Page:
    page = phone.new_page()
    site.watch(page)
    page.goto(site.url + address)
    page.wait_for_selector("body[data-ready]")
    return page


def is_kept(page: Page) -> None:
    """The service worker holds the page and its parts."""
    page.evaluate(
        """async () => {
          for (let tries = 0; tries < 80; tries += 1) {
            if (await caches.match("/n/here/?parts")) return;
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          throw new Error("not kept");
        }"""
    )


def hand_in(page: Page, words: str) -> None:
    page.click(".kind-card.dislike")
    page.get_by_label("乱停堵了路", exact=True).check()
    page.fill("#reason", words)
    page.click("#submit")


def queue_up(page: Page, numbers: range) -> None:
    """Marks made one after the other through the sheet, as people do."""
    for number in numbers:
        hand_in(page, f"第{number}条意见，停车堵路")
        page.wait_for_selector("#step-waiting:not([hidden])")
        page.click("#step-waiting .close")


def numbers_of(database: Database) -> tuple[int, int]:
    with database.read() as session:
        marks = session.scalar(select(func.count()).select_from(Mark)) or 0
        return marks, session.scalar(select(func.count()).select_from(Case)) or 0


def fail_first_answers(site: Site) -> list[str]:
    """The first answer is a proxy's 502, the second is cut after the mark was stored."""
    fates = itertools.chain(["bad gateway", "cut"], itertools.repeat("taken"))
    met: list[str] = []
    whole = site.app.wsgi_app

    def failing(environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] != "POST" or not POSTS.search(environ["PATH_INFO"]):
            return whole(environ, start)
        met.append(next(fates))
        if met[-1] == "bad gateway":
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            start("502 Bad Gateway", [("Content-Type", "text/html"), ("Connection", "close")])
            return [b"<h1>502</h1>"]
        if met[-1] == "cut":
            b"".join(whole(environ, lambda *_: None))
            start("201 Created", [("Content-Length", "5000"), ("Connection", "close")])
            return [b"{"]
        return whole(environ, start)

    site.app.wsgi_app = failing  # type: ignore[method-assign]
    return met


def press_until_all_arrived(page: Page) -> None:
    page.click("#waiting-count")
    page.wait_for_selector("#step-waiting:not([hidden])")
    for _ in range(5):
        if page.locator("#waiting-send").is_hidden():
            break
        page.click("#waiting-send")
        expect(page.locator("#waiting-send")).to_be_enabled()
    expect(page.locator(".waiting-item .badge.good")).to_have_count(MANY)


def test_twenty_when_offline_reloaded_and_reopened_then_each_arrives_once(
    site: Site, stage: Stage, database: Database, phone: BrowserContext
) -> None:
    page = open_map(site, phone)
    is_kept(page)
    phone.set_offline(True)
    queue_up(page, range(MANY // 2))
    page.reload()
    page.wait_for_selector("body[data-ready]")
    queue_up(page, range(MANY // 2, MANY))
    page.close()
    page = open_map(site, phone)
    expect(page.locator("#waiting-count")).to_have_text("20 条待送出")
    assert numbers_of(database) == (0, 0)
    met = fail_first_answers(site)
    phone.set_offline(False)
    expect(page.locator("#waiting-count")).to_be_visible()
    press_until_all_arrived(page)
    assert met[:2] == ["bad gateway", "cut"]
    assert len(met) == MANY + 2
    assert numbers_of(database) == (MANY, MANY)
    expect(page.locator("#waiting-count")).to_be_hidden()


def test_twenty_when_no_service_worker_then_the_open_tab_and_the_next_one_keep_them(
    site: Site, stage: Stage, database: Database
) -> None:
    phone = site.profile(service_workers="block")
    page = open_map(site, phone)
    phone.set_offline(True)
    queue_up(page, range(MANY))
    page.close()
    met = fail_first_answers(site)
    phone.set_offline(False)
    page, other = open_map(site, phone), open_map(site, phone)
    press_until_all_arrived(page)
    assert set(met) == {"bad gateway", "cut", "taken"}
    assert numbers_of(database) == (MANY, MANY)
    other.close()


def test_tabs_when_two_are_open_then_each_entry_is_posted_by_one(
    site: Site, stage: Stage, database: Database
) -> None:
    phone = site.profile(service_workers="block")
    page = open_map(site, phone)
    phone.set_offline(True)
    queue_up(page, range(4))
    phone.set_offline(False)
    posts: list[str] = []
    phone.on("request", lambda sent: sent.method == "POST" and posts.append(sent.url))
    tabs = [page, open_map(site, phone), open_map(site, phone)]
    for tab in tabs:
        tab.evaluate("dispatchEvent(new Event('online'))")
    for tab in tabs:
        expect(tab.locator("#waiting-count")).to_be_hidden()
    assert len(posts) == 4
    assert numbers_of(database) == (4, 4)


def test_mark_when_refused_then_its_reason_is_shown_and_it_can_be_mended(
    site: Site, stage: Stage, database: Database, phone: BrowserContext
) -> None:
    page = open_map(site, phone)
    phone.set_offline(True)
    hand_in(page, "写好的话不能丢")
    page.wait_for_selector("#step-waiting:not([hidden])")
    closes(database, stage, NOW - timedelta(days=1))
    phone.set_offline(False)
    item = page.locator(".waiting-item")
    expect(item.locator(".badge")).to_have_text("没收下")
    expect(item.locator(".error")).to_contain_text("征集已在 2026年9月20日")
    expect(page.locator("#waiting-count")).to_have_text("1 条没收下")
    assert_accessible(page)
    assert_targets(page, 44)
    assert numbers_of(database) == (0, 0)
    item.get_by_role("button", name="改一改再送").click()
    expect(page.locator("#reason")).to_have_value("写好的话不能丢")
    expect(page.locator("#chips input:checked")).to_have_count(1)
    expect(page.locator("#error-other")).to_contain_text("征集已在 2026年9月20日")
    closes(database, stage, None)
    page.click("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    assert numbers_of(database) == (1, 1)
    expect(page.locator("#waiting-count")).to_be_hidden()


def closes(database: Database, stage: Stage, until: datetime | None) -> None:
    with database.write() as session:
        session.get_one(Neighborhood, stage.here.id).collecting_until = until


def test_waiting_when_walked_by_keyboard_then_thrown_away_by_the_second_press(
    site: Site, stage: Stage, database: Database, phone: BrowserContext
) -> None:
    page = open_map(site, phone, "/n/here/?elder=1")
    phone.set_offline(True)
    hand_in(page, "先写下来再说")
    expect(page.locator("#step-waiting h1")).to_be_focused()
    assert_accessible(page)
    assert_targets(page, 60)
    drop = page.locator(".waiting-item [data-part=drop]")
    drop.focus()
    page.keyboard.press("Enter")
    expect(drop).to_have_text("还没送达，确定删掉")
    page.keyboard.press("Enter")
    expect(page.locator(".waiting-item")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#step-kinds")).to_be_visible()
    phone.set_offline(False)
    assert numbers_of(database) == (0, 0)


def test_wipe_when_confirmed_then_queue_pages_and_cookies_are_gone(
    site: Site, stage: Stage, database: Database, phone: BrowserContext
) -> None:
    page = open_map(site, phone)
    is_kept(page)
    page.route(POSTS, lambda route: route.abort())
    hand_in(page, "不想留在别人的手机上")
    page.wait_for_selector("#step-waiting:not([hidden])")
    before = {cookie["name"]: cookie["value"] for cookie in phone.cookies()}
    page.click("#wipe")
    page.click("#wipe-not")
    expect(page.locator(".waiting-item")).to_have_count(1)
    page.click("#wipe")
    page.click("#wipe-yes")
    page.wait_for_selector("#step-kinds:not([hidden])")
    page.wait_for_selector("body[data-ready]")
    page.click(".sheet-links [data-go=waiting]")
    expect(page.locator(".waiting-item")).to_have_count(0)
    after = {cookie["name"]: cookie["value"] for cookie in phone.cookies()}
    assert after.get("device") != before["device"]
    assert numbers_of(database) == (0, 0)


def test_worker_when_it_keeps_a_page_then_nothing_personal_and_no_more_than_it_needs(
    site: Site, stage: Stage, phone: BrowserContext
) -> None:
    page = open_map(site, phone, "/n/here/?elder=1")
    is_kept(page)
    kept = page.evaluate(
        "caches.open('shell-1').then((cache) => cache.keys())"
        ".then((all) => all.map(({ url }) => new URL(url).pathname))"
    )
    assert [path for path in kept if path.startswith(("/api", "/sign-in"))] == []
    others = {path for path in kept if not path.startswith("/static/")}
    assert others == {"/n/here/", "/n/here/base.geojson", "/n/here/places.json"}
    html = page.evaluate("caches.match('/n/here/').then((page) => page.text())")
    assert "csrf" not in html
    assert 'class="elder"' in html
    phone.set_offline(True)
    page.goto(site.url + "/n/here/?p=somewhere")
    page.wait_for_selector("body[data-ready]")
    assert page.locator("html.elder").count() == 1
    phone.set_offline(False)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_badge_when_something_waits_then_it_opens_the_list(
    site: Site, stage: Stage, size: dict[str, int]
) -> None:
    phone = site.profile(size=size)
    page = open_map(site, phone)
    phone.set_offline(True)
    queue_up(page, range(2))
    expect(page.locator("#waiting-count")).to_have_text("2 条待送出")
    page.click("#waiting-count")
    expect(page.locator(".waiting-item")).to_have_count(2)
    phone.set_offline(False)
    expect(page.locator(".waiting-item .badge.good")).to_have_count(2)
    expect(page.locator("#toast")).to_have_text("一条意见已送达")
    expect(page.locator(".waiting-item").first).to_contain_text("回执码")
