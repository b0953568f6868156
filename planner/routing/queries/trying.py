"""What a rule set would do to cases that are already here, without moving them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from planner.accounts.models import Remit, Seat
from planner.core.geo import to_geom
from planner.places.models import Building, Community, Estate, GridCell

from ..models import Case, Topic
from ..rules import Matter, RuleLine, decide
from ..terms import LIVE
from .seating import seat_facts


@dataclass(frozen=True, slots=True)
class Shift:
    """One case that a draft would send elsewhere."""

    code: str
    title: str
    seat_before: str
    seat_after: str
    rule_before: int | None
    rule_after: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Outcome of trying rules: how many cases were looked at and which would move."""

    looked_at: int
    shifts: tuple[Shift, ...]


def known_matters(
    session: Session, neighborhood_id: int, *, only: int | None = None
) -> dict[int, Matter]:
    """What the rules need to know of stored cases (all live ones, or one by id)."""
    wanted = (
        select(
            Case.id,
            Case.public_topic_code,
            Case.scale,
            Topic.code,
            Topic.group_code,
            Building.code,
            Estate.code,
            GridCell.number,
            Community.code,
        )
        .outerjoin(Topic, Topic.id == Case.topic_id)
        .outerjoin(Building, Building.id == Case.building_id)
        .outerjoin(Estate, Estate.id == Case.estate_id)
        .outerjoin(GridCell, GridCell.id == Case.grid_cell_id)
        .outerjoin(Community, Community.id == Case.community_id)
        .where(Case.neighborhood_id == neighborhood_id)
    )
    wanted = wanted.where(Case.state.in_(LIVE)) if only is None else wanted.where(Case.id == only)
    covered = _covered(session, neighborhood_id, only)
    return {
        row[0]: Matter(row[1], row[2], *row[3:], covered_by=covered.get(row[0], frozenset()))
        for row in session.execute(wanted)
    }


def _covered(session: Session, neighborhood_id: int, only: int | None) -> dict[int, frozenset[int]]:
    """Case id -> remits whose own geometry covers it; no case geometry is read while none has one."""
    areas = session.execute(
        select(Remit.id, Remit.geom)
        .join(Seat, Seat.id == Remit.seat_id)
        .where(Seat.neighborhood_id == neighborhood_id, Remit.geom.is_not(None))
    ).all()
    if not areas:
        return {}
    shapes = [(remit_id, to_geom(area)) for remit_id, area in areas]
    wanted = select(Case.id, Case.geom).where(Case.neighborhood_id == neighborhood_id)
    if only is not None:
        wanted = wanted.where(Case.id == only)
    return {
        case_id: frozenset(rid for rid, shape in shapes if shape.covers(to_geom(geom)))
        for case_id, geom in session.execute(wanted)
    }


def try_rules(
    session: Session, neighborhood_id: int, lines: Sequence[RuleLine], *, version: int, day: date
) -> Trial:
    """Which live cases these rules would send to another seat than they are with now."""
    matters = known_matters(session, neighborhood_id)
    cases = session.scalars(
        select(Case)
        .where(Case.neighborhood_id == neighborhood_id, Case.state.in_(LIVE))
        .options(joinedload(Case.seat), defer(Case.geom))
        .order_by(Case.id)
    ).all()
    seats = seat_facts(session, neighborhood_id, day)
    counted = Counter(case.seat_id for case in cases if case.is_clocked)
    found = []
    for case in cases:

        def loads(ids: Sequence[int], own: int | None = case.seat_id) -> Mapping[int, int]:
            """Among equal seats a case stays where it is."""
            return {seat_id: -1 if seat_id == own else counted[seat_id] for seat_id in ids}

        decision = decide(matters[case.id], lines, seats, version=version, loads=loads)
        after = decision.seat.code if decision.seat else ""
        before = case.seat.code if case.seat else ""
        if after != before:
            rule = decision.rule.number if decision.rule else None
            found.append(Shift(case.code, case.title, before, after, case.rule_number, rule))
    return Trial(len(cases), tuple(found))
