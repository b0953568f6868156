"""Hostile words in every field a resident can fill run nowhere, on no page, for no role."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from playwright.sync_api import Page

from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.marks.actions import add_words, moderate
from planner.marks.models import Mark
from planner.marks.terms import MarkVerb
from planner.places.models import Neighborhood
from tests.conftest import NOW
from tests.factories.marks import feature, make_mark, post, visitor
from tests.factories.stage import SPOTS, Stage

from .conftest import DESK, Site, sign_in

HOSTILE = [
    "<script>globalThis.ran = 1</script>",
    "</textarea></script><img src=x onerror='globalThis.ran = 1'>",
    "${globalThis.ran = 1} `${globalThis.ran = 1}`",
    "{{ 7 * 7 }} {% raw %} %(n)s",
    "\"'><svg onload=globalThis.ran=1> 停车问题",
    "javascript:globalThis.ran=1 停车问题",
]
REFUSED = ["\u202e反过来写的话\u202c", "\x00零字节的话", "铃\x07声的话"]
"""Bidi overrides and control characters are not taken in at all."""


@pytest.fixture
def marks(stage: Stage, database: Database) -> list[Mark]:
    """Each hostile text as a reason and as an addition; half of them wait for moderation."""
    with database.write() as session:
        made = []
        for i, words in enumerate(HOSTILE):
            mark = make_mark(
                session, stage.here, at=SPOTS[1 + i % 4], reason=words, published=False
            )
            add_words(session, actor=visitor(), now=NOW, mark=mark, words=words)
            if i % 2 == 0:
                moderate(session, actor=SYSTEM, now=NOW, mark=mark, verb=MarkVerb.PUBLISH)
            made.append(mark)
        return made


def assert_quiet(page: Page) -> None:
    """Nothing ran, and no text became an element."""
    assert page.evaluate("globalThis.ran") is None
    assert page.locator("img[src=x], svg[onload]").count() == 0


def visit(page: Page, site: Site, paths: list[str]) -> None:
    for path in paths:
        page.goto(site.url + path)
        page.wait_for_load_state("networkidle")
        assert_quiet(page)


def pages_of(marks: list[Mark]) -> list[str]:
    here = "/n/here"
    shown = [f"{here}/marks/{mark.code}" for mark in marks]
    hostile = HOSTILE[1].replace("/", "%2F").replace("<", "%3C").replace(">", "%3E")
    return [
        "/",
        f"{here}/",
        f"{here}/?q={hostile}",
        f"{here}/marks",
        f"{here}/marks?q={hostile}&since={hostile}",
        f"{here}/marks/new?kind={hostile}&reason={hostile}&poster={hostile}",
        f"{here}/mine",
        *shown,
    ]


def test_words_when_hostile_then_quiet_for_visitors(site: Site, marks: list[Mark]) -> None:
    page = site.open("/", size=DESK)
    visit(page, site, pages_of(marks))
    page.goto(f"{site.url}/n/here/marks/{marks[0].code}")
    assert page.locator(".said").first.inner_text() == HOSTILE[0]


@pytest.mark.parametrize("role", ["clerk", "designer", "drafter"])
def test_words_when_hostile_then_quiet_for_staff(
    site: Site, app: Flask, stage: Stage, marks: list[Mark], database: Database, role: str
) -> None:
    people = {
        "clerk": stage.clerk,
        "designer": stage.holders["community-1"],
        "drafter": stage.drafter,
    }
    with database.read() as session:
        cases = [session.get_one(Mark, mark.id).case.code for mark in marks]
    page = site.open("/", size=DESK)
    sign_in(page, app, people[role].person_id)
    paths = [*pages_of(marks)[1:7], "/n/here/tray"]
    paths += [f"/n/here/cases/{code}" for code in cases]
    if role == "clerk":
        paths += ["/n/here/queue", "/n/here/queue?show=published", "/n/here/unassigned"]
    visit(page, site, paths)


def test_words_when_hostile_then_shown_as_typed_on_card_and_receipt(
    site: Site, stage: Stage, database: Database
) -> None:
    page = site.open("/n/here/", size=DESK)
    page.wait_for_selector("body[data-ready]")
    page.click(".kind-card.dislike")
    page.get_by_label("乱停堵了路", exact=True).check()
    page.fill("#reason", HOSTILE[1])
    page.click("#submit")
    page.wait_for_selector("#step-thanks:not([hidden])")
    page.click("[data-go=again]:visible")
    page.wait_for_load_state("networkidle")
    spot = page.locator(".crosshair .spot").bounding_box()
    assert spot
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    page.wait_for_selector("#step-peek:not([hidden])")
    assert page.inner_text("#peek-words") == HOSTILE[1]
    assert_quiet(page)


@pytest.mark.parametrize("words", REFUSED)
def test_words_when_they_hide_their_direction_or_control_then_refused(
    app: Flask, stage: Stage, words: str
) -> None:
    answer = post(app.test_client(), json.loads(json.dumps(feature(reason=words))))
    assert answer.status_code in (400, 422)


def test_source_of_the_map_when_hostile_then_printed_as_words(
    site: Site, stage: Stage, database: Database
) -> None:
    with database.write() as session:
        here = session.get_one(Neighborhood, stage.here.id)
        here.settings = {"map_source": HOSTILE[1], "map_review_number": "苏S(2026)001号"}
    page = site.open("/n/here/")
    page.wait_for_selector("body[data-ready]")
    shown = page.inner_text(".leaflet-control-attribution")
    assert shown == f"Leaflet | {HOSTILE[1]} 苏S(2026)001号"
    assert_quiet(page)
