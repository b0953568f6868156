"""A whole neighborhood ready to route: grid, seats with holders, units with members, rules in force."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from planner.accounts.models import HandlingUnit, Seat
from planner.accounts.terms import DesignerTier, RemitArea, RemitTopic, UnitDuty
from planner.core.actor import Actor, Role
from planner.places.models import Community, Neighborhood
from planner.places.terms import AdminLevel, IssuingChain

from .accounts import make_holder, make_member, make_seat, make_staff, make_unit
from .places import make_community, make_grid, make_neighborhood
from .routing import make_catalogue, make_rules


@dataclass(slots=True)
class Stage:
    """Everything a test of routing needs; `holders` by seat code."""

    here: Neighborhood
    community: Community
    office: HandlingUnit
    committee: HandlingUnit
    clerk: Actor
    drafter: Actor
    checker: Actor
    issuer: Actor
    writer: Actor
    seats: dict[str, Seat] = field(default_factory=dict)
    holders: dict[str, Actor] = field(default_factory=dict)


SPOTS = {
    1: (118.7510, 32.0670),
    2: (118.7530, 32.0670),
    3: (118.7510, 32.0690),
    4: (118.7530, 32.0690),
}
"""A point in each grid cell."""


def make_stage(
    session: Session,
    *,
    vacant: tuple[str, ...] = (),
    chain: IssuingChain = IssuingChain.NONE,
    slug: str = "here",
) -> Stage:
    """Build it; seats named in `vacant` have nobody. The office's unit drafts, checks and issues."""
    here = make_neighborhood(session, slug=slug)
    community = make_community(session, here)
    make_grid(session, here, community=community)
    make_catalogue(session, here, code=f"cat-{slug}")
    make_rules(session, here)
    office = make_unit(session, here, "office", name="街道城管科", issuing_chain=chain)
    committee = make_unit(
        session,
        here,
        "committee",
        name="社区两委",
        level=AdminLevel.COMMUNITY,
        issuing_chain=chain,
        community_id=community.id,
    )
    made = Stage(
        here=here,
        community=community,
        office=office,
        committee=committee,
        clerk=make_staff(session, Role.STREET_OFFICE, here),
        drafter=make_member(session, committee, UnitDuty.DRAFT),
        checker=make_member(session, committee, UnitDuty.CHECK),
        issuer=make_member(session, committee, UnitDuty.ISSUE),
        writer=make_member(session, office, UnitDuty.DRAFT),
    )
    _seat(session, made, DesignerTier.TOTAL, 1, RemitArea.WHOLE, "", vacant)
    for number in (1, 2):
        _seat(session, made, DesignerTier.STREET, number, RemitArea.WHOLE, "", vacant)
    for number in SPOTS:
        _seat(session, made, DesignerTier.COMMUNITY, number, RemitArea.GRID, str(number), vacant)
    return made


def _seat(
    session: Session,
    made: Stage,
    tier: DesignerTier,
    number: int,
    area: RemitArea,
    code: str,
    vacant: tuple[str, ...],
) -> None:
    topic = (RemitTopic.ANY, "")
    if tier is DesignerTier.STREET:
        topic = (RemitTopic.PUBLIC_TOPIC, "green" if number == 1 else "walking")
    seat = make_seat(session, made.here, tier, number, topic=topic, area=(area, code))
    made.seats[seat.code] = seat
    if seat.code not in vacant:
        made.holders[seat.code] = make_holder(session, seat)
