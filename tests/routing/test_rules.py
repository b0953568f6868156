"""Scale, precedence and the choice of seats, without any database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from planner.accounts.terms import DesignerTier, RemitArea, RemitTopic
from planner.core.workdays import WorkCalendar
from planner.routing.rules import (
    Matter,
    RemitFacts,
    RuleLine,
    SeatFacts,
    decide,
    due_word,
    pick_seat,
    scale_of,
    winning_rule,
)
from planner.routing.terms import DueWord, Scale

MATTER = Matter(
    public_topic_code="parking",
    scale=Scale.POINT,
    topic_code="PUB01",
    group_code="PUB",
    building_code="b1",
    estate_code="e1",
    grid_number=3,
    community_code="c1",
)
ANY, TOPIC, GROUP, PLAIN = (
    RemitTopic.ANY,
    RemitTopic.TOPIC,
    RemitTopic.GROUP,
    RemitTopic.PUBLIC_TOPIC,
)
WHOLE = RemitArea.WHOLE


def rule(
    number: int,
    topic: tuple[RemitTopic, str] = (ANY, ""),
    area: tuple[RemitArea, str] = (WHOLE, ""),
    scale: Scale | None = None,
    tier: DesignerTier = DesignerTier.COMMUNITY,
    seat: int | None = None,
) -> RuleLine:
    return RuleLine(number, *topic, *area, scale, tier, seat)


def seat(
    number: int,
    *remits: tuple[RemitArea, str],
    tier: DesignerTier = DesignerTier.COMMUNITY,
    staffed: bool = True,
) -> SeatFacts:
    own = tuple(
        RemitFacts(number * 100 + place, ANY, "", *area) for place, area in enumerate(remits)
    )
    return SeatFacts(number + 1000 * list(DesignerTier).index(tier), tier, number, staffed, own)


TOTAL = seat(1, (WHOLE, ""), tier=DesignerTier.TOTAL)


def no_loads(ids: Sequence[int]) -> Mapping[int, int]:
    return {}


@pytest.mark.parametrize(
    ("cells", "extent", "area", "in_estate", "scale"),
    [
        (1, 0, 0, True, Scale.POINT),
        (1, 0, 0, False, Scale.POINT),
        (4, 0, 0, False, Scale.POINT),
        (1, 18, 199.9, True, Scale.SMALL),
        (1, 18, 200, True, Scale.LOCAL),
        (1, 18, 199.9, False, Scale.LOCAL),
        (2, 300, 0, False, Scale.LOCAL),
        (1, 300.1, 0, False, Scale.WIDE),
        (3, 20, 150, True, Scale.WIDE),
    ],
)
def test_scale_of_shapes(
    cells: int, extent: float, area: float, in_estate: bool, scale: Scale
) -> None:
    assert scale_of(cells=cells, extent_m=extent, area_m2=area, in_one_estate=in_estate) is scale


AREAS = [
    (RemitArea.BUILDING, "b1"),
    (RemitArea.ESTATE, "e1"),
    (RemitArea.GRID, "3"),
    (RemitArea.COMMUNITY, "c1"),
    (WHOLE, ""),
]
TOPICS = [(TOPIC, "PUB01"), (GROUP, "PUB"), (PLAIN, "parking"), (ANY, "")]


@pytest.mark.parametrize("first", range(len(AREAS) - 1))
def test_area_precedence_when_a_closer_area_has_a_vaguer_topic_then_area_wins(first: int) -> None:
    closer = rule(9, (ANY, ""), AREAS[first])
    wider = rule(1, (TOPIC, "PUB01"), AREAS[first + 1], Scale.POINT)
    assert winning_rule(MATTER, [wider, closer]) is closer


@pytest.mark.parametrize("first", range(len(TOPICS) - 1))
def test_topic_precedence_when_areas_are_equal_then_the_closer_topic_wins(first: int) -> None:
    closer = rule(9, TOPICS[first])
    vaguer = rule(1, TOPICS[first + 1], scale=Scale.POINT)
    assert winning_rule(MATTER, [vaguer, closer]) is closer


def test_scale_then_number_decide_between_equal_rules() -> None:
    scaled, plain, other = rule(9, scale=Scale.POINT), rule(1), rule(2, scale=Scale.WIDE)
    assert winning_rule(MATTER, [plain, other, scaled]) is scaled
    assert winning_rule(MATTER, [rule(4), rule(3)]) == rule(3)


@pytest.mark.parametrize(
    ("topic", "area"),
    [
        ((PLAIN, "green"), (WHOLE, "")),
        ((TOPIC, "PUB02"), (WHOLE, "")),
        ((ANY, ""), (RemitArea.GRID, "4")),
        ((ANY, ""), (RemitArea.BUILDING, "b2")),
    ],
)
def test_rules_of_other_matters_do_not_match(
    topic: tuple[RemitTopic, str], area: tuple[RemitArea, str]
) -> None:
    assert winning_rule(MATTER, [rule(1, topic, area)]) is None


def test_matter_without_topic_or_grid_is_not_matched_by_empty_codes() -> None:
    bare = Matter(public_topic_code="parking", scale=Scale.POINT)
    assert winning_rule(bare, [rule(1, (TOPIC, "")), rule(2, area=(RemitArea.GRID, ""))]) is None


def test_own_geometry_beats_building_and_grid() -> None:
    drawn, house, cell = (
        seat(3, (RemitArea.GEOMETRY, "")),
        seat(2, (RemitArea.BUILDING, "b1")),
        seat(1, (RemitArea.GRID, "3")),
    )
    covered = replace(MATTER, covered_by=frozenset({drawn.remits[0].id}))
    assert pick_seat(covered, [cell, house, drawn], no_loads) == (drawn, "remit")
    assert pick_seat(MATTER, [cell, house, drawn], no_loads) == (house, "remit")
    assert pick_seat(MATTER, [cell, drawn], no_loads) == (cell, "remit")


def test_rule_that_names_a_seat_goes_before_remits() -> None:
    found = pick_seat(MATTER, [seat(1, (RemitArea.GRID, "3")), seat(2)], no_loads, named=2)
    assert (found[0].number if found[0] else None, found[1]) == (2, "named")


def test_equal_seats_by_load_then_by_number() -> None:
    both = [seat(2, (WHOLE, "")), seat(1, (WHOLE, ""))]
    second, first = (one.id for one in both)
    assert pick_seat(MATTER, both, lambda ids: {first: 5, second: 4}) == (both[0], "load")
    assert pick_seat(MATTER, both, lambda ids: {first: 4, second: 4}) == (both[1], "load")


def test_equal_seats_when_one_is_vacant_then_the_staffed_one() -> None:
    empty, busy = seat(1, (WHOLE, ""), staffed=False), seat(2, (WHOLE, ""))
    assert pick_seat(MATTER, [empty, busy], lambda ids: {busy.id: 99})[0] == busy


@pytest.mark.parametrize(
    ("rules", "seats", "code", "seat_code"),
    [
        ([rule(7)], [TOTAL, seat(3, (RemitArea.GRID, "3"))], "rule_remit", "community-3"),
        ([rule(7, seat=3)], [TOTAL, seat(3)], "rule_named", "community-3"),
        ([rule(7)], [TOTAL, seat(1), seat(2)], "rule_load", "community-1"),
        ([], [TOTAL, seat(3)], "no_rule_total", "total-1"),
        ([rule(7)], [TOTAL, seat(3, staffed=False)], "vacant_total", "total-1"),
        ([rule(7)], [TOTAL], "vacant_total", "total-1"),
        ([rule(7)], [replace(TOTAL, is_staffed=False)], "vacant_unassigned", None),
        ([], [replace(TOTAL, is_staffed=False)], "no_rule_unassigned", None),
        ([], [], "no_rule_unassigned", None),
    ],
)
def test_decision_and_its_fall_backs(
    rules: list[RuleLine], seats: list[SeatFacts], code: str, seat_code: str | None
) -> None:
    made = decide(MATTER, rules, seats, version=4, loads=no_loads)
    assert made.why["code"] == code
    assert made.why["params"]["version"] == 4
    assert made.why["params"].get("rule") == (7 if rules else None)
    assert (made.seat.code if made.seat else None) == seat_code


def test_helper_of_another_tier_is_named_when_the_rule_asks_for_one() -> None:
    asking = replace(rule(1), assist_tier=DesignerTier.STREET)
    street = seat(5, (WHOLE, ""), tier=DesignerTier.STREET)
    own = seat(3, (RemitArea.GRID, "3"))
    assert decide(MATTER, [asking], [own, street], version=1, loads=no_loads).helper == street
    assert decide(MATTER, [rule(1)], [own, street], version=1, loads=no_loads).helper is None


CALENDAR = WorkCalendar(1, date(2026, 1, 1), date(2027, 1, 1), {date(2026, 9, 25): False})


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (datetime(2026, 9, 20, 2, tzinfo=UTC), DueWord.IN_TIME),
        (datetime(2026, 9, 23, 2, tzinfo=UTC), DueWord.SOON),
        (datetime(2026, 9, 24, 15, 59, tzinfo=UTC), DueWord.SOON),
        (datetime(2026, 9, 28, 15, 59, 59, tzinfo=UTC), DueWord.SOON),
        (datetime(2026, 9, 28, 16, 0, tzinfo=UTC), DueWord.OVERDUE),
    ],
)
def test_due_word_counts_working_days_and_ends_at_local_midnight(
    now: datetime, word: DueWord
) -> None:
    due = datetime(2026, 9, 28, 16, 0, tzinfo=UTC)
    assert due_word(now, due, CALENDAR) is word
    assert due_word(now, None, CALENDAR) is DueWord.NONE
