"""Who may look after people, seats and units.

A membership in a handling unit lets somebody draft or sign replies; it never lets them hand out rights.
So only grants for the neighborhood or the installation count here, not those of a unit.
"""

from __future__ import annotations

from datetime import datetime

from planner.core.actor import Actor, ActorKind, Role, ScopeKind
from planner.core.policies import Here

from .rules import FRESH_FOR

WIDE_SCOPES = (ScopeKind.INSTALLATION, ScopeKind.NEIGHBORHOOD)


def _holds(actor: Actor, neighborhood_id: int | None, *roles: Role) -> bool:
    """One of the roles for the neighborhood as a whole (or everywhere)."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return any(
        grant.role in roles
        and grant.scope_kind in WIDE_SCOPES
        and (
            grant.scope_kind is ScopeKind.INSTALLATION
            or (neighborhood_id is not None and grant.neighborhood_id == neighborhood_id)
        )
        for grant in actor.grants
    )


def may_grant(actor: Actor, neighborhood_id: int | None) -> bool:
    """Accounts, roles, handling units and their chains: administrators only."""
    return _holds(actor, neighborhood_id, Role.ADMIN)


def may_appoint(actor: Actor, neighborhood_id: int | None) -> bool:
    """Seats, appointments and remits: administrators, and the street office of this neighborhood."""
    return neighborhood_id is not None and _holds(
        actor, neighborhood_id, Role.ADMIN, Role.STREET_OFFICE
    )


def may_note_absence(actor: Actor, neighborhood_id: int, holder_id: int) -> bool:
    """The holder, and whoever may appoint."""
    return actor.person_id == holder_id or may_appoint(actor, neighborhood_id)


def may_manage_people(actor: Actor, here: Here | None) -> bool:
    """Route policy of the people and units pages."""
    return may_grant(actor, here.id if here is not None else None)


def may_manage_seats(actor: Actor, here: Here | None) -> bool:
    """Route policy of the upkeep of seats."""
    return may_appoint(actor, here.id if here is not None else None)


def is_fresh(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether the password was given lately enough to hand out rights or take data away in bulk."""
    return confirmed_at is not None and now - confirmed_at <= FRESH_FOR
