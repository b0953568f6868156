"""Policies every room can use: pure functions of the actor and the neighborhood asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from .actor import Actor, Role


class Here(Protocol):
    """What a guard needs to know of a neighborhood (the room `places` has the table)."""

    id: Any
    slug: Any
    name: Any
    is_demo: Any
    settings: Any


Policy: TypeAlias = Callable[[Actor, Here | None], bool]


def anyone(actor: Actor, here: Here | None) -> bool:
    """Open to everybody; what they see is still narrowed by the query's viewer."""
    return True


def signed_in(actor: Actor, here: Here | None) -> bool:
    """Any person with an account."""
    return actor.is_signed_in


def works_here(actor: Actor, here: Here | None) -> bool:
    """Somebody with any grant in this neighborhood."""
    return actor.is_signed_in and here is not None and actor.belongs_to(here.id)


def administers(actor: Actor, here: Here | None) -> bool:
    """The administrator of the installation, or of this neighborhood."""
    return actor.has_role(here.id if here is not None else None, Role.ADMIN)


def role_here(*roles: Role) -> Policy:
    """A policy: one of these roles in this neighborhood (administrators always)."""

    def policy(actor: Actor, here: Here | None) -> bool:
        return actor.has_role(here.id if here is not None else None, Role.ADMIN, *roles)

    policy.__name__ = "_or_".join(role.value for role in roles)
    policy.__qualname__ = policy.__name__
    return policy
