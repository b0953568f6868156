"""The whole way in Chromium: a resident's mark, a designer's opinion, a unit's reply, the receipt page."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from planner.accounts.models import HandlingUnit, Person
from planner.core.actor import Actor
from planner.core.db import Database
from planner.marks.models import Mark
from planner.places.terms import IssuingChain
from tests.factories.stage import Stage

from .conftest import DESK, PHONE, Site, assert_accessible, sign_in

REASON = "入口太窄，电动车进不来，先把花坛退后一米。"
NEWER = "再次到现场看过，改为退后两米，先画线试行一个月。"
REPLY = "已安排物业在本月内把花坛退后，并划出电动车位。"


def desk(site: Site, app: Flask, actor: Actor) -> Page:
    page = site.open("/", size=DESK)
    sign_in(page, app, actor.person_id)
    return page


def mark_by_map(site: Site) -> tuple[Page, str]:
    """A resident marks the place under the pin; gives the page and the receipt code."""
    page = site.open("/n/here/", size=PHONE)
    page.wait_for_selector("body[data-ready]")
    page.click(".kind-card.dislike")
    page.get_by_label("乱停堵了路", exact=True).check()
    page.fill("#reason", "花坛挡着，电动车只好停在路上。")
    page.click("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    return page, page.inner_text("#receipt")


def mark_by_form(site: Site) -> tuple[Page, str]:
    """The same without script."""
    page = site.open("/n/here/marks/new?kind=dislike", script=False)
    page.select_option("[name=place]", label="槐荫巷中段")
    page.click("summary:has-text('停车')")
    page.get_by_label("乱停堵了路").check()
    page.click("main button.main")
    page.wait_for_url("**/thanks/**")
    return page, page.inner_text(".receipt")


def case_of(database: Database) -> tuple[str, str]:
    """Code of the only case and of its seat."""
    with database.read() as session:
        mark = session.scalars(select(Mark)).one()
        assert mark.case.seat is not None
        return mark.case.code, mark.case.seat.code


def give_opinion(page: Page, site: Site, case: str, outcome: str, reason: str) -> None:
    page.goto(f"{site.url}/n/here/cases/{case}")
    page.locator(f"#do-opinion [name=outcome][value={outcome}]").check()
    page.fill("#opinion-reason", reason)
    page.click("#do-opinion button")


def draft_reply(page: Page, site: Site, case: str, body: str = REPLY) -> None:
    page.goto(f"{site.url}/n/here/cases/{case}")
    page.locator("#do-draft [name=outcome][value=adopt]").check()
    page.fill("#draft-body", body)
    page.click("#do-draft button")


def sign(page: Page, site: Site, case: str) -> None:
    page.goto(f"{site.url}/n/here/cases/{case}")
    page.click("#do-sign button")


def open_receipt(site: Site, code: str) -> Page:
    page = site.open("/r")
    page.fill("[name=code]", code)
    page.click("main button.main")
    page.wait_for_url("**/marks/M-*")
    return page


def assert_no_person(page: Page, database: Database) -> None:
    with database.read() as session:
        names = list(session.scalars(select(Person.name)))
    text = page.content()
    assert [name for name in names if name in text] == []


@pytest.mark.parametrize("door", [mark_by_map, mark_by_form], ids=["map", "form"])
def test_journey_when_one_signature_is_enough_then_resident_reads_both_answers(
    site: Site, app: Flask, stage: Stage, database: Database, door
) -> None:
    _, receipt = door(site)
    case, seat = case_of(database)
    designer = desk(site, app, stage.holders[seat])
    designer.goto(f"{site.url}/n/here/tray")
    expect(designer.locator("main")).to_contain_text(case)
    give_opinion(designer, site, case, "adopt", "")
    assert "/cases/" in designer.url
    assert opinions(open_receipt(site, receipt)) == []
    give_opinion(designer, site, case, "adopt", REASON)
    draft_reply(desk(site, app, stage.drafter), site, case)
    page = open_receipt(site, receipt)
    assert opinions(page) == [REASON]
    expect(page.locator(".voice.official .said")).to_have_text(REPLY)
    expect(page.locator(".voice.official .sign")).to_contain_text("社区两委")
    expect(page.locator(".trace")).to_contain_text("社区设计师")
    assert_accessible(page)
    assert_no_person(page, database)


def opinions(page: Page) -> list[str]:
    return page.locator(".voice.advice .said").all_inner_texts()


def test_opinion_when_the_mind_changes_then_the_new_one_names_the_old(
    site: Site, app: Flask, stage: Stage, database: Database
) -> None:
    _, receipt = mark_by_map(site)
    case, seat = case_of(database)
    designer = desk(site, app, stage.holders[seat])
    give_opinion(designer, site, case, "adopt", REASON)
    give_opinion(designer, site, case, "partly", NEWER)
    page = open_receipt(site, receipt)
    assert opinions(page) == [REASON, NEWER]
    expect(page.locator(".voice.advice").first).to_contain_text("已被新的意见替代")
    expect(page.locator(".voice.advice").last).to_contain_text("替代 9月21日 的意见")


def test_reply_when_three_must_sign_then_nothing_is_public_before_the_last(
    site: Site, app: Flask, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        for unit in session.scalars(select(HandlingUnit)):
            unit.issuing_chain = IssuingChain.THREE_STEPS
    _, receipt = mark_by_map(site)
    case, _ = case_of(database)

    def public_replies() -> int:
        return open_receipt(site, receipt).locator(".voice.official").count()

    drafter = desk(site, app, stage.drafter)
    draft_reply(drafter, site, case, "")
    assert drafter.locator("#do-sign").count() == 0
    draft_reply(drafter, site, case)
    assert public_replies() == 0
    sign(desk(site, app, stage.checker), site, case)
    assert public_replies() == 0
    sign(desk(site, app, stage.issuer), site, case)
    page = open_receipt(site, receipt)
    expect(page.locator(".voice.official .said")).to_have_text(REPLY)
    assert_no_person(page, database)
