"""Who acts: a frozen value that every policy can judge without knowing accounts, Flask or the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a grant lets a person be (decision 0005)."""

    ADMIN = "admin"
    STREET_OFFICE = "street_office"
    COMMUNITY_STAFF = "community_staff"
    GRID_WORKER = "grid_worker"
    MODERATOR = "moderator"
    DESIGNER = "designer"
    DISTRICT_VIEWER = "district_viewer"
    OWNER_UNIT = "owner_unit"
    GUARD = "guard"
    EXPERT = "expert"
    CONTRACTOR = "contractor"
    SUPERVISOR = "supervisor"
    RESIDENT = "resident"


class ScopeKind(StrEnum):
    """Where a grant holds; INSTALLATION means everywhere and has scope id 0."""

    INSTALLATION = "installation"
    NEIGHBORHOOD = "neighborhood"
    UNIT = "unit"
    SEAT = "seat"


class ActorKind(StrEnum):
    """A signed-in person, a visitor on some device, or the system's own worker and commands."""

    PERSON = "person"
    VISITOR = "visitor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one scope for the half-open span of local dates [starts_on, ends_on)."""

    role: Role
    scope_kind: ScopeKind
    scope_id: int
    neighborhood_id: int | None = None
    starts_on: date = date.min
    ends_on: date | None = None
    scope_name: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the grant is in force on this local date."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks. `grants` are only those in force today; loaders filter by date.

    `device` is the hex digest of the browser's own id, `receipts` the hashes of receipt codes shown by it.
    """

    kind: ActorKind
    person_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    device: str | None = None
    receipts: frozenset[bytes] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        """Whether a person with an account stands behind the request."""
        return self.kind is ActorKind.PERSON

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held anywhere; for navigation only, never for a decision about a thing."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def ref(self) -> str:
        """Stable, impersonal name for audit rows and deduplication."""
        if self.kind is ActorKind.PERSON:
            return f"person:{self.person_id}"
        return "visitor" if self.kind is ActorKind.VISITOR else "system"

    def has_role(self, neighborhood_id: int | None, *roles: Role) -> bool:
        """Whether one of the roles holds in the neighborhood (or in the whole installation)."""
        return any(
            grant.role in roles
            and (
                grant.scope_kind is ScopeKind.INSTALLATION
                or (neighborhood_id is not None and grant.neighborhood_id == neighborhood_id)
            )
            for grant in self.grants
        )

    def belongs_to(self, neighborhood_id: int) -> bool:
        """Whether any grant at all reaches into the neighborhood; without one its staff pages are 404."""
        return any(
            grant.scope_kind is ScopeKind.INSTALLATION or grant.neighborhood_id == neighborhood_id
            for grant in self.grants
        )

    def scope_ids(self, kind: ScopeKind, *roles: Role) -> frozenset[int]:
        """Ids of the scopes of one kind in which one of the roles (any, if none named) is held."""
        return frozenset(
            grant.scope_id
            for grant in self.grants
            if grant.scope_kind is kind and (not roles or grant.role in roles)
        )


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="system")
"""The installation itself: commands, seeds and the worker."""
