"""Seats, absences, remits and rosters by page, on both databases."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from planner.accounts import actions, queries
from planner.accounts.models import (
    Absence,
    Appointment,
    Person,
    Remit,
    SeatNumber,
)
from planner.accounts.terms import QUALIFIES, AppointmentKind, DesignerTier
from planner.core.actor import SYSTEM, ScopeKind
from tests.conftest import NOW
from tests.factories.accounts import (
    TODAY,
    make_appointment,
    make_person,
    make_seat,
)


def test_roster_when_read_by_anybody_then_seats_remits_and_vacancies_but_no_person(desk):
    colleague = desk.stage.holders["community-1"]
    for person in (None, colleague.person_id):
        client = desk.as_(person)
        for address in ("/n/here/designers", "/n/here/designers/community-3"):
            page = client.get(address).text
            assert "第3网格" in page
            assert set(re.findall(r"某人\d+", page)) <= {colleague.name}, "the own name in the head"
        assert "空缺" in client.get("/n/here/designers").text
    assert len(set(re.findall(r"某人\d+", desk.as_(desk.clerk).get("/n/here/designers").text))) > 5


def test_ninth_street_seat_by_page_then_refused_until_the_number_is_changed_with_a_reason(desk):
    client = desk.as_(desk.clerk)
    seat = {"tier": "street", "number": "9"}
    refused = client.post("/n/here/designers/add", data=seat)
    assert refused.status_code == 409
    assert "这一级只设 8 个席位" in refused.text
    empty = client.post("/n/here/designers/number", data={**seat, "reason": ""})
    assert empty.status_code == 422
    assert desk.count(SeatNumber) == 0
    reason = {**seat, "reason": "新增滨水片区，需要一席"}
    assert client.post("/n/here/designers/number", data=reason).status_code == 303
    assert client.post("/n/here/designers/add", data=seat).status_code == 303
    appointed = {"login": "gu", "kind": "holder", "qualification": "deputy_or_delegate"}
    assert client.post("/n/here/designers/street-9/appoint", data=appointed).status_code == 303
    lowered = client.post(
        "/n/here/designers/number", data={**seat, "number": "8", "reason": "缩减一席"}
    )
    assert lowered.status_code == 409
    assert "还有人" in lowered.text


def test_appointment_by_page_when_qualified_then_acts_and_when_not_then_said(desk):
    client = desk.as_(desk.clerk)
    address = "/n/here/designers/community-4/appoint"
    typed = {"login": "gu", "kind": "holder", "qualification": "professional"}
    wrong = client.post(address, data=typed)
    assert wrong.status_code == 422
    assert "身份不符" in wrong.text
    assert 'value="gu"' in wrong.text
    unknown = client.post(address, data={**typed, "login": "nobody"})
    assert "没有这个用户名" in unknown.text
    assert client.post(address, data={**typed, "qualification": "resident"}).status_code == 303
    taken = client.post(address, data={**typed, "qualification": "resident"})
    assert taken.status_code == 409
    assert "已有人" in taken.text
    assert desk.as_(desk.person("gu").id).get("/n/here/tray").status_code == 200


def made_appointment(desk, code):
    with desk.database.read() as session:
        return session.scalars(
            select(Appointment).filter_by(seat_id=desk.stage.seats[code].id)
        ).first()


def test_holder_away_then_the_substitute_acts_and_after_the_return_the_holder(desk):
    made = made_appointment(desk, "community-3")
    with desk.database.write() as session:
        substitute = make_person(session)
        make_appointment(
            session, desk.stage.seats["community-3"], substitute, kind=AppointmentKind.SUBSTITUTE
        )
        substitute_id = substitute.id
    holder, other = desk.as_(made.person_id), desk.as_(substitute_id)
    assert other.get("/n/here/tray").status_code == 404
    span = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=7)).isoformat()}
    assert holder.post(f"/me/seats/{made.id}/absence", data=span).status_code == 303
    assert other.get("/n/here/tray").status_code == 200
    assert "代理中" in desk.as_(None).get("/n/here/designers/community-3").text
    with desk.database.read() as session:
        away = session.scalars(select(Absence)).one()
    assert holder.post(f"/me/seats/{made.id}/absence/{away.id}/end").status_code == 303
    assert other.get("/n/here/tray").status_code == 404


def test_absence_when_the_dates_are_wrong_or_it_is_anothers_then_refused(desk):
    made = made_appointment(desk, "community-3")
    holder = desk.as_(made.person_id)
    address = f"/me/seats/{made.id}/absence"
    turned = {"starts_on": "2026-10-08", "ends_on": "2026-10-01"}
    assert "结束日期要晚于开始日期" in holder.post(address, data=turned).text
    assert "请填写日期" in holder.post(address, data={"starts_on": "soon"}).text
    other = desk.as_(desk.stage.holders["community-1"].person_id)
    assert other.post(address, data=turned).status_code == 404


def test_appointment_ended_by_page_then_the_seat_is_vacant(desk):
    made = made_appointment(desk, "street-1")
    client = desk.as_(desk.clerk)
    address = f"/n/here/designers/street-1/appointments/{made.id}/end"
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "任期届满"}).status_code == 303
    assert desk.as_(made.person_id).get("/n/here/tray").status_code == 404
    assert client.post(address, data={"reason": "再次"}).status_code == 409
    foreign = address.replace("street-1/", "street-2/")
    assert client.post(foreign, data={"reason": "任期届满"}).status_code == 404


def test_remits_when_changed_by_page_then_published_and_bad_ones_refused(desk):
    client = desk.as_(desk.clerk)
    address = "/n/here/designers/street-1/remits"
    assert client.get(address).status_code == 200
    two = {"topic": ["public_topic:parking", "any:", ""], "area": ["grid:2", "community:c1", ""]}
    assert client.post(address, data=two).status_code == 303
    assert "停车 · 第2网格" in desk.as_(None).get("/n/here/designers/street-1").text
    before = desk.count(Remit)
    for topic, area in (("topic:NOPE", "whole:"), ("any:", "grid:99"), ("any:", ""), ("x", "y")):
        refused = client.post(address, data={"topic": topic, "area": area})
        assert refused.status_code == 422
    assert desk.count(Remit) == before


def test_title_when_set_then_shown_and_escaped(desk):
    client = desk.as_(desk.clerk)
    hostile = "<img src=x onerror=alert(1)>"
    done = client.post("/n/here/designers/street-1/title", data={"title": hostile})
    assert done.status_code == 303
    page = desk.as_(None).get("/n/here/designers").text
    assert hostile not in page
    assert "&lt;img" in page


ROSTER = """席位,用户名,姓名,身份,起始日期
community-4,he,<b>何</b>,居民,2026-09-01
street-8,tang,唐代表,人大代表或单位代表,2026-09-01
"""


def upload(client, text: str):
    file = (io.BytesIO(text.encode("utf-8-sig")), "roster.csv")
    return client.post("/n/here/roster", data={"file": file})


def test_roster_file_when_previewed_then_nothing_stored_and_when_confirmed_all(desk):
    client, before = desk.as_(desk.clerk), desk.count(Person)
    preview = upload(client, ROSTER)
    assert preview.status_code == 200
    assert "<b>何</b>" not in preview.text
    assert desk.count(Person) == before
    done = client.post("/n/here/roster", data={"text": ROSTER, "sure": "yes"})
    assert done.status_code == 303
    assert desk.count(Person) == before + 2


def test_roster_file_when_a_line_is_wrong_then_named_and_nothing_stored(desk):
    client, before = desk.as_(desk.clerk), desk.count(Person)
    wrong = ROSTER + "community-3,wu,吴,居民,2026-09-01\nstreet-9,qi,齐,居民,2026-09-01\n"
    for answer in (
        upload(client, wrong),
        client.post("/n/here/roster", data={"text": wrong, "sure": "yes"}),
    ):
        assert answer.status_code == 422
        assert "这个席位在这段时间已有人" in answer.text
        assert "这一级只设 8 个席位" in answer.text
    assert desk.count(Person) == before
    assert client.post("/n/here/roster", data={}).status_code == 422


@pytest.mark.parametrize(
    ("day", "acting"),
    [
        (date(2026, 9, 20), []),
        (date(2026, 9, 21), ["holder"]),
        (date(2026, 9, 25), ["holder", "substitute"]),
        (date(2026, 9, 27), ["holder"]),
        (date(2026, 10, 1), ["substitute"]),
    ],
)
def test_seat_by_dates_then_the_substitute_acts_only_without_or_instead_of_the_holder(
    desk, day, acting
):
    with desk.database.write() as session:
        seat = make_seat(session, desk.stage.here, DesignerTier.STREET, 6)
        holder, substitute = make_person(session), make_person(session)
        given = {"session": session, "actor": SYSTEM, "now": NOW}
        fit = {"seat": seat, "qualification": QUALIFIES[seat.tier], "starts_on": date(2026, 9, 21)}
        made = actions.appoint(**given, **fit, person=holder, planned_until=date(2026, 10, 1))
        actions.appoint(**given, **fit, person=substitute, kind=AppointmentKind.SUBSTITUTE)
        away = {"starts_on": date(2026, 9, 24), "ends_on": date(2026, 9, 27)}
        actions.note_absence(**given, appointment=made, **away)
        found = [
            name
            for name, person in (("holder", holder), ("substitute", substitute))
            if queries.actor_for(session, person, day).scope_ids(ScopeKind.SEAT)
        ]
        assert found == acting
        assert queries.staffing(session, [seat.id], day)[seat.id].is_staffed is bool(acting)
