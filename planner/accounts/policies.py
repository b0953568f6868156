"""Who may look after people, seats and units."""

from __future__ import annotations

from planner.core.actor import Actor, ActorKind, Role
from planner.core.policies import Here


def may_grant(actor: Actor, neighborhood_id: int | None) -> bool:
    """Administrators; a street office inside its own neighborhood (never installation-wide)."""
    if actor.kind is ActorKind.SYSTEM or actor.has_role(None, Role.ADMIN):
        return True
    if neighborhood_id is None:
        return False
    return actor.has_role(neighborhood_id, Role.ADMIN, Role.STREET_OFFICE)


def may_manage_people(actor: Actor, here: Here | None) -> bool:
    """Route policy of the people and seats pages."""
    return may_grant(actor, here.id if here is not None else None)
