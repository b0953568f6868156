from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from planner.accounts import actions, queries
from planner.accounts.terms import QUALIFIES, AppointmentKind, DesignerTier, Qualification, UnitDuty
from planner.core.actor import SYSTEM, Role, ScopeKind
from planner.core.errors import Conflict, Invalid, NotAllowed
from tests.conftest import NOW
from tests.factories.accounts import (
    TODAY,
    make_appointment,
    make_grant,
    make_member,
    make_person,
    make_seat,
    make_staff,
    make_unit,
)
from tests.factories.places import make_neighborhood

STREET, COMMUNITY, TOTAL = DesignerTier.STREET, DesignerTier.COMMUNITY, DesignerTier.TOTAL


def add(session, here, tier, number, actor=SYSTEM):
    return actions.add_seat(
        session, actor=actor, now=NOW, neighborhood_id=here.id, tier=tier, number=number
    )


def test_seats_when_the_roster_is_entered_then_1_8_12(session):
    here = make_neighborhood(session)
    for tier, number in ((TOTAL, 1), (STREET, 8), (COMMUNITY, 12)):
        for each in range(1, number + 1):
            add(session, here, tier, each)
    assert len(queries.seats(session, here.id)) == 21


def test_ninth_street_seat_when_the_number_is_unchanged_then_refused(session):
    here = make_neighborhood(session)
    with pytest.raises(Conflict) as caught:
        add(session, here, STREET, 9)
    assert caught.value.code == "seat_number_exceeded"
    change = {"actor": SYSTEM, "now": NOW, "neighborhood_id": here.id, "tier": STREET, "number": 9}
    with pytest.raises(Invalid):
        actions.set_seat_number(session, reason="", **change)
    actions.set_seat_number(session, reason="新增滨水片区，需要一席", **change)
    assert add(session, here, STREET, 9).code == "street-9"


def test_seat_number_when_lowered_below_an_occupied_seat_then_refused(session):
    here = make_neighborhood(session)
    make_appointment(session, add(session, here, STREET, 8))
    with pytest.raises(Conflict):
        actions.set_seat_number(
            session,
            actor=SYSTEM,
            now=NOW,
            neighborhood_id=here.id,
            tier=STREET,
            number=7,
            reason="缩减一席",
        )


def appoint(session, seat, person, **over):
    values = {"qualification": QUALIFIES[seat.tier], "starts_on": TODAY, **over}
    return actions.appoint(session, actor=SYSTEM, now=NOW, seat=seat, person=person, **values)


def test_appointment_when_the_qualification_is_anothers_then_refused(session):
    seat = make_seat(session, make_neighborhood(session), STREET, 1)
    with pytest.raises(Invalid):
        appoint(session, seat, make_person(session), qualification=Qualification.RESIDENT)


def test_appointment_when_the_seat_is_taken_then_refused_and_after_its_end_accepted(session):
    seat = make_seat(session, make_neighborhood(session), STREET, 1)
    first = appoint(session, seat, make_person(session), starts_on=date(2026, 1, 1))
    with pytest.raises(Conflict):
        appoint(session, seat, make_person(session))
    actions.end_appointment(
        session, actor=SYSTEM, now=NOW, appointment=first, ended_on=TODAY, reason="任期届满"
    )
    session.expire_all()
    second = appoint(session, seat, make_person(session))
    assert queries.staffing(session, [seat.id], TODAY)[seat.id].holder_id == second.person_id
    assert (
        queries.staffing(session, [seat.id], date(2026, 3, 1))[seat.id].holder_id == first.person_id
    )
    with pytest.raises(Conflict):
        actions.end_appointment(
            session, actor=SYSTEM, now=NOW, appointment=first, ended_on=TODAY, reason="再次"
        )


def test_appointment_when_the_person_sits_elsewhere_then_refused(session):
    here = make_neighborhood(session)
    person = make_person(session)
    appoint(session, make_seat(session, here, STREET, 1), person)
    with pytest.raises(Conflict):
        appoint(session, make_seat(session, here, STREET, 2), person)


def test_appointment_when_changed_behind_our_back_then_the_database_refuses(session):
    made = appoint(
        session, make_seat(session, make_neighborhood(session), STREET, 1), make_person(session)
    )
    session.commit()
    for statement in (
        "UPDATE accounts_appointment SET reason = 'x'",
        "DELETE FROM accounts_appointment",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()
    assert made.id


def test_substitute_when_the_holder_is_there_then_has_no_seat_and_when_gone_acts(session):
    seat = make_seat(session, make_neighborhood(session), COMMUNITY, 3)
    substitute = make_person(session)
    holder = make_appointment(session, seat)
    make_appointment(session, seat, substitute, kind=AppointmentKind.SUBSTITUTE)
    assert not queries.actor_for(session, substitute, TODAY).scope_ids(ScopeKind.SEAT)
    actions.end_appointment(
        session, actor=SYSTEM, now=NOW, appointment=holder, ended_on=TODAY, reason="搬走了"
    )
    session.expire_all()
    assert queries.actor_for(session, substitute, TODAY).scope_ids(ScopeKind.SEAT) == {seat.id}


def test_unit_member_when_loaded_then_carries_the_duties(session):
    here = make_neighborhood(session)
    unit = make_unit(session, here)
    actor = make_member(session, unit, UnitDuty.DRAFT, UnitDuty.ISSUE)
    grant = next(g for g in actor.grants if g.scope_kind is ScopeKind.UNIT)
    assert grant.role is Role.STREET_OFFICE
    assert grant.scope_name == "draft+issue"


def test_seat_when_added_by_another_neighborhoods_office_then_refused(session):
    here, there = make_neighborhood(session), make_neighborhood(session, slug="there", shift=0.01)
    office = make_staff(session, Role.STREET_OFFICE, there)
    with pytest.raises(NotAllowed):
        add(session, here, STREET, 1, actor=office)
    assert add(session, there, STREET, 1, actor=office)


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 5, 31), False), (date(2026, 6, 1), True), (date(2026, 7, 1), False)],
)
def test_grant_when_it_has_dates_then_holds_between_them(session, day, holds):
    here = make_neighborhood(session)
    person = make_person(session)
    make_grant(
        session, person, Role.MODERATOR, here, starts_on=date(2026, 6, 1), ends_on=date(2026, 7, 1)
    )
    assert queries.actor_for(session, person, day).has_role(here.id, Role.MODERATOR) is holds
