"""Who looks after the map of a neighborhood."""

from __future__ import annotations

from planner.core.actor import Actor, ActorKind, Role, ScopeKind
from planner.core.policies import Here


def may_draw(actor: Actor, here: Here | None) -> bool:
    """The administrator, or the street office of this neighborhood; never a mere member of its units."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return here is not None and any(
        grant.role in (Role.ADMIN, Role.STREET_OFFICE)
        and (
            grant.scope_kind is ScopeKind.INSTALLATION
            or (grant.scope_kind is ScopeKind.NEIGHBORHOOD and grant.neighborhood_id == here.id)
        )
        for grant in actor.grants
    )


def may_found(actor: Actor, here: Here | None = None) -> bool:
    """Setting up a neighborhood: the administrator of the installation."""
    return actor.kind is ActorKind.SYSTEM or actor.has_role(None, Role.ADMIN)
