"""Who may see and do what with a mark."""

from __future__ import annotations

from planner.core.actor import Actor, ActorKind, Role
from planner.core.policies import Here
from planner.routing.policies import INSIDE, is_office, standings
from planner.routing.terms import CaseState

from .models import Mark, Photo
from .terms import MarkStatus, PhotoStatus


def sees_all(actor: Actor, neighborhood_id: int) -> bool:
    """The office itself, moderators and the system's commands see every mark, published or not."""
    return (
        actor.kind is ActorKind.SYSTEM
        or is_office(actor, neighborhood_id)
        or actor.has_role(neighborhood_id, Role.MODERATOR)
    )


def owns(actor: Actor, mark: Mark) -> bool:
    """The author, proved by the device or by a receipt shown in this browser."""
    by_device = actor.device is not None and mark.device_hash == bytes.fromhex(actor.device)
    return by_device or mark.receipt_hash in actor.receipts


def handles(actor: Actor, mark: Mark) -> bool:
    """The own seat, the own handling unit, or a helper of the mark's case."""
    return bool(standings(actor, mark.case) & INSIDE)


def may_see(actor: Actor, mark: Mark) -> bool:
    """Published marks are everybody's; others only the author's, the handlers' and the office's."""
    if owns(actor, mark) or sees_all(actor, mark.neighborhood_id):
        return True
    if mark.status is MarkStatus.WITHDRAWN:
        return False
    return mark.status is MarkStatus.PUBLISHED or handles(actor, mark)


def may_see_photo(actor: Actor, mark: Mark, photo: Photo) -> bool:
    """The author and the office see every photo; everybody only those agreed to, of a published mark."""
    if photo.status is PhotoStatus.ERASED:
        return False
    if owns(actor, mark) or sees_all(actor, mark.neighborhood_id):
        return True
    if photo.status is PhotoStatus.HIDDEN or not may_see(actor, mark):
        return False
    return is_open_to_all(mark, photo) or handles(actor, mark)


def is_open_to_all(mark: Mark, photo: Photo) -> bool:
    """Whether anybody may see the photo."""
    is_shown = photo.status is PhotoStatus.SHOWN and photo.is_public
    return is_shown and mark.status is MarkStatus.PUBLISHED


def may_rewrite(actor: Actor, mark: Mark) -> bool:
    """The author, until the first act of staff on the mark or on its case."""
    untouched = mark.triaged_at is None and mark.case.acknowledged_at is None
    return owns(actor, mark) and untouched and mark.case.state is CaseState.OPEN


def may_endorse(actor: Actor, mark: Mark) -> bool:
    """Anybody on a device or signed in, for a published mark that is not the own one."""
    is_somebody = actor.device is not None or actor.person_id is not None
    return is_somebody and mark.status is MarkStatus.PUBLISHED and not owns(actor, mark)


def may_moderate(actor: Actor, here: Here | None) -> bool:
    """Route policy of the moderation queue."""
    return here is not None and sees_all(actor, here.id)


def may_import(actor: Actor, neighborhood_id: int) -> bool:
    """Bulk import: the office itself and the system's commands."""
    return actor.kind is ActorKind.SYSTEM or is_office(actor, neighborhood_id)
