"""Who may do what to a case: how an actor stands to it, and one table verb -> standings. Pure."""

from __future__ import annotations

from enum import StrEnum

from planner.accounts.terms import UnitDuty
from planner.core.actor import Actor, Role, ScopeKind
from planner.core.policies import Here

from .models import Case
from .terms import CaseVerb


class Standing(StrEnum):
    """What an actor is to one case."""

    OFFICE = "office"
    SEAT = "seat"
    MEMBER = "member"
    DRAFTER = "drafter"
    CHECKER = "checker"
    ISSUER = "issuer"
    HELPER = "helper"
    COLLEAGUE = "colleague"
    AUTHOR = "author"


_S, _V = Standing, CaseVerb
_DUTIES = {UnitDuty.DRAFT: _S.DRAFTER, UnitDuty.CHECK: _S.CHECKER, UnitDuty.ISSUE: _S.ISSUER}
DECIDES = frozenset({_S.DRAFTER, _S.CHECKER, _S.ISSUER})
"""Standings that only a unit allowed to decide gives; a grid worker reports and never decides."""

INSIDE = frozenset({_S.OFFICE, _S.SEAT, _S.MEMBER, _S.HELPER})
"""Who sees what is not public about a case (decision 0003)."""

MAY: dict[CaseVerb, frozenset[Standing]] = {
    _V.ASSIGN: frozenset({_S.OFFICE}),
    _V.ACKNOWLEDGE: frozenset({_S.SEAT, _S.MEMBER}),
    _V.REASSIGN: frozenset({_S.OFFICE, _S.SEAT}),
    _V.ASSIST: frozenset({_S.OFFICE, _S.SEAT, _S.MEMBER}),
    _V.SEND_BACK: frozenset({_S.SEAT, _S.MEMBER}),
    _V.RECLASSIFY: frozenset({_S.OFFICE, _S.SEAT, _S.MEMBER}),
    _V.GIVE_OPINION: frozenset({_S.SEAT}),
    _V.DRAFT_REPLY: frozenset({_S.DRAFTER}),
    _V.SIGN_REPLY: frozenset({_S.CHECKER, _S.ISSUER}),
    _V.RETURN_DRAFT: frozenset({_S.CHECKER, _S.ISSUER}),
    _V.ISSUE_REPLY: frozenset({_S.DRAFTER, _S.ISSUER}),
    _V.PASS_ON: frozenset({_S.OFFICE, _S.SEAT, _S.DRAFTER}),
    _V.CONSULT: frozenset({_S.OFFICE, _S.DRAFTER}),
    _V.START_WORKS: frozenset({_S.OFFICE}),
    _V.THANK: frozenset({_S.OFFICE, _S.SEAT, *DECIDES}),
    _V.CLOSE: frozenset({_S.OFFICE, *DECIDES}),
    _V.REOPEN: frozenset({_S.OFFICE, _S.MEMBER, _S.AUTHOR}),
    _V.WITHDRAW: frozenset({_S.AUTHOR}),
    _V.MERGE: frozenset({_S.OFFICE}),
}


def is_office(actor: Actor, neighborhood_id: int) -> bool:
    """Whether the actor works for the office itself (or administers), not only for one of its units."""
    return any(
        grant.role in (Role.STREET_OFFICE, Role.ADMIN)
        and (
            grant.scope_kind is ScopeKind.INSTALLATION
            or (
                grant.scope_kind is ScopeKind.NEIGHBORHOOD
                and grant.neighborhood_id == neighborhood_id
            )
        )
        for grant in actor.grants
    )


def duties_in(actor: Actor, unit_id: int | None) -> frozenset[UnitDuty]:
    """The duties an actor has in a handling unit's issuing chain."""
    return frozenset(
        UnitDuty(name)
        for grant in actor.grants
        if grant.scope_kind is ScopeKind.UNIT and grant.scope_id == unit_id
        for name in grant.scope_name.split("+")
        if name in tuple(UnitDuty)
    )


def own_seats(actor: Actor) -> frozenset[int]:
    """Ids of the seats the actor holds or stands in for today."""
    return actor.scope_ids(ScopeKind.SEAT, Role.DESIGNER)


def own_units(actor: Actor) -> frozenset[int]:
    """Ids of the handling units the actor works in today."""
    return actor.scope_ids(ScopeKind.UNIT)


def standings(actor: Actor, case: Case, *, is_author: bool = False) -> frozenset[Standing]:
    """Everything the actor is to this case."""
    found = {Standing.AUTHOR} if is_author else set()
    if is_office(actor, case.neighborhood_id):
        found.add(Standing.OFFICE)
    if case.seat_id in own_seats(actor):
        found.add(Standing.SEAT)
    if case.unit_id in own_units(actor):
        found.add(Standing.MEMBER)
        if case.unit is not None and case.unit.can_decide:
            found |= {_DUTIES[duty] for duty in duties_in(actor, case.unit_id)}
    if _helps(actor, case):
        found.add(Standing.HELPER)
    if actor.is_signed_in and actor.belongs_to(case.neighborhood_id):
        found.add(Standing.COLLEAGUE)
    return frozenset(found)


def _helps(actor: Actor, case: Case) -> bool:
    return any(
        help_.until is None
        and (help_.seat_id in own_seats(actor) or help_.unit_id in own_units(actor))
        for help_ in case.assists
    )


def may(actor: Actor, case: Case, verb: CaseVerb, *, is_author: bool = False) -> bool:
    """Whether the actor may use a verb on the case at all (its state is judged elsewhere)."""
    return bool(standings(actor, case, is_author=is_author) & MAY.get(verb, frozenset()))


def may_see(actor: Actor, case: Case) -> bool:
    """Own seat, own unit, helpers and the office see a case; other staff here only a published one."""
    held = standings(actor, case)
    return bool(held & INSIDE) or (case.is_public and Standing.COLLEAGUE in held)


def may_see_inside(actor: Actor, case: Case) -> bool:
    """Whether drafts, reasons and the trail's inner notes are shown."""
    return bool(standings(actor, case) & INSIDE)


def may_waive(actor: Actor, case: Case) -> bool:
    """Only the office may close a joint matter without a consultation, with a reason."""
    return is_office(actor, case.neighborhood_id)


def rules_the_routing(actor: Actor, here: Here | None) -> bool:
    """The office (or an administrator) looks after rules and the unassigned list."""
    return here is not None and is_office(actor, here.id)
