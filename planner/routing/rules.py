"""Decisions of routing as pure functions: scale, precedence, seat, due words. No database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from planner.accounts.terms import DesignerTier, RemitArea, RemitTopic
from planner.core.clock import local_date
from planner.core.workdays import ONE_DAY, WorkCalendar

from .terms import DueWord, Scale

AREA_ORDER = {kind: rank for rank, kind in enumerate(RemitArea)}
"""Own geometry, building, estate, grid, community, whole: the most precise first (decision 0004)."""

TOPIC_ORDER = {kind: rank for rank, kind in enumerate(RemitTopic)}

Loads: TypeAlias = Callable[[Sequence[int]], Mapping[int, int]]
"""Seat ids -> open cases of each; asked only when seats are otherwise equal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the scales begin (settings of the neighborhood)."""

    wide_cells: int = 3
    wide_m: float = 300
    small_estate_m2: float = 200


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of a thing to be routed. `covered_by` holds ids of remits whose geometry covers it."""

    public_topic_code: str
    scale: Scale
    topic_code: str | None = None
    group_code: str | None = None
    building_code: str | None = None
    estate_code: str | None = None
    grid_number: int | None = None
    community_code: str | None = None
    covered_by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One routing rule; `seat_number` names a seat, an empty `unit_code` means the topic's own unit."""

    number: int
    topic_kind: RemitTopic
    topic_code: str
    area_kind: RemitArea
    area_code: str
    scale: Scale | None
    tier: DesignerTier
    seat_number: int | None = None
    unit_code: str = ""
    assist_tier: DesignerTier | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RemitFacts:
    """One remit of a seat."""

    id: int
    topic_kind: RemitTopic
    topic_code: str
    area_kind: RemitArea
    area_code: str


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat as routing sees it: `is_staffed` means a holder or an acting substitute is there."""

    id: int
    tier: DesignerTier
    number: int
    is_staffed: bool
    remits: tuple[RemitFacts, ...] = ()

    @property
    def code(self) -> str:
        """Stable name, e.g. ``community-3``."""
        return f"{self.tier.value}-{self.number}"


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a matter goes. `seat` None: the office's unassigned list. `why` is {code, params}."""

    tier: DesignerTier
    seat: SeatFacts | None
    rule: RuleLine | None
    why: dict[str, Any] = field(default_factory=dict)
    helper: SeatFacts | None = None


def scale_of(
    *,
    cells: int,
    extent_m: float,
    area_m2: float,
    in_one_estate: bool,
    limits: Limits = Limits(),
) -> Scale:
    """How far a shape reaches: `cells` grid cells touched, longest extent in metres, area in m²."""
    if area_m2 == 0 and extent_m == 0:
        return Scale.POINT  # even on the corner where several cells meet
    if cells >= limits.wide_cells or extent_m > limits.wide_m:
        return Scale.WIDE
    if in_one_estate and 0 < area_m2 < limits.small_estate_m2:
        return Scale.SMALL
    return Scale.LOCAL


def area_fits(kind: RemitArea, code: str, matter: Matter, remit_id: int | None = None) -> bool:
    """Whether the matter lies in the area that a rule or a remit names."""
    if kind is RemitArea.WHOLE:
        return True
    if kind is RemitArea.GEOMETRY:
        return remit_id is not None and remit_id in matter.covered_by
    own = {
        RemitArea.BUILDING: matter.building_code,
        RemitArea.ESTATE: matter.estate_code,
        RemitArea.GRID: None if matter.grid_number is None else str(matter.grid_number),
        RemitArea.COMMUNITY: matter.community_code,
    }[kind]
    return own is not None and own == code


def topic_fits(kind: RemitTopic, code: str, matter: Matter) -> bool:
    """Whether the matter's topic is among those that a rule or a remit names."""
    if kind is RemitTopic.ANY:
        return True
    own = {
        RemitTopic.TOPIC: matter.topic_code,
        RemitTopic.GROUP: matter.group_code,
        RemitTopic.PUBLIC_TOPIC: matter.public_topic_code,
    }[kind]
    return own is not None and own == code


def winning_rule(matter: Matter, rules: Sequence[RuleLine]) -> RuleLine | None:
    """The rule in force for a matter: area, then topic, then scale, then number (decision 0004)."""
    fitting = [
        rule
        for rule in rules
        if area_fits(rule.area_kind, rule.area_code, matter)
        and topic_fits(rule.topic_kind, rule.topic_code, matter)
        and rule.scale in (None, matter.scale)
    ]
    return min(fitting, key=_precedence, default=None)


