"""Acceptance 3 on the real demo, seeded into each database: where marks go and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import shapely
from sqlalchemy.orm import Session

from planner.accounts import actions as accounts
from planner.accounts import queries as people
from planner.core.actor import SYSTEM
from planner.core.clock import local_date, utc_now
from planner.core.db import Database
from planner.core.geo import to_geom
from planner.places.models import Neighborhood
from planner.places.queries import current_grid, locate, neighborhood_by_slug
from planner.routing import actions, queries
from planner.routing.answers import explain
from planner.routing.models import Case, Topic
from planner.routing.sheets import parse_rules

NOW = utc_now()
"""The demo was seeded a moment ago, with appointments of this year."""


@pytest.fixture
def session(demo: Database) -> Iterator[Session]:
    """A writing session whose doings are gone afterwards."""
    with demo.writing() as opened:
        yield opened


def here_of(session: Session) -> Neighborhood:
    here = neighborhood_by_slug(session, "tianjin-xincun")
    assert here is not None
    return here


def opened(
    session: Session, topic: str, *, cell: int = 3, geom: shapely.Geometry | None = None, **over
) -> Case:
    """A case about a 条目 at a point well inside a grid cell of the demo."""
    here = here_of(session)
    if geom is None:
        shape = next(to_geom(c.geom) for c in current_grid(session, here) if c.number == cell)
        geom = shape.representative_point()
    return actions.open_case(
        session,
        actor=SYSTEM,
        now=NOW,
        neighborhood=here,
        place=locate(session, here, geom),
        geom=geom,
        subject_kind="mark",
        title="一处",
        excerpt="具体原因写在这里。",
        topic_code=over.pop("topic_code", topic or None),
        public_topic_code=over.pop("public_topic_code", ""),
        **over,
    )


def topic_of(session: Session, public_topic: str) -> str:
    found = queries.topics(session, here_of(session).id)
    return next(topic.code for topic in found if topic.public_topic_code == public_topic)


def seat(case: Case) -> str:
    return case.seat.code if case.seat else ""


def vacate(session: Session, code: str) -> None:
    """Everybody leaves the seat today."""
    place = people.seat_by_code(session, here_of(session).id, code)
    for made in people.appointments_from(session, [place.id], local_date(NOW)):
        accounts.end_appointment(
            session,
            actor=SYSTEM,
            now=NOW,
            appointment=made,
            ended_on=local_date(NOW),
            reason="任期届满",
        )


def unassigned(session: Session) -> set[str]:
    """Codes on the office's list, all its pages."""
    clerk = people.actor_for(session, people.person_by_key(session, "office"), local_date(NOW))
    here = here_of(session).id
    pages = queries.unassigned(session, clerk, here).pages
    return {
        case.code
        for page in range(1, pages + 1)
        for case in queries.unassigned(session, clerk, here, page=page).cases
    }


def test_parking_mark_in_grid_3_reaches_grid_3s_community_designer(session):
    case = opened(session, topic_of(session, "parking"))
    assert seat(case) == "community-3"
    assert explain(case.explanation) == (
        f"按第1版分派规则第17条，“{case.topic.name}”归社区设计师；这里属于社区设计师3号席的负责范围。"
    )


@pytest.mark.parametrize("cell", range(1, 13))
def test_everyday_mark_in_each_grid_reaches_that_grids_seat(session, cell):
    assert seat(opened(session, topic_of(session, "parking"), cell=cell)) == f"community-{cell}"


def test_green_space_mark_reaches_a_street_designer_who_looks_after_green(session):
    here = here_of(session)
    green = [people.seat_by_code(session, here.id, code) for code in ("street-1", "street-4")]
    for _ in range(3):
        loads = queries.seat_loads(session, [place.id for place in green])
        idlest = min(green, key=lambda place: (loads.get(place.id, 0), place.number))
        case = opened(session, topic_of(session, "green"))
        assert seat(case) == idlest.code
        assert "第1版分派规则第14条" in explain(case.explanation)
        assert "手头事项最少" in explain(case.explanation)


def test_small_green_inside_one_estate_goes_to_the_community_and_the_street_assists(session):
    here = here_of(session)
    from planner.core.geo import Metric
    from planner.places.models import Estate

    metric = Metric(here.utm_srid)
    estate = session.query(Estate).filter_by(neighborhood_id=here.id).first()
    spot = metric.project(to_geom(estate.geom)).representative_point()
    small = metric.unproject(spot.buffer(4, quad_segs=2))
    case = opened(session, topic_of(session, "green"), geom=small)
    assert case.scale == "small"
    assert seat(case).startswith("community-")
    session.refresh(case)
    (helper,) = queries.helpers(session, case)
    assert helper.seat.startswith("street-")


def test_overall_plan_mark_reaches_the_total_designer(session):
    case = opened(session, topic_of(session, "overall"))
    assert seat(case) == "total-1"
    assert "第1版分派规则第1条" in explain(case.explanation)


