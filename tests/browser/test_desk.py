"""The desk in Chromium on the demo: axe finds nothing, nothing runs that is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from planner.accounts.models import Person
from planner.accounts.rules import hash_password
from planner.core.db import Database
from planner.places.terms import IssuingChain
from planner.routing.models import Case
from tests.conftest import app_on

from .conftest import DESK, PHONE, Site, assert_accessible

pytestmark = pytest.mark.browser
PASSWORD = "紫藤-walks-42"
WHY = "建议分时段开放，先试三个月。"
HOSTILE = "<img src=x onerror=\"document.title='hacked'\">十个字以上的内容"
PLACE = "/n/tianjin-xincun"
ROSTER = """席位,用户名,姓名,身份,起始日期
street-9,tang,唐代表,人大代表或单位代表,2026-01-01
"""


@pytest.fixture
def app(demo: Database, tmp_path: Path) -> Flask:
    """The demo, where everybody's password is known."""
    with demo.write() as session:
        hashed = hash_password(PASSWORD)
        for person in session.scalars(select(Person)):
            person.password_hash = hashed
    return app_on(demo, tmp_path)


def as_(site: Site, login: str, path: str, *, size=None, script: bool = True) -> Page:
    page = site.open(f"/sign-in?next={PLACE}{path}", size=size or DESK, script=script)
    page.get_by_label("用户名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    assert page.url.endswith(path), page.url
    return page


PAGES = [
    ("community-3", "/tray"),
    ("drafter", "/tray?list=praise"),
    ("office", "/unassigned"),
    ("office", "/workload"),
    ("office", "/designers"),
    ("office", "/designers/community-12"),
    ("office", "/designers/street-1/remits"),
    ("office", "/roster"),
    ("office", "/rules"),
    ("office", "/rules/1?try=1"),
    ("community-3", "/catalogue"),
    ("admin", "/people"),
    ("admin", "/units"),
]


@pytest.mark.parametrize(
    ("size", "elder"), [(PHONE, 0), (PHONE, 1), (DESK, 0)], ids=["phone", "elder", "desk"]
)
def test_desk_pages_when_opened_then_accessible_and_not_wider_than_the_screen(
    site, demo, size, elder
):
    if not demo.is_sqlite:
        pytest.skip("pages look the same on both databases")
    for login in sorted({login for login, _ in PAGES}):
        page = as_(site, login, "/tray", size=size)
        page.goto(f"{site.url}/me?elder={elder}")
        assert_accessible(page)
        for path in [path for who, path in PAGES if who == login]:
            page.goto(site.url + PLACE + path)
            assert_accessible(page)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (login, path, wide)
            low = page.evaluate(
                """least => [...document.querySelectorAll(
                    'main .btn, main button, main select, main summary, main .rail a,'
                    + 'main input:not([type=hidden], [type=checkbox], [type=radio])')]
                  .filter(e => e.offsetParent && e.getBoundingClientRect().height < least)
                  .map(e => e.outerHTML.slice(0, 90))""",
                60 if elder else 44,
            )
            assert low == [], (login, path)


def first_case(site: Site, login: str, *, size=None) -> Page:
    page = as_(site, login, "/tray", size=size)
    page.locator(".matter h2 a").first.click()
    return page


def test_opinion_and_reply_through_three_signatures_then_public_last(site, demo):
    with demo.write() as session:
        case = session.scalars(
            select(Case).where(Case.is_clocked, Case.opinion_due_at.is_not(None)).order_by(Case.id)
        ).all()
        case = next(
            c
            for c in case
            if not (c.replies or c.opinions or c.drafts)
            and c.unit
            and c.unit.code == "office_urban"
        )
        case.unit.issuing_chain = IssuingChain.THREE_STEPS
        code, seat = case.code, case.seat.code
    path = f"/cases/{code}"
    page = as_(site, seat, path)
    page.get_by_role("radio", name="部分采纳").check()
    page.get_by_label("公开理由").fill(HOSTILE)
    page.get_by_role("button", name="公开意见").click()
    assert page.get_by_text("设计师意见已公开。").is_visible()
    assert page.locator(".voice.advice .said").inner_text() == HOSTILE
    assert page.title() != "hacked"
    assert_accessible(page)
    drafter = as_(site, "drafter", path)
    drafter.get_by_role("link", name="用模板起稿").click()
    letter = drafter.get_by_label("答复内容").input_value()
    assert re.match(r"您于\d{4}年\d+月\d+日在", letter)
    drafter.get_by_label("答复内容").fill(letter + WHY)
    drafter.locator("#do-draft").get_by_role("radio", name="采纳", exact=True).check()
    drafter.get_by_role("button", name="送签").click()
    page.reload()
    assert page.locator(".voice.official").count() == 0
    checker = as_(site, "checker", path)
    assert_accessible(checker)
    checker.get_by_role("button", name="审核同意").click()
    page.reload()
    assert page.locator(".voice.official").count() == 0
    as_(site, "issuer", path).get_by_role("button", name="签发").click()
    page.reload()
    assert WHY in page.locator(".voice.official .said").inner_text()


def test_case_page_when_on_a_phone_then_words_place_work_and_trail_in_this_order(site):
    page = first_case(site, "community-3", size=PHONE)
    tops = [
        page.locator(part).first.bounding_box()["y"]
        for part in (".said-area", ".place-area", ".work-area", ".trail-area")
    ]
    assert tops == sorted(tops)
    page.set_viewport_size(DESK)
    said, place = (page.locator(p).bounding_box() for p in (".said-area", ".place-area"))
    assert place["x"] > said["x"] + said["width"] - 1
    assert abs(place["y"] - said["y"]) < 2


def test_small_map_when_painted_then_houses_roads_and_names_are_there(site):
    page = first_case(site, "community-3")
    paints = page.evaluate(
        "[...document.querySelectorAll('.minimap path')].map(e => e.getAttribute('fill'))"
    )
    assert {"#f1d3c0", "#4a3c28", "#9fc492"} <= set(paints), "market, shadow, tree"
    assert page.locator(".minimap text").count() > 0


def test_desk_without_script_when_used_then_the_same(site):
    page = as_(site, "community-3", "/tray", script=False)
    page.locator(".matter h2 a").first.click()
    page.get_by_role("button", name="受理").click()
    assert page.get_by_text("已受理。").is_visible()


def test_copy_for_the_way_when_opened_without_network_then_complete(site, tmp_path):
    page = as_(site, "community-3", "/tray")
    with page.expect_download() as started:
        page.get_by_role("link", name="带走一份").click()
    file = tmp_path / "tray.html"
    started.value.save_as(file)
    context = site.browser.new_context(offline=True)
    alone = context.new_page()
    alone.goto(f"file://{file}")
    assert alone.locator("article").count() >= 1
    assert alone.locator("article svg").count() >= 1
    context.close()


def test_seat_and_roster_when_kept_by_the_office_then_as_typed(site):
    page = as_(site, "office", "/designers")
    page.locator("#number-tier").select_option("street")
    page.locator("#number-number").fill("9")
    page.locator("#number-reason").fill("新增滨水片区，需要一席")
    page.get_by_role("button", name="调整").click()
    page.locator("#add-tier").select_option("street")
    page.locator("#add-number").fill("9")
    page.locator("#add-title").fill(HOSTILE)
    page.get_by_role("button", name="设立").click()
    assert page.get_by_text(HOSTILE).is_visible()
    assert page.title() != "hacked"
    page.goto(site.url + PLACE + "/roster")
    page.locator("#f-file").set_input_files(
        {
            "name": "r.csv",
            "mimeType": "text/csv",
            "buffer": ROSTER.encode(),
        }
    )
    page.get_by_role("button", name="预览").click()
    assert page.get_by_text("都可以录入").is_visible()
    assert_accessible(page)
    page.get_by_role("button", name="确认录入").click()
    assert page.get_by_text("名册已录入").is_visible()
