"""Who looks after the map of a neighborhood."""

from __future__ import annotations

from planner.core.actor import Actor, ActorKind, Role
from planner.core.policies import Here


def may_draw(actor: Actor, here: Here | None) -> bool:
    """The administrator, or the street office of this neighborhood."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return here is not None and actor.has_role(here.id, Role.ADMIN, Role.STREET_OFFICE)


def may_found(actor: Actor, here: Here | None = None) -> bool:
    """Setting up a neighborhood: the administrator of the installation."""
    return actor.kind is ActorKind.SYSTEM or actor.has_role(None, Role.ADMIN)