def test_parking_over_three_hundred_metres_reaches_the_total_designer(session):
    here = here_of(session)
    west, south, east, north = to_geom(here.boundary).bounds
    line = shapely.LineString([(west, (south + north) / 2), (east, (south + north) / 2)])
    inside = shapely.intersection(line, to_geom(here.boundary).buffer(-0.0002))
    case = opened(session, topic_of(session, "parking"), geom=inside)
    assert (case.scale, seat(case)) == ("wide", "total-1")
    assert "第1版分派规则第3条" in explain(case.explanation)


def test_mark_to_be_classified_reaches_somebody_and_says_so(session):
    case = opened(session, "", public_topic_code="parking")
    assert (case.topic, seat(case)) == (None, "community-3")
    assert "“停车”" in explain(case.explanation)


def test_no_matching_rule_reaches_the_total_designer_and_names_the_version(session):
    rules = "number,topic_kind,topic,area_kind,area,scale,tier,seat_number,unit,assist_tier,note\n"
    rules += "1,public_topic,green,whole,,,street,,,,\n"
    here = here_of(session)
    lines = parse_rules(rules, queries.known_codes(session, here.id))
    made = actions.draft_rules(session, actor=SYSTEM, now=NOW, neighborhood=here, lines=lines)
    actions.activate_rules(session, actor=SYSTEM, now=NOW, rule_set=made)
    case = opened(session, topic_of(session, "parking"))
    assert (seat(case), case.rule_number) == ("total-1", None)
    assert explain(case.explanation) == (
        f"第2版分派规则没有适合“{case.topic.name}”的一条，先交总设计师。"
    )


def test_vacant_seat_goes_to_total_1_and_with_total_1_vacant_to_the_offices_list(session):
    before = unassigned(session)
    vacate(session, "community-3")
    case = opened(session, topic_of(session, "parking"))
    assert seat(case) == "total-1"
    assert "应归社区设计师3号席，该席位空缺且无人代理，先交总设计师" in explain(case.explanation)
    vacate(session, "total-1")
    unplaced = opened(session, topic_of(session, "parking"))
    assert seat(unplaced) == ""
    assert explain(unplaced.explanation) == (
        "按第1版分派规则第17条应归社区设计师3号席，该席位与总设计师席位都空缺，由街道办分派。"
    )
    assert unassigned(session) - before == {unplaced.code}


def test_vacant_seat_with_a_substitute_keeps_its_matters(session):
    case = opened(session, topic_of(session, "parking"), cell=12)
    assert seat(case) == "community-12", "held by a substitute alone in the demo"


def test_absent_holder_without_substitute_is_vacant_meanwhile(session):
    place = people.seat_by_code(session, here_of(session).id, "community-5")
    (made,) = people.appointments_from(session, [place.id], local_date(NOW))
    today = local_date(NOW)
    accounts.note_absence(
        session,
        actor=SYSTEM,
        now=NOW,
        appointment=made,
        starts_on=today,
        ends_on=today + timedelta(days=3),
    )
    assert seat(opened(session, topic_of(session, "parking"), cell=5)) == "total-1"


def test_every_mark_has_one_owner_or_is_on_the_visible_list(session):
    """R19, with half of the seats empty."""
    before = unassigned(session)
    for number in (1, 3, 5, 7, 9, 11):
        vacate(session, f"community-{number}")
    vacate(session, "total-1")
    topics = {topic.public_topic_code for topic in queries.topics(session, here_of(session).id)}
    cases = [
        opened(session, topic_of(session, plain), cell=cell)
        for plain in sorted(topics)
        for cell in range(1, 13)
    ]
    assert len({case.code for case in cases}) == len(cases)
    listed = unassigned(session) - before
    assert {case.code for case in cases if case.seat_id is None} == listed
    assert listed
    assert all(case.unit_id is not None for case in cases)


def test_every_public_topic_leads_to_the_catalogue_or_to_classification(session):
    """At most twelve plain topics, each with 条目; every chip names one or asks for help."""
    here = here_of(session)
    plain = {topic.code for topic in queries.public_topics(session, here.id)}
    topics = queries.topics(session, here.id)
    assert len(plain) <= 12
    assert len(topics) >= 150
    assert len({topic.group_code for topic in topics}) == 7
    assert {topic.public_topic_code for topic in topics} == plain
    known = {topic.code for topic in topics}
    for chip in queries.chips(session, here.id):
        assert chip.public_topic_code in plain
        assert chip.topic_code is None or chip.topic_code in known


def test_seats_when_counted_then_one_eight_and_twelve(session):
    tiers = [place.tier.value for place in people.seats(session, here_of(session).id)]
    assert [tiers.count(tier) for tier in ("total", "street", "community")] == [1, 8, 12]


def test_retired_topic_stays_on_its_case_and_cannot_be_chosen_anew(session):
    from planner.core.errors import Invalid

    code = topic_of(session, "parking")
    case = opened(session, code)
    held = session.get_one(Topic, case.topic_id)
    held.until_version = 2
    session.flush()
    assert case.topic.code == code
    with pytest.raises(Invalid):
        opened(session, code)
