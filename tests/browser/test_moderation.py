"""The moderation queue by keyboard alone."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import expect

from planner.core.db import Database
from planner.marks.models import Mark, Moderation
from planner.marks.terms import MarkStatus
from tests.factories.marks import make_mark
from tests.factories.stage import Stage

from .conftest import DESK, Site, assert_accessible, assert_targets, sign_in


def test_queue_when_worked_by_keys_then_published_held_and_taken_back(
    site: Site, app: Flask, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        ids = [
            make_mark(session, stage.here, published=False, reason=f"第{i}条待看的话").id
            for i in range(3)
        ]
    page = site.open("/", size=DESK)
    sign_in(page, app, stage.clerk.person_id)
    page.goto(f"{site.url}/n/here/queue")
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".key-help")).to_be_visible()
    assert_accessible(page)
    assert_targets(page, 44)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".queue-card").nth(2)).to_have_class("card queue-card current")
    page.keyboard.press("k")
    page.keyboard.press("p")
    expect(page.locator(".undo")).to_contain_text("已公开")
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("u")
    expect(page.locator(".queue-card")).to_have_count(3)
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("h")
    page.keyboard.type("电话要隐去")
    page.keyboard.press("Enter")
    expect(page.locator(".undo")).to_contain_text("暂缓公开")
    with database.read() as session:
        held = session.get_one(Mark, ids[2])
        assert held.status is MarkStatus.HELD
        verbs = [act.verb.value for act in session.query(Moderation).order_by(Moderation.id)]
        assert verbs == ["publish", "return_to_review", "hold"]


def test_queue_when_typing_in_a_field_then_letters_are_letters(
    site: Site, app: Flask, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        make_mark(session, stage.here, published=False)
    page = site.open("/", size=DESK)
    sign_in(page, app, stage.clerk.person_id)
    page.goto(f"{site.url}/n/here/queue")
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("e")
    page.keyboard.type("phxu")
    expect(page.locator("textarea.said")).to_be_focused()
    with database.read() as session:
        assert session.query(Moderation).count() == 0
