"""One's own account by page, on both databases."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from planner.accounts import queries
from planner.accounts.models import (
    Consent,
    Person,
)
from planner.accounts.terms import DesignerTier, UnitDuty
from planner.core.actor import Role
from tests.factories.accounts import (
    make_appointment,
    make_grant,
    make_member,
    make_person,
    make_seat,
)
from tests.factories.web import PASSWORD, give_password


def token_of(page: str) -> str:
    return re.search(r'class="receipt">([^<]+)<', page)[1]


def test_token_when_made_then_shown_once_and_opens_the_interface_only(desk):
    client = desk.as_(desk.clerk)
    made = client.post("/me/tokens", data={"label": "QGIS", "days": "30"})
    assert made.status_code == 200
    token = token_of(made.text)
    assert token not in client.get("/me").text
    script = desk.as_(None)
    bearer = {"Authorization": f"Bearer {token}"}
    assert script.get("/api/v1/neighborhoods/here/marks", headers=bearer).status_code == 200
    assert script.get("/n/here/tray", headers=bearer).status_code == 303, "no pages by token"
    assert script.get("/me", headers=bearer).status_code == 303
    assert script.post("/me/end-sessions", headers=bearer).status_code == 401
    false = {"Authorization": "Bearer nonsense"}
    assert script.get("/api/v1/neighborhoods/here/marks", headers=false).status_code == 401
    token_id = re.search(r"/me/tokens/(\d+)/revoke", client.get("/me").text)[1]
    other = desk.as_(desk.admin)
    assert other.post(f"/me/tokens/{token_id}/revoke").status_code == 404
    assert client.post(f"/me/tokens/{token_id}/revoke").status_code == 303
    assert script.get("/api/v1/neighborhoods/here/marks", headers=bearer).status_code == 401


@pytest.mark.parametrize("typed", [{"label": "", "days": "9"}, {"label": "x", "days": "0"}])
def test_token_when_badly_asked_for_then_said(desk, typed):
    assert desk.as_(desk.clerk).post("/me/tokens", data=typed).status_code == 422


def test_contact_when_kept_then_only_own_and_when_emptied_forgotten(desk):
    client = desk.as_(desk.clerk)
    kept = {"phone": "138 0000 1111", "email": "zhou@example.org"}
    assert client.post("/me/contact", data=kept).status_code == 303
    assert "13800001111" in client.get("/me").text
    for page in ("/n/here/people", "/n/here/units", "/n/here/designers"):
        assert "13800001111" not in desk.as_(desk.admin).get(page).text
    assert "电话号码写得不对" in client.post("/me/contact", data={"phone": "call me"}).text
    client.post("/me/contact", data={"phone": "", "email": ""})
    assert "13800001111" not in client.get("/me").text


def test_consent_when_given_and_withdrawn_then_each_is_a_row(desk):
    client = desk.as_(desk.clerk)
    assert (
        "checked" not in re.search(r"<input[^>]*name=\"contact\"[^>]*>", client.get("/me").text)[0]
    )
    for given in ({"contact": "yes"}, {"contact": "yes"}, {}):
        client.post("/me/consents", data=given)
    with desk.database.read() as session:
        rows = session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [row.is_given for row in rows] == [True, False]


def test_password_when_changed_then_other_sessions_end_and_this_one_goes_on(desk):
    give_password(desk.app, desk.clerk)
    client, elsewhere = desk.as_(desk.clerk), desk.as_(desk.clerk)
    wrong = {"old": "not-it-at-all", "password": "long-enough-1"}
    assert "当前密码不对" in client.post("/me/password", data=wrong).text
    short = client.post("/me/password", data={"old": PASSWORD, "password": "short"})
    assert short.status_code == 422
    done = client.post("/me/password", data={"old": PASSWORD, "password": "long-enough-1"})
    assert done.status_code == 303
    assert client.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 303


def test_all_sessions_when_ended_then_this_one_too(desk):
    client, elsewhere = desk.as_(desk.clerk), desk.as_(desk.clerk)
    assert client.post("/me/end-sessions").status_code == 303
    assert client.get("/me").status_code == 303
    assert elsewhere.get("/me").status_code == 303


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/me/end-sessions", {}),
        ("/me/password", {"old": PASSWORD, "password": "long-enough-1"}),
    ],
)
def test_sessions_when_ended_or_password_changed_then_tokens_end_too(desk, address, form):
    give_password(desk.app, desk.clerk)
    client, script = desk.as_(desk.clerk), desk.as_(None)
    token = token_of(client.post("/me/tokens", data={"label": "QGIS", "days": "30"}).text)
    bearer = {"Authorization": f"Bearer {token}"}
    assert script.get("/api/v1/neighborhoods/here/marks", headers=bearer).status_code == 200
    assert client.post(address, data=form).status_code == 303
    assert script.get("/api/v1/neighborhoods/here/marks", headers=bearer).status_code == 401


def test_own_data_when_asked_for_then_complete_and_without_secrets(desk):
    holder = desk.stage.holders["street-1"].person_id
    give_password(desk.app, holder)
    client = desk.as_(holder)
    client.post("/me/contact", data={"phone": "13800001111", "email": ""})
    token = token_of(client.post("/me/tokens", data={"label": "脚本", "days": "5"}).text)
    answer = client.get("/me/data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    known = json.loads(answer.data)
    assert known["contact"]["phone"] == "13800001111"
    assert known["seats"][0]["seat"] == "street-1"
    assert known["tokens"][0]["label"] == "脚本"
    assert {"person.contact", "token.create"} <= {deed["verb"] for deed in known["deeds"]}
    for secret in (token, "argon2", "hash"):
        assert secret not in answer.text


def test_account_when_deleted_then_names_are_gone_and_deeds_stay(desk):
    login = give_password(desk.app, desk.person("gu").id)
    person_id = desk.person("gu").id
    client = desk.as_(person_id)
    client.post("/me/contact", data={"phone": "13800001111", "email": ""})
    assert client.post("/me/erase", data={"erase_password": PASSWORD}).status_code == 422
    unsure = client.post("/me/erase", data={"sure": "yes", "erase_password": "wrong"})
    assert "当前密码不对" in unsure.text
    gone = client.post("/me/erase", data={"sure": "yes", "erase_password": PASSWORD})
    assert gone.status_code == 303
    assert client.get("/me").status_code == 303
    assert desk.person(login) is None
    with desk.database.read() as session:
        row = session.get_one(Person, person_id)
        assert (row.name, row.password_hash) == ("", None)
        assert queries.contact_of(session, person_id) is None


@pytest.mark.parametrize("what", ["seat", "role", "duty"])
def test_account_when_still_in_office_then_handing_over_comes_first(desk, what):
    with desk.database.write() as session:
        person = make_person(session)
        person_id = person.id
        if what == "seat":
            make_appointment(
                session, make_seat(session, desk.stage.here, DesignerTier.STREET, 7), person
            )
        elif what == "role":
            make_grant(session, person, Role.EXPERT, desk.stage.here)
        else:
            person_id = make_member(session, desk.stage.office, UnitDuty.CHECK).person_id
    give_password(desk.app, person_id)
    refused = desk.as_(person_id).post(
        "/me/erase", data={"sure": "yes", "erase_password": PASSWORD}
    )
    assert refused.status_code == 409
    assert "先由管理员办理移交" in refused.text
