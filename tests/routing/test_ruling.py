"""Rule sets: versions, activation, trying without moving."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.clock import local_date
from planner.core.errors import InvalidTransition
from planner.routing import actions, queries
from planner.routing.sheets import parse_rules
from planner.routing.terms import RuleSetState
from tests.conftest import NOW
from tests.factories.routing import KNOWN, RULES, make_case, make_rules
from tests.factories.stage import SPOTS, make_stage

PARKING_TO_STREET = (
    "number,topic_kind,topic,tier,seat_number\n1,public_topic,parking,street,2\n"
    "2,public_topic,green,street,\n"
)


def test_one_version_is_in_force_and_old_cases_keep_theirs(session: Session) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here, at=SPOTS[3])
    first = case.rule_set
    second = make_rules(session, stage.here, PARKING_TO_STREET)
    assert first is not None
    assert (first.state, second.state, second.version) == (
        RuleSetState.RETIRED,
        RuleSetState.ACTIVE,
        2,
    )
    assert case.explanation["params"]["version"] == 1
    later = make_case(session, stage.here, at=SPOTS[3])
    assert later.seat is not None
    assert later.seat.code == "street-2"
    with pytest.raises(InvalidTransition):
        actions.activate_rules(session, actor=SYSTEM, now=NOW, rule_set=first)


def test_trying_lists_what_would_move_and_moves_nothing(session: Session) -> None:
    stage = make_stage(session)
    parking = make_case(session, stage.here, at=SPOTS[3])
    make_case(session, stage.here, at=SPOTS[3], topic_code="ENV20", public_topic_code="green")
    lines = parse_rules(PARKING_TO_STREET, KNOWN)
    day = local_date(NOW)
    trial = queries.try_rules(session, stage.here.id, lines, version=9, day=day)
    assert trial.looked_at == 2
    assert [(s.code, s.seat_before, s.seat_after, s.rule_after) for s in trial.shifts] == [
        (parking.code, "community-3", "street-2", 1)
    ]
    session.refresh(parking)
    assert parking.seat_id == stage.seats["community-3"].id
    same = queries.try_rules(session, stage.here.id, parse_rules(RULES, KNOWN), version=1, day=day)
    assert same.shifts == ()
