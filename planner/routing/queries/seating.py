"""Rules in force and seats as the pure rules of routing want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from planner.accounts import queries as accounts
from planner.accounts.models import Remit, Seat
from planner.accounts.terms import RemitArea
from planner.core.geo import to_geom
from planner.places.models import Building, Community, Estate, Neighborhood
from planner.places.queries import current_grid

from ..models import Case, RoutingRule, RoutingRuleSet
from ..rules import RemitFacts, RuleLine, SeatFacts
from ..terms import LIVE, RuleSetState


def active_rules(session: Session, neighborhood_id: int) -> RoutingRuleSet | None:
    """The rule set in force, with its rules."""
    wanted = (
        select(RoutingRuleSet)
        .where(
            RoutingRuleSet.neighborhood_id == neighborhood_id,
            RoutingRuleSet.state == RuleSetState.ACTIVE,
        )
        .options(selectinload(RoutingRuleSet.rules))
    )
    return session.scalars(wanted).first()


def rule_lines(rules: Iterable[RoutingRule]) -> tuple[RuleLine, ...]:
    """Stored rules as plain values."""
    return tuple(
        RuleLine(
            number=rule.number,
            topic_kind=rule.topic_kind,
            topic_code=rule.topic_code,
            area_kind=rule.area_kind,
            area_code=rule.area_code,
            scale=rule.scale,
            tier=rule.tier,
            seat_number=rule.seat_number,
            unit_code=rule.unit_code,
            assist_tier=rule.assist_tier,
            note=rule.note,
        )
        for rule in rules
    )


def seat_facts(session: Session, neighborhood_id: int, day: date) -> list[SeatFacts]:
    """Every seat of the neighborhood with its remit and whether somebody acts in it on this date."""
    seats = accounts.seats(session, neighborhood_id)
    staffing = accounts.staffing(session, [seat.id for seat in seats], day)
    return [
        SeatFacts(
            id=seat.id,
            tier=seat.tier,
            number=seat.number,
            is_staffed=seat.id in staffing and staffing[seat.id].is_staffed,
            remits=tuple(
                RemitFacts(
                    remit.id,
                    remit.topic_kind,
                    remit.topic_code,
                    remit.area_kind,
                    remit.area_code,
                )
                for remit in seat.remits
            ),
        )
        for seat in seats
    ]


def covering_remits(session: Session, neighborhood_id: int, geom: BaseGeometry) -> frozenset[int]:
    """Ids of remits whose own geometry covers this place."""
    wanted = (
        select(Remit.id, Remit.geom)
        .join(Seat, Seat.id == Remit.seat_id)
        .where(Seat.neighborhood_id == neighborhood_id, Remit.geom.is_not(None))
    )
    return frozenset(
        remit_id for remit_id, area in session.execute(wanted) if to_geom(area).covers(geom)
    )


def seat_loads(session: Session, seat_ids: Sequence[int]) -> Mapping[int, int]:
    """Open, clocked cases of each seat."""
    rows = session.execute(
        select(Case.seat_id, func.count())
        .where(Case.seat_id.in_(seat_ids), Case.state.in_(LIVE), Case.is_clocked)
        .group_by(Case.seat_id)
    )
    return {seat_id: number for seat_id, number in rows if seat_id is not None}


def rule_sets(session: Session, neighborhood_id: int) -> list[RoutingRuleSet]:
    """Every version of the neighborhood's rules, newest first."""
    wanted = (
        select(RoutingRuleSet)
        .filter_by(neighborhood_id=neighborhood_id)
        .options(selectinload(RoutingRuleSet.rules))
        .order_by(RoutingRuleSet.version.desc())
    )
    return list(session.scalars(wanted))


def named_areas(session: Session, here: Neighborhood) -> list[tuple[RemitArea, str, str]]:
    """Areas that a remit or a rule may name: (kind, code, words), the widest first."""
    found = [(RemitArea.COMMUNITY, row.code, row.name) for row in _of(session, here, Community)]
    found += [
        (RemitArea.GRID, str(cell.number), cell.name or cell.code)
        for cell in current_grid(session, here)
    ]
    found += [(RemitArea.ESTATE, row.code, row.name) for row in _of(session, here, Estate)]
    found += [
        (RemitArea.BUILDING, row.code, row.name) for row in _of(session, here, Building) if row.name
    ]
    return found


def _of(session: Session, here: Neighborhood, kind: type[Any]) -> list[Any]:
    """Code and name of the neighborhood's rows of one kind; no geometry is read."""
    wanted = select(kind.code, kind.name).where(kind.neighborhood_id == here.id)
    return list(session.execute(wanted.order_by(kind.code)))
