"""Takes the README's pictures from the real pages: a fresh demo, a real server, a real Chromium.

Run with `make pictures`. The files beside this one are overwritten.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from planner.accounts.models import Person
from planner.accounts.rules import hash_password
from planner.app import create_app
from planner.cli.seed import seed_demo
from planner.core import migrate
from planner.core.clock import utc_now
from planner.core.codes import receipt_code
from planner.core.db import Database
from planner.core.settings import Settings
from planner.marks.models import Mark
from planner.routing.models import Case, Opinion, Reply

HERE = Path(__file__).parent
PHONE, DESK = (390, 844), (1440, 900)
PASSWORD = "pictures-only-0"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


class Studio:
    """A seeded demo served on a free port, with a browser."""

    def __init__(self, place: Path, browser: Browser) -> None:
        url = f"sqlite:///{place / 'planner.sqlite'}"
        self.settings = Settings(
            data_dir=place,
            database_url=url,
            secret_key="k" * 40,
            receipt_key=b"r" * 32,
            storage_url=str(place / "photos"),
        )
        self.database = Database(url)
        self.browser = browser
        app = create_app(self.settings, self.database)
        migrate.upgrade(self.database)
        with self.database.write() as session:
            seed_demo(session, now=utc_now(), settings=self.settings)
            for person in session.scalars(select(Person)):
                person.password_hash = hash_password(PASSWORD) if person.login_key else None
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def page(self, size: tuple[int, int], path: str, login: str | None = None) -> Page:
        """A fresh profile at an address, signed in when a login is named."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", device_scale_factor=1.5
        )
        page = context.new_page()
        if login:
            page.goto(f"{self.url}/sign-in")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_load_state("networkidle")
        page.goto(self.url + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        return page

    def answered(self) -> tuple[str, str, str, str]:
        """Receipt, mark code, case code and seat of a mark with opinion and reply."""
        with self.database.read() as session:
            mark, case = session.execute(
                select(Mark, Case)
                .join(Case, Case.id == Mark.case_id)
                .join(Opinion, Opinion.case_id == Case.id)
                .join(Reply, Reply.case_id == Case.id)
                .order_by(Mark.id)
            ).first() or (None, None)
            assert mark is not None and case is not None and case.seat is not None
            receipt = receipt_code(self.settings.receipt_key, mark.uuid)
            return receipt, mark.code, case.code, case.seat.code


def take(studio: Studio) -> None:
    """Every picture."""
    receipt, _, case, seat = studio.answered()
    demo = "/n/tianjin-xincun"
    shots = [
        ("start-phone", PHONE, "/", None),
        ("mark-phone", PHONE, f"{demo}/", None),
        ("mark-elder", PHONE, f"{demo}/?elder=1", None),
        ("mark-desk", DESK, f"{demo}/", None),
        ("receipt-phone", PHONE, f"/r/{receipt}", None),
        ("list-desk", DESK, f"{demo}/marks", None),
        ("tray-desk", DESK, f"{demo}/tray", "community-3"),
        ("case-desk", DESK, f"{demo}/cases/{case}", seat),
        ("seats-desk", DESK, f"{demo}/designers", "office"),
    ]
    for name, size, path, login in shots:
        page = studio.page(size, path, login)
        page.screenshot(path=str(HERE / f"{name}.png"))
        page.context.close()


def main() -> None:
    """Build the studio, take the pictures, clear up."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    place = Path(tempfile.mkdtemp(prefix="planner-pictures-"))
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        studio = Studio(place, browser)
        take(studio)
        browser.close()
        studio.server.shutdown()
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