def _precedence(rule: RuleLine) -> tuple[int, int, int, int]:
    return (
        AREA_ORDER[rule.area_kind],
        TOPIC_ORDER[rule.topic_kind],
        int(rule.scale is None),
        rule.number,
    )


def remit_rank(seat: SeatFacts, matter: Matter) -> tuple[int, int] | None:
    """How precisely a seat's remit names the matter (area rank, topic rank); None when it does not."""
    ranks = [
        (AREA_ORDER[remit.area_kind], TOPIC_ORDER[remit.topic_kind])
        for remit in seat.remits
        if area_fits(remit.area_kind, remit.area_code, matter, remit.id)
        and topic_fits(remit.topic_kind, remit.topic_code, matter)
    ]
    return min(ranks, default=None)


def pick_seat(
    matter: Matter,
    seats: Sequence[SeatFacts],
    loads: Loads,
    named: int | None = None,
) -> tuple[SeatFacts | None, str]:
    """One of a tier's seats and how it was found: named, remit, load or none.

    Equal seats: a staffed one before a vacant one, then the lowest open load, then the lowest number.
    """
    if named is not None:
        found = next((seat for seat in seats if seat.number == named), None)
        return found, "named" if found else "none"
    ranked = [(rank, seat) for seat in seats if (rank := remit_rank(seat, matter)) is not None]
    best = min((rank for rank, _ in ranked), default=None)
    equal = [seat for rank, seat in ranked if rank == best] or list(seats)
    if not equal:
        return None, "none"
    present = [seat for seat in equal if seat.is_staffed] or equal
    held = loads([seat.id for seat in present]) if len(present) > 1 else {}
    chosen = min(present, key=lambda seat: (held.get(seat.id, 0), seat.number))
    return chosen, "remit" if ranked and len(present) == 1 else "load"


def decide(
    matter: Matter,
    rules: Sequence[RuleLine],
    seats: Sequence[SeatFacts],
    *,
    version: int,
    loads: Loads,
) -> Decision:
    """Route a matter: the winning rule, its seat, and the fall-backs total-1 and the unassigned list."""
    rule = winning_rule(matter, rules)
    if rule is None:
        return _to_total(Decision(DesignerTier.TOTAL, None, None), "no_rule", seats, version, "")
    of_tier = [seat for seat in seats if seat.tier is rule.tier]
    seat, how = pick_seat(matter, of_tier, loads, rule.seat_number)
    decision = Decision(rule.tier, seat, rule, helper=_helper(rule, matter, seats, loads))
    wanted = seat.code if seat else f"{rule.tier.value}-{rule.seat_number or 1}"
    if seat is None or not seat.is_staffed:
        return _to_total(decision, "vacant", seats, version, wanted)
    return replace(decision, why=_why(f"rule_{how}", decision, version, seat.code))


def _helper(
    rule: RuleLine, matter: Matter, seats: Sequence[SeatFacts], loads: Loads
) -> SeatFacts | None:
    if rule.assist_tier is None:
        return None
    helping = [seat for seat in seats if seat.tier is rule.assist_tier and seat.is_staffed]
    return pick_seat(matter, helping, loads)[0]


def _to_total(
    decision: Decision, code: str, seats: Sequence[SeatFacts], version: int, wanted: str
) -> Decision:
    """The total designer's tray; when that seat is empty too, the office's unassigned list."""
    first = next(
        (seat for seat in seats if seat.tier is DesignerTier.TOTAL and seat.number == 1), None
    )
    if first is None or not first.is_staffed:
        return replace(
            decision, seat=None, why=_why(f"{code}_unassigned", decision, version, "", wanted)
        )
    return replace(
        decision,
        tier=DesignerTier.TOTAL,
        seat=first,
        why=_why(f"{code}_total", decision, version, first.code, wanted),
    )


def _why(
    code: str, decision: Decision, version: int, seat: str, wanted: str = ""
) -> dict[str, Any]:
    rule = decision.rule
    params: dict[str, Any] = {"version": version, "seat": seat, "wanted": wanted}
    if rule is not None:
        params |= {
            "rule": rule.number,
            "tier": rule.tier.value,
            "scale": rule.scale.value if rule.scale else "",
        }
    return {"code": code, "params": params}


def due_word(now: datetime, due_at: datetime | None, calendar: WorkCalendar) -> DueWord:
    """The word beside a due date; soon means at most two working days are left, today included."""
    if due_at is None:
        return DueWord.NONE
    if now >= due_at:
        return DueWord.OVERDUE
    last_day: date = local_date(due_at) - ONE_DAY
    left = calendar.workdays_between(local_date(now), last_day)
    return DueWord.SOON if left <= 2 else DueWord.IN_TIME
