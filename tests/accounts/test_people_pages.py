"""People and units by page, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from planner.accounts import queries
from planner.accounts.models import (
    HandlingUnit,
    Person,
    RoleGrant,
)
from planner.core.actor import Role
from planner.places.terms import IssuingChain
from tests.factories.accounts import (
    TODAY,
    make_grant,
    make_person,
)


def test_account_when_created_by_page_then_can_sign_in_with_the_role(desk):
    client = desk.as_(desk.admin)
    typed = {
        "name": "新来的",
        "login": "newcomer",
        "password": "long-enough-1",
        "role": "moderator",
    }
    assert client.post("/n/here/people", data=typed).status_code == 303
    assert "新来的" in client.get("/n/here/people").text
    fresh = desk.as_(None)
    signed = fresh.post("/sign-in", data={"login": "newcomer", "password": "long-enough-1"})
    assert signed.status_code == 303
    assert fresh.get("/n/here/queue").status_code == 200
    assert fresh.get("/n/here/people").status_code == 403


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short"}, "密码至少 8 位"),
        ({"password": "password"}, "太常见"),
        ({"login": "a b"}, "不含空格"),
        ({"login": "ＡＤＭＩＮ"}, "已经有人用了"),
        ({"name": ""}, "请填写这一项"),
        ({"name": "a\u202eb"}, "含有无法保存的字符"),
        ({"role": "designer"}, "随聘任而来"),
        ({"role": "king"}, "请从列表中选择"),
        ({"ends_on": "2020-01-01"}, "结束日期要晚于开始日期"),
    ],
)
def test_account_when_a_field_is_wrong_then_said_beside_it_and_typed_words_stay(
    desk, change, words
):
    typed = {"name": "新来的", "login": "nova", "password": "long-enough-1", "role": "moderator"}
    before = desk.count(Person)
    answer = desk.as_(desk.admin).post("/n/here/people", data=typed | change)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert desk.count(Person) == before
    if "login" not in change:
        assert 'value="nova"' in answer.text


def test_role_when_ended_then_gone_with_the_next_request(desk):
    client, moderator = desk.as_(desk.admin), desk.person("gu")
    given = client.post("/n/here/people/grants", data={"login": "gu", "role": "moderator"})
    assert given.status_code == 303
    theirs = desk.as_(moderator.id)
    assert theirs.get("/n/here/queue").status_code == 200
    with desk.database.read() as session:
        grant = session.scalars(select(RoleGrant).filter_by(person_id=moderator.id)).one()
    assert client.post(f"/n/here/people/grants/{grant.id}/end").status_code == 303
    assert theirs.get("/n/here/queue").status_code == 404


def test_people_when_managed_by_the_street_office_then_403(desk):
    client = desk.as_(desk.clerk)
    assert client.get("/n/here/people").status_code == 403
    assert client.get("/n/here/units").status_code == 403
    assert client.post("/n/here/people/grants", data={}).status_code == 403


def test_neighborhoods_administrator_when_making_administrators_then_refused(desk):
    with desk.database.write() as session:
        local = make_person(session)
        make_grant(session, local, Role.ADMIN, desk.stage.here)
        local_id = local.id
    client = desk.as_(local_id)
    answer = client.post("/n/here/people/grants", data={"login": "gu", "role": "admin"})
    assert answer.status_code == 403
    gu = desk.person("gu")
    with desk.database.read() as session:
        uuid = session.get_one(Person, desk.clerk).uuid
    for verb in ("password", "disable"):
        data = {"password": "long-enough-1"}
        assert client.post(f"/n/here/people/{uuid}/{verb}", data=data).status_code == 403
        assert client.post(f"/n/here/people/{gu.uuid}/{verb}", data=data).status_code == 404


def test_password_and_account_when_reset_and_closed_by_the_administrator(desk):
    with desk.database.read() as session:
        uuid = session.get_one(Person, desk.clerk).uuid
    client, theirs = desk.as_(desk.admin), desk.as_(desk.clerk)
    data = {"password": "long-enough-1"}
    assert client.post(f"/n/here/people/{uuid}/password", data=data).status_code == 303
    assert theirs.get("/me").status_code == 303, "their sessions end"
    theirs = desk.as_(desk.clerk)
    assert client.post(f"/n/here/people/{uuid}/disable").status_code == 303
    assert theirs.get("/me").status_code == 303


def test_administrator_when_closing_the_own_account_then_refused(desk):
    with desk.database.write() as session:
        person = session.get_one(Person, desk.admin)
        make_grant(session, person, Role.MODERATOR, desk.stage.here)
        uuid = person.uuid
    answer = desk.as_(desk.admin).post(f"/n/here/people/{uuid}/disable")
    assert answer.status_code == 422


def test_unit_when_created_renamed_chained_staffed_and_retired_by_page(desk):
    client = desk.as_(desk.admin)
    typed = {
        "name": "市政维护队",
        "code": "repair",
        "level": "subdistrict",
        "chain": "none",
        "can_decide": "yes",
    }
    assert client.post("/n/here/units", data=typed).status_code == 303
    with desk.database.read() as session:
        unit = session.scalars(select(HandlingUnit).filter_by(code="repair")).one()
    change = {"name": "道路维护队", "chain": "three_steps"}
    assert client.post(f"/n/here/units/{unit.id}", data=change).status_code == 303
    member = {"login": "gu", "duty": "draft"}
    assert client.post(f"/n/here/units/{unit.id}/members", data=member).status_code == 303
    page = client.get("/n/here/units").text
    assert "道路维护队" in page
    assert "顾工" in page
    with desk.database.read() as session:
        held = session.scalars(select(HandlingUnit).filter_by(code="repair")).one()
        assert held.issuing_chain is IssuingChain.THREE_STEPS
        actor = queries.actor_for(session, queries.person_by_key(session, "gu"), TODAY)
        assert actor.scope_ids(actor.grants[0].scope_kind) == {unit.id}
        ((row, _),) = queries.members(session, desk.stage.here.id, TODAY)[unit.id]
    assert client.post(f"/n/here/units/{unit.id}/members/{row.id}/end").status_code == 303
    assert client.post(f"/n/here/units/{unit.id}/retire").status_code == 303
    refused = client.post(f"/n/here/units/{unit.id}/members", data=member)
    assert refused.status_code == 409
    assert "这个单位已停用" in refused.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "Bad Code"}, "代码只能用小写字母"),
        ({"community": "elsewhere"}, "请从列表中选择"),
        ({"name": ""}, "请填写这一项"),
    ],
)
def test_unit_when_a_field_is_wrong_then_refused(desk, typed, words):
    good = {"name": "维护队", "code": "repair", "level": "subdistrict", "chain": "none"}
    answer = desk.as_(desk.admin).post("/n/here/units", data=good | typed)
    assert answer.status_code == 422
    assert words in answer.text
