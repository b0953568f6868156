"""Addresses nobody was given: rows that no database can number, digits of other scripts, made-up receipts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.app import create_app
from planner.core.db import Database
from planner.core.limits import Limit
from planner.home.views import start
from tests.conftest import settings_for
from tests.factories.accounts import make_person
from tests.factories.stage import make_stage
from tests.factories.web import browser, set_clock


@pytest.fixture
def signed_in(app: Flask, database: Database) -> FlaskClient:
    set_clock(app)
    with database.write() as session:
        make_stage(session)
        person_id = make_person(session).id
    return browser(app, person_id)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30, "9" * 5_000, "²", "٣"])
def test_row_when_its_number_cannot_be_one_then_404(signed_in: FlaskClient, number: object) -> None:
    assert signed_in.post(f"/me/tokens/{number}/revoke").status_code == 404


@pytest.mark.parametrize("code", ["street-²", "street-٣", "street-99999"])
def test_seat_when_its_number_is_none_of_ours_then_404(signed_in: FlaskClient, code: str) -> None:
    assert signed_in.get(f"/n/here/designers/{code}").status_code == 404


@pytest.mark.parametrize("days", ["²", "٣", "1e1", "-1"])
def test_number_field_when_not_plain_digits_then_said_beside_it(
    signed_in: FlaskClient, days: str
) -> None:
    answer = signed_in.post("/me/tokens", data={"label": "脚本", "days": days})
    assert answer.status_code == 422
    assert "请填写数字" in answer.text


@pytest.mark.parametrize("receipt", ["字" * 900, "hello", "abcde12345fghjk"])
def test_qr_when_the_text_is_no_receipt_then_404(signed_in: FlaskClient, receipt: str) -> None:
    assert signed_in.get(f"/n/here/thanks/{receipt}/qr.svg").status_code == 404


def test_receipt_when_guessed_with_a_new_cookie_each_time_then_too_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(app)
    monkeypatch.setattr(start, "TRIES_OF_ADDRESS", Limit("receipt-address", 3, 600))
    answers = [
        app.test_client().post("/r", data={"code": "ABCDE-12345-FGHJK"}).status_code
        for _ in range(5)
    ]
    assert answers == [404, 404, 404, 429, 429]


@pytest.mark.parametrize("path", ["/", "/n/here/marks", "/api/v1/neighborhoods", "/nothing"])
def test_host_when_not_ours_then_400_with_the_headers_and_nothing_of_the_page(
    database: Database, tmp_path: Path, path: str
) -> None:
    settings = replace(settings_for(database.url, tmp_path), hosts=("ours.example",))
    client = create_app(settings, database).test_client()
    refused = client.get(path, base_url="http://evil.example")
    assert (refused.status_code, refused.mimetype) == (400, "text/plain")
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert "evil" not in refused.text
    assert client.get("/", base_url="http://ours.example").status_code == 200
