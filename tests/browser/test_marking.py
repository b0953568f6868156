"""The marking page in Chromium: from the question to the receipt, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from planner.core.db import Database
from planner.core.geo import to_geom
from planner.marks.models import Mark, Wording
from planner.marks.terms import Channel, PinOrigin
from planner.places.models import Neighborhood
from planner.routing.models import Case
from tests.conftest import NOW
from tests.factories.stage import Stage

from .conftest import DESK, PHONE, Site, assert_accessible, assert_targets

MAP = "/n/here/"
POSTS = re.compile(r"/api/v1/neighborhoods/here/marks$")


def open_map(site: Site, size: dict[str, int] = PHONE) -> Page:
    page = site.open(MAP, size=size)
    page.wait_for_selector("body[data-ready]")
    return page


def choose(page: Page, kind: str = "dislike", chip: str | None = "乱停堵了路") -> None:
    page.click(f".kind-card.{kind}")
    if chip:
        page.get_by_label(chip, exact=True).check()


def stored(database: Database) -> list[Mark]:
    with database.read() as session:
        return list(session.scalars(select(Mark).order_by(Mark.id)))


def test_mark_when_made_on_the_map_then_stored_routed_and_explained(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    assert_accessible(page)
    choose(page)
    page.fill("#reason", "早晚接送孩子时车停满了巷子。")
    assert_accessible(page)
    page.click("#submit")
    expect(page.locator("#step-thanks h1")).to_have_text("谢谢，您的意见收到了")
    expect(page.locator("#thanks-why")).to_contain_text("第1版分派规则第5条")
    assert_accessible(page)
    [mark] = stored(database)
    with database.read() as session:
        case = session.get_one(Case, mark.case_id)
        words = session.get_one(Wording, mark.id).reason
        assert case.seat is not None
        assert case.seat.code.startswith("community-")
    assert (mark.kind.value, mark.channel, mark.topic_code) == ("dislike", Channel.WEB, "PUB01")
    assert words == "早晚接送孩子时车停满了巷子。"
    assert re.fullmatch(r"(\w{5}-){2}\w{5}", page.inner_text("#receipt"))


def test_receipt_picture_when_shown_then_it_is_drawn(site: Site, stage: Stage) -> None:
    page = open_map(site)
    choose(page)
    page.click("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.getElementById('receipt-qr').naturalWidth") > 20


def test_submit_when_pressed_twice_then_one_mark(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    choose(page)
    page.dblclick("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    assert len(stored(database)) == 1


def lose_first_answer(page: Page) -> list[int]:
    """The server takes the first post, and its answer never arrives."""
    posts: list[int] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        answer = route.fetch()
        posts.append(answer.status)
        if len(posts) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route(POSTS, handle)
    return posts


def test_answer_when_lost_then_the_mark_waits_and_sending_again_makes_no_second(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    posts = lose_first_answer(page)
    choose(page)
    page.click("#submit")
    expect(page.locator("#step-waiting")).to_be_visible()
    expect(page.locator("#waiting-lead")).to_contain_text("没有收到回音")
    page.click("#waiting-send")
    expect(page.locator(".waiting-item .badge")).to_have_text("已送达")
    assert posts == [201, 200]
    assert len(stored(database)) == 1


def test_reason_when_missing_or_short_then_said_beside_the_field_and_nothing_stored(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    choose(page, chip=None)
    page.click("#submit")
    expect(page.locator("#error-chips")).to_have_text("请选一个原因，或写几个字。")
    page.fill("#reason", "好！！")
    page.click("#submit")
    expect(page.locator("#error-reason")).to_contain_text("至少写 4 个字")
    expect(page.locator("#reason")).to_have_value("好！！")
    assert stored(database) == []


def test_words_when_given_without_a_reason_then_sorted_by_us(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    choose(page, kind="improve", chip=None)
    page.fill("#reason", "说不清是哪一类的事")
    page.click("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    [mark] = stored(database)
    assert (mark.public_topic_code, mark.topic_code) == ("overall", None)


def test_pin_when_outside_then_warned_refused_and_words_kept(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    page.focus("#map")
    for _ in range(9):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(320)
    expect(page.locator("#bubble")).to_contain_text("超出街区范围")
    choose(page)
    page.fill("#reason", "写好的话不能丢")
    page.click("#submit")
    expect(page.locator("#error-geometry")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("写好的话不能丢")
    assert stored(database) == []


def test_line_and_area_when_drawn_then_stored_as_such(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site, DESK)
    for mode, least in (("line", 2), ("area", 3)):
        page.click("[data-tool=draw]")
        page.click(f"[data-draw={mode}]")
        expect(page.locator("[data-draw=done]")).to_be_disabled()
        for x, y in ((900, 420), (980, 460), (930, 530))[:least]:
            page.mouse.click(x, y)
            page.wait_for_timeout(320)
        expect(page.locator("#draw-size")).to_contain_text("约")
        assert_accessible(page)
        page.click("[data-draw=done]")
        expect(page.locator("#shape-size")).to_contain_text("约")
        choose(page)
        page.click("#submit")
        page.wait_for_selector("#step-thanks:not([hidden])")
        page.click("[data-go=again]:visible")
    assert [to_geom(mark.geom).geom_type for mark in stored(database)] == ["LineString", "Polygon"]


def test_line_when_drawn_by_pin_and_keys_alone_then_finished(site: Site, stage: Stage) -> None:
    page = open_map(site)
    page.click("[data-tool=draw]")
    for key in ("ArrowLeft", "ArrowUp"):
        page.focus("[data-draw=add]")
        page.keyboard.press("Enter")
        page.focus("#map")
        page.keyboard.press(key)
        page.wait_for_timeout(350)
    page.focus("[data-draw=done]")
    page.keyboard.press("Enter")
    expect(page.locator("#step-kinds h1")).to_be_focused()
    expect(page.locator("#shape-size")).to_contain_text("一段路")


def test_place_when_searched_without_network_then_it_comes_under_the_pin(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    page.context.set_offline(True)
    page.click("[data-go=find]")
    page.fill("#find-words", "百步")
    page.get_by_role("button", name="百步广场").click()
    expect(page.locator("#bubble")).to_have_text("百步广场")
    choose(page)
    page.click("#submit")
    expect(page.locator("#step-waiting")).to_be_visible()
    expect(page.locator("#waiting-lead")).to_contain_text("没有网络")
    page.context.set_offline(False)
    expect(page.locator(".waiting-item .badge")).to_have_text("已送达")
    [mark] = stored(database)
    assert (mark.place_name, mark.pin_origin) == ("百步广场", PinOrigin.LIST)


def test_steps_when_walked_by_keyboard_then_focus_and_escape_follow(
    site: Site, stage: Stage
) -> None:
    page = open_map(site)
    page.focus(".kind-card.improve")
    page.keyboard.press("Enter")
    expect(page.locator("#reason-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#step-kinds h1")).to_be_focused()
    page.focus("[data-tool=find]")
    page.keyboard.press("Enter")
    expect(page.locator("#find-words")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#step-kinds")).to_be_visible()


def test_again_when_pressed_then_the_pin_stays_and_a_second_mark_is_taken(
    site: Site, stage: Stage, database: Database
) -> None:
    page = open_map(site)
    for kind in ("dislike", "improve"):
        choose(page, kind=kind, chip={"dislike": "乱停堵了路", "improve": "补种花草"}[kind])
        page.click("#submit")
        page.wait_for_selector("#step-thanks:not([hidden])")
        page.click("[data-go=again]:visible")
    first, second = stored(database)
    assert (first.lon, first.lat) == (second.lon, second.lat)


def test_map_when_collecting_is_over_then_it_says_why_and_reading_works(
    site: Site, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        session.get_one(Neighborhood, stage.here.id).collecting_until = NOW - timedelta(days=1)
    page = open_map(site)
    expect(page.locator("#step-kinds h1")).to_have_text("现在不收新意见")
    expect(page.locator("#step-kinds .lead")).to_contain_text("2026年9月20日")
    assert page.locator(".kind-card").count() == 0
    assert_accessible(page)
    page.get_by_role("link", name="看大家的意见").first.click()
    expect(page.locator("h1")).to_have_text("大家的意见")


def test_form_when_script_is_off_then_it_does_the_same(
    site: Site, stage: Stage, database: Database
) -> None:
    page = site.open(MAP, script=False)
    page.click(".kind-card.dislike")
    page.select_option("[name=place]", label="百步广场")
    page.click("summary:has-text('停车')")
    page.get_by_label("乱停堵了路").check()
    page.dblclick("main button.main")
    page.wait_for_url("**/thanks/**")
    assert page.inner_text("h1") == "谢谢，您的意见收到了"
    assert "第1版分派规则第5条" in page.inner_text("main")
    [mark] = stored(database)
    assert (mark.channel, mark.place_name) == (Channel.FORM, "百步广场")


def test_form_when_wrong_then_said_beside_the_fields_and_words_kept(
    site: Site, stage: Stage, database: Database
) -> None:
    page = site.open("/n/here/marks/new?kind=improve", script=False)
    page.fill("[name=reason]", "好")
    page.click("main button.main")
    assert page.inner_text(".field.wrong #e-place") == "请选择地点。"
    assert page.input_value("[name=reason]") == "好"
    page.select_option("[name=place]", label="百步广场")
    page.click("main button.main")
    assert page.locator(".field.wrong #e-reason").is_visible()
    assert page.locator("[name=place] option:checked").inner_text() == "百步广场"
    assert stored(database) == []


def test_targets_when_measured_then_none_is_smaller_than_44(site: Site, stage: Stage) -> None:
    page = open_map(site)
    assert_targets(page, 44)
    choose(page, chip=None)
    assert_targets(page, 44)
    page.keyboard.press("Escape")
    page.click("[data-tool=find]")
    assert_targets(page, 44)
