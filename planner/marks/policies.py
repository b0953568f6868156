"""Who may see and do what with a mark."""

from __future__ import annotations

from planner.core.actor import Actor, Role, ScopeKind
from planner.core.policies import Here

from .models import Mark
from .terms import MarkStatus

SEES_ALL = (Role.ADMIN, Role.STREET_OFFICE, Role.MODERATOR)


def sees_all(actor: Actor, neighborhood_id: int) -> bool:
    """Office and moderators see every mark of their neighborhood, published or not."""
    return actor.has_role(neighborhood_id, *SEES_ALL)


def owns(actor: Actor, mark: Mark) -> bool:
    """The author, proved by the device or by a receipt shown in this browser."""
    by_device = actor.device is not None and mark.device_hash == bytes.fromhex(actor.device)
    return by_device or mark.receipt_hash in actor.receipts


def handles(actor: Actor, mark: Mark) -> bool:
    """The own seat or the own handling unit of the mark's case."""
    return mark.case.seat_id in actor.scope_ids(
        ScopeKind.SEAT
    ) or mark.case.unit_id in actor.scope_ids(ScopeKind.UNIT)


def may_see(actor: Actor, mark: Mark) -> bool:
    """Published marks are everybody's; others only the author's, the handlers' and the office's."""
    if owns(actor, mark) or sees_all(actor, mark.neighborhood_id):
        return True
    if mark.status is MarkStatus.WITHDRAWN:
        return False
    return mark.status is MarkStatus.PUBLISHED or handles(actor, mark)


def may_moderate(actor: Actor, here: Here | None) -> bool:
    """Route policy of the moderation queue."""
    return here is not None and sees_all(actor, here.id)


def may_import(actor: Actor, neighborhood_id: int) -> bool:
    """Bulk import: office only."""
    return actor.has_role(neighborhood_id, Role.ADMIN, Role.STREET_OFFICE)
