"""Cases opened on real databases: routed, explained, dated."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.errors import Invalid
from planner.core.models import AuditEvent
from planner.routing.answers import case_json, explain
from planner.routing.models import CaseStep
from planner.routing.terms import Handling, Scale
from tests.factories.routing import CATALOGUE, make_case, make_catalogue, make_rules
from tests.factories.stage import SPOTS, make_stage

GREEN = {"topic_code": "ENV20", "public_topic_code": "green"}
OVERALL = {"topic_code": None, "public_topic_code": "overall"}


def test_parking_in_grid_3_goes_to_community_3(session: Session) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here, at=SPOTS[3])
    assert case.seat is not None
    assert case.seat.code == "community-3"
    assert case.unit == stage.committee
    assert "第1版分派规则第5条" in explain(case.explanation, "zh")
    assert "社区设计师3号席" in explain(case.explanation, "zh")
    english = explain(case.explanation, "en")
    assert re.search(r"rule 5.*version 1.*Parking", english)
    assert not re.search("[\u4e00-\u9fff]", english)


def test_green_goes_to_the_street_seat_of_that_remit_and_overall_to_total(
    session: Session,
) -> None:
    stage = make_stage(session)
    green = make_case(session, stage.here, at=SPOTS[3], **GREEN)
    assert green.seat is not None
    assert green.seat.code == "street-1"
    assert green.unit == stage.office
    whole = make_case(session, stage.here, at=SPOTS[3], **OVERALL)
    assert whole.seat is not None
    assert whole.seat.code == "total-1"


def test_no_match_goes_to_total_1_and_says_so(session: Session) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here, topic_code="CAR01", public_topic_code="care")
    assert case.seat is not None
    assert case.seat.code == "total-1"
    assert case.explanation["code"] == "no_rule_total"
    assert "第1版分派规则没有适合" in explain(case.explanation, "zh")
    assert case.rule_number is None


def test_vacant_seat_goes_to_total_then_to_the_unassigned_list(session: Session) -> None:
    stage = make_stage(session, vacant=("community-3",))
    case = make_case(session, stage.here, at=SPOTS[3])
    assert case.seat is not None
    assert case.seat.code == "total-1"
    assert "社区设计师3号席" in explain(case.explanation, "zh")


def test_vacant_seat_and_vacant_total_stay_unassigned(session: Session) -> None:
    stage = make_stage(session, vacant=("community-3", "total-1"))
    case = make_case(session, stage.here, at=SPOTS[3])
    assert case.seat is None
    assert case.explanation["code"] == "vacant_unassigned"
    assert case_json(case)["seat"] is None
    assert "第1版分派规则第5条" in explain(case.explanation, "zh")


def test_wide_parking_goes_to_total_with_a_community_helper(session: Session) -> None:
    stage = make_stage(session)
    line = shapely.LineString([SPOTS[1], SPOTS[2], SPOTS[4]])
    case = make_case(session, stage.here, geom=line)
    assert case.scale is Scale.WIDE
    assert case.seat is not None
    assert case.seat.code == "total-1"
    assert [helper.seat_id is not None for helper in case.assists] == [True]


def test_equal_seats_share_the_load(session: Session) -> None:
    stage = make_stage(session)
    make_rules(
        session,
        stage.here,
        "number,topic_kind,topic,tier\n1,public_topic,care,street\n",
    )
    first = make_case(session, stage.here, topic_code="CAR01", public_topic_code="care")
    second = make_case(session, stage.here, topic_code="CAR01", public_topic_code="care")
    assert [case.seat.code for case in (first, second) if case.seat] == ["street-1", "street-2"]
    assert first.explanation["params"]["version"] == 2


def test_due_dates_are_working_days_and_provisional_without_an_official_calendar(
    session: Session,
) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here)
    assert case.opinion_due_at == datetime(2026, 9, 28, 16, tzinfo=UTC)  # 5 weekdays from Monday
    assert case.reply_due_at == datetime(2026, 10, 12, 16, tzinfo=UTC)
    assert case.due_is_provisional
    assert case_json(case)["opinion_due_at"] == "2026-09-29T00:00:00+08:00"


def test_praise_has_no_clock(session: Session) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here, is_clocked=False, **GREEN)
    assert (case.opinion_due_at, case.reply_due_at) == (None, None)


def test_opening_leaves_a_step_and_an_audit_row_without_the_residents_words(
    session: Session,
) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here, excerpt="楼下老王家的车一直挡路")
    step = session.scalars(select(CaseStep).filter_by(case_id=case.id)).one()
    assert (step.to_state, step.facts["code"]) == ("open", "rule_remit")
    event = session.scalars(select(AuditEvent).filter_by(subject_id=case.code)).one()
    assert "老王" not in str(event.facts)


def test_retired_topic_stays_on_old_cases_and_cannot_be_chosen(session: Session) -> None:
    stage = make_stage(session)
    case = make_case(session, stage.here)
    without = "\n".join(line for line in CATALOGUE.splitlines() if "PUB01" not in line)
    chips = "code,kind,public_topic,topic_code,text\nx,like,green,ENV20,大树遮荫\n"
    make_catalogue(session, stage.here, code="cat-here", catalogue=without, chips=chips)
    assert case.topic is not None
    assert case.topic.name == "机动车停放秩序"
    with pytest.raises(Invalid) as refused:
        make_case(session, stage.here)
    assert refused.value.fields == {"topic": "topic_unknown"}


def test_handling_comes_from_the_topic_and_unclassified_is_coordinated(session: Session) -> None:
    stage = make_stage(session)
    assert make_case(session, stage.here, topic_code="PUB02").handling is Handling.JOINT
    assert make_case(session, stage.here, topic_code=None).handling is Handling.COORDINATED
