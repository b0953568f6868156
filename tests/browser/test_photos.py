"""A photo in Chromium: chosen, made small, sent after its mark; covered by the moderator with the mouse."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.marks import actions
from planner.marks.models import Mark, Photo
from planner.marks.terms import MarkVerb
from tests.conftest import NOW
from tests.factories.photos import SPY, photo_bytes
from tests.factories.stage import Stage

from .conftest import DESK, Site, assert_accessible, assert_targets, sign_in


def send_with_photo(site: Site, tmp_path: Path, *, agreed: bool) -> Page:
    """A mark with one photo that carries position and camera, from the map."""
    photo = tmp_path / "IMG_0001.jpg"
    photo.write_bytes(photo_bytes(size=(2400, 1800), orientation=6))
    assert SPY in photo.read_bytes()
    page = site.open("/n/here/")
    page.wait_for_selector("body[data-ready]")
    page.click(".kind-card.dislike")
    page.get_by_label("乱停堵了路", exact=True).check()
    expect(page.locator("#photo-consent")).to_be_hidden()
    page.set_input_files("#photo-input", str(photo))
    expect(page.locator(".photo-tile img")).to_have_count(1)
    expect(page.locator("#photo-public")).not_to_be_checked()
    if agreed:
        page.check("#photo-public")
    return page


def the_photo(database: Database) -> tuple[str, Photo]:
    """The one photo, once it has arrived, with the code of its mark."""
    for _ in range(100):
        with database.read() as session:
            found = session.execute(
                select(Mark.code, Photo).join(Photo, Photo.mark_id == Mark.id)
            ).first()
        if found is not None:
            return found[0], found[1]
        time.sleep(0.1)
    raise AssertionError("no photo arrived")


def test_photo_when_chosen_and_sent_then_small_upright_and_without_metadata(
    site: Site, stage: Stage, database: Database, tmp_path: Path
) -> None:
    page = send_with_photo(site, tmp_path, agreed=True)
    assert_accessible(page)
    assert_targets(page, 44)
    with page.expect_request(re.compile(r"/photos/")) as asked:
        page.click("#submit")
    assert SPY not in (asked.value.post_data_buffer or b"")
    expect(page.locator("#step-thanks h1")).to_be_visible()
    code, photo = the_photo(database)
    assert (photo.width, photo.height, photo.is_public) == (1200, 1600, True)
    address = f"/n/here/marks/{code}/photos/{photo.uuid}/large.jpg"
    served = page.request.get(site.url + address).body()
    assert SPY not in served
    assert dict(Image.open(io.BytesIO(served)).getexif()) == {}
    stranger = site.open(f"/n/here/marks/{code}")
    assert stranger.request.get(site.url + address).status == 404
    with database.write() as session:
        mark = session.scalars(select(Mark)).one()
        actions.moderate(session, actor=SYSTEM, now=NOW, mark=mark, verb=MarkVerb.PUBLISH)
    stranger.reload()
    expect(stranger.locator(".photos img")).to_have_count(1)
    assert_accessible(stranger)
    with database.write() as session:
        mark = session.scalars(select(Mark)).one()
        actions.moderate(
            session, actor=SYSTEM, now=NOW, mark=mark, verb=MarkVerb.HIDE, reason="有人脸"
        )
    assert stranger.request.get(site.url + address).status == 404


def test_photo_when_taken_away_or_too_many_then_said_and_not_sent(
    site: Site, stage: Stage, tmp_path: Path
) -> None:
    page = send_with_photo(site, tmp_path, agreed=False)
    page.get_by_label("去掉第 1 张照片").click()
    expect(page.locator(".photo-tile")).to_have_count(0)
    several = []
    for number in range(5):
        several.append(tmp_path / f"{number}.jpg")
        several[-1].write_bytes(photo_bytes(size=(80, 60)))
    page.set_input_files("#photo-input", [str(each) for each in several])
    expect(page.locator(".photo-tile")).to_have_count(4)
    expect(page.locator("#error-photo")).to_contain_text("最多 4 张照片")
    expect(page.locator("#photo-add")).to_be_hidden()
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no photo")
    page.locator(".photo-tile button").last.click()
    page.set_input_files("#photo-input", str(bad))
    expect(page.locator("#error-photo")).to_contain_text("不是能识别的照片")


def test_cover_when_drawn_with_the_mouse_then_covered(
    site: Site, stage: Stage, database: Database, tmp_path: Path
) -> None:
    page = send_with_photo(site, tmp_path, agreed=True)
    page.click("#submit")
    code, photo = the_photo(database)
    desk = site.open("/sign-in", size=DESK)
    sign_in(desk, site.app, stage.clerk.person_id)
    desk.goto(f"{site.url}/n/here/queue/{code}/photos/{photo.uuid}")
    box = desk.locator("#cover-stage canvas").bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    desk.mouse.up()
    expect(desk.locator("[name=left-1]")).to_have_value(re.compile(r"^(19|20)$"))
    assert_accessible(desk)
    desk.get_by_role("button", name="遮住，原图不留").click()
    expect(desk.get_by_text("已遮盖一部分")).to_be_visible()
    _, covered = the_photo(database)
    assert covered.key != photo.key
