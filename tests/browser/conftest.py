"""A real server and a real Chromium; every page is watched for foreign requests and CSP violations."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from planner.core.db import Database
from tests.factories.places import make_named_place
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import PASSWORD, give_password, set_clock

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium_path() -> str:
    """Debian's Chromium, or whatever PLANNER_TEST_CHROMIUM names."""
    found = os.environ.get("PLANNER_TEST_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield running
    running.close()


@dataclass
class Site:
    """A running installation and the pages opened on it."""

    url: str
    app: Flask
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def open(self, path: str, *, size: dict[str, int] | None = None, script: bool = True) -> Page:
        """A fresh browser profile at this path."""
        page = self.profile(size=size, script=script).new_page()
        self.watch(page)
        page.goto(self.url + path)
        return page

    def profile(
        self,
        *,
        size: dict[str, int] | None = None,
        script: bool = True,
        service_workers: Literal["allow", "block"] = "allow",
    ) -> BrowserContext:
        """A fresh browser profile; what it keeps outlives its pages."""
        context = self.browser.new_context(
            viewport=size or PHONE,  # type: ignore[arg-type]
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers=service_workers,
        )
        self.contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("request", self._watch_request)
        return context

    def watch(self, page: Page) -> None:
        """Let errors and violations of a page fail the test."""
        page.on("console", self._watch_console)
        page.on("pageerror", lambda error: self.violations.append(f"error: {error}"))

    def _watch_request(self, request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def _watch_console(self, message) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.violations.append(message.text)


@pytest.fixture
def site(app: Flask, browser: Browser) -> Iterator[Site]:
    """The application of the test served on a free port; ends with no foreign request, no violation."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    running = Site(f"http://127.0.0.1:{server.server_port}", app, browser)
    yield running
    for context in running.contexts:
        context.close()
    server.shutdown()
    thread.join(5)
    server.server_close()
    assert running.foreign == []
    assert running.violations == []


def assert_accessible(page: Page) -> None:
    """axe finds nothing by the WCAG 2.2 AA rules."""
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    found = [
        f"{v['id']}: {v['help']} -> {[n['target'] for n in v['nodes']][:3]}"
        for v in result.response["violations"]
    ]
    assert found == []


@pytest.fixture
def stage(app: Flask, database: Database) -> Stage:
    """A neighborhood ready to route, with names to search and the clock of every test."""
    set_clock(app)
    with database.write() as session:
        made = make_stage(session)
        make_named_place(session, made.here, "槐荫巷中段", *SPOTS[3], aliases="巷子")
        make_named_place(session, made.here, "百步广场", *SPOTS[2], kind="facility")
    return made


def sign_in(page: Page, app: Flask, person_id: int) -> None:
    """Sign somebody in by hand, through the page."""
    login = give_password(app, person_id)
    origin = page.evaluate("location.origin")
    page.goto(f"{origin}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.main")
    page.wait_for_url(lambda url: "/sign-in" not in url)


MEASURE = """(least) => {
  const seen = (el) => el.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true });
  const spared = ".skip, .leaflet-control-attribution a, p.said a, [tabindex='-1']";
  const pressed = "a[href], button, select, textarea, summary, input:not([type=hidden])";
  return [...document.querySelectorAll(pressed)]
    .filter((el) => seen(el) && !el.matches(spared))
    .map((el) => [el.outerHTML.slice(0, 90), el.getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`);
}"""


def assert_targets(page: Page, least: int) -> None:
    """Everything that can be pressed measures at least so many pixels both ways."""
    assert page.evaluate(MEASURE, least) == []
