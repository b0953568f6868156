"""The receipt code opens a mark anywhere, typed by hand or scanned."""

from __future__ import annotations

from playwright.sync_api import expect

from planner.core.db import Database
from tests.factories.marks import take
from tests.factories.stage import Stage

from .conftest import Site, assert_accessible, assert_targets


def test_receipt_when_typed_elsewhere_then_the_unpublished_mark_opens(
    site: Site, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        made = take(session, stage.here, reason="只有我和工作人员看得到")
    page = site.open("/r")
    page.fill("[name=code]", made.receipt_code.lower().replace("-", " "))
    page.click("main button.main")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".said").first).to_have_text("只有我和工作人员看得到")
    expect(page.locator("#own")).to_contain_text("这是您的意见")
    page.wait_for_selector("body[data-ready]")
    assert_accessible(page)
    assert_targets(page, 44)
    scanned = site.open(f"/r/{made.receipt_code}")
    expect(scanned.locator(".said").first).to_have_text("只有我和工作人员看得到")
    stranger = site.open(f"/n/here/marks/{made.mark.code}")
    expect(stranger.locator("h1")).to_contain_text("没有找到")


def test_receipt_when_wrong_then_said_beside_the_field(site: Site, stage: Stage) -> None:
    page = site.open("/r")
    page.fill("[name=code]", "12345")
    page.click("main button.main")
    expect(page.locator(".field.wrong .error")).to_contain_text("没有找到这个回执码")
    expect(page.locator("[name=code]")).to_have_value("12345")
    assert_accessible(page)
