"""The office uploads a map file in a real browser: the card finds out by itself when it was read."""

from __future__ import annotations

import pytest
from shapely import MultiLineString

from planner.core.actor import Role
from planner.places import jobs
from tests.factories import mapfiles
from tests.factories.accounts import make_staff
from tests.factories.places import make_neighborhood
from tests.factories.web import PASSWORD, give_password
from tests.places.test_importing import MAP, halves, take

from .conftest import DESK, PHONE, Site, assert_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def clerk(app, database) -> str:
    """Login name of the office of `here`."""
    with database.write() as session:
        here = make_neighborhood(session)
        number = make_staff(session, Role.STREET_OFFICE, here).person_id
    return give_password(app, number)


def signed_in(site: Site, login: str, path: str, size=DESK):
    page = site.open("/sign-in", size=size)
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.main")
    page.goto(site.url + path)
    return page


def read_all(site: Site) -> None:
    services = site.app.extensions["planner"]
    while jobs.read_waiting(services.database, services.settings, services.clock()):
        pass


def test_upload_when_read_then_the_page_shows_it_without_reloading(site, clerk, tmp_path):
    path = mapfiles.geojson(tmp_path / "底图.geojson", MAP)
    page = signed_in(site, clerk, "/n/here/places")
    page.set_input_files("[name=file]", str(path))
    page.click("text=上传并检查")
    page.wait_for_selector("text=等待读取")
    assert_accessible(page)
    read_all(site)
    page.wait_for_selector("svg.import-map")
    assert_accessible(page)
    page.click("button:has-text('采用')")
    page.wait_for_selector("text=已采用 2 个图形")
    assert_accessible(page)


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/n/here/places?elder=1", "/n/here/places/names?elder=1"])
def test_pages_when_in_the_elder_view_then_accessible_and_no_wider_than_the_screen(
    site, clerk, path, size
):
    page = signed_in(site, clerk, path, size)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_grid_when_looked_at_then_its_numbers_stand_in_the_cells(site, clerk, tmp_path):
    path = mapfiles.geojson(tmp_path / "grid.geojson", halves())
    page = signed_in(site, clerk, "/n/here/places", PHONE)
    page.set_input_files("[name=file]", str(path))
    page.select_option("[name=target]", "grid")
    page.click("summary:has-text('更多选项')")
    page.fill("[name=reason]", "两格更合适")
    page.click("text=上传并检查")
    read_all(site)
    page.wait_for_selector("svg.import-map text")
    assert page.locator("svg.import-map text").all_text_contents() == ["1", "2"]


def test_names_when_a_street_comes_in_pieces_then_still_written_on_the_map(site, stage, database):
    west, _, east, north = MAP[0][0].bounds
    lane = MAP[1][0].coords
    pieces = MultiLineString([lane, [(west, north), (east, north)]])
    with database.write() as session:
        take(session, stage.here, [(pieces, {"highway": "residential", "name": "断续路"})])
    page = site.open("/n/here/", size=DESK)
    page.wait_for_selector("body[data-ready]")
    assert page.locator(".map-label").first.inner_text() == "断续路"
