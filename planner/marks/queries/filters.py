"""Which marks are asked for, and which of them a viewer may know of. Every read starts here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from planner.accounts.terms import DesignerTier
from planner.core.actor import Actor
from planner.core.geo import Box, in_box
from planner.places.models import GridCell
from planner.routing.models import Case, CaseAssist
from planner.routing.policies import own_seats, own_units
from planner.routing.terms import MarkKind

from ..models import Mark, Wording
from ..policies import sees_all
from ..terms import MarkStatus


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters shared by map, list, export and API. Times are half-open [since, until)."""

    kinds: tuple[MarkKind, ...] = ()
    topics: tuple[str, ...] = ()
    tier: DesignerTier | None = None
    grid: int | None = None
    statuses: tuple[MarkStatus, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    box: Box | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as SQL conditions on marks joined with case, wording and grid cell."""
        asked: list[tuple[bool, Callable[[], ColumnElement[bool]]]] = [
            (bool(self.kinds), lambda: Mark.kind.in_(self.kinds)),
            (bool(self.topics), lambda: _about(self.topics)),
            (self.tier is not None, lambda: Case.tier == self.tier),
            (self.grid is not None, lambda: GridCell.number == self.grid),
            (bool(self.statuses), lambda: Mark.status.in_(self.statuses)),
            (self.since is not None, lambda: Mark.occurred_at >= self.since),
            (self.until is not None, lambda: Mark.occurred_at < self.until),
            (bool(self.words), lambda: _has_words(self.words)),
            (self.box is not None, lambda: in_box(Mark.geom, self.box or (0, 0, 0, 0))),
        ]
        return [condition() for is_asked, condition in asked if is_asked]


def _about(topics: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(Mark.public_topic_code.in_(topics), Mark.topic_code.in_(topics))


def _has_words(words: str) -> ColumnElement[bool]:
    return or_(
        Wording.reason.icontains(words, autoescape=True),
        Mark.place_name.icontains(words, autoescape=True),
    )


def visible(viewer: Actor, neighborhood_id: int) -> ColumnElement[bool]:
    """Which marks of the neighborhood this viewer may know of (the SQL of `policies.may_see`)."""
    here = Mark.neighborhood_id == neighborhood_id
    if sees_all(viewer, neighborhood_id):
        return here
    live = Mark.status != MarkStatus.WITHDRAWN
    handled = [and_(live, condition) for condition in _handled(viewer)]
    return and_(here, or_(Mark.status == MarkStatus.PUBLISHED, *handled, *own(viewer)))


def own(viewer: Actor) -> list[ColumnElement[bool]]:
    """What proves a mark the viewer's own: its device, or a receipt shown in this browser."""
    proofs: list[ColumnElement[bool]] = []
    if viewer.device is not None:
        proofs.append(Mark.device_hash == bytes.fromhex(viewer.device))
    if viewer.receipts:
        proofs.append(Mark.receipt_hash.in_(viewer.receipts))
    return proofs


def _handled(viewer: Actor) -> list[ColumnElement[bool]]:
    seats, units = own_seats(viewer), own_units(viewer)
    if not seats and not units:
        return []
    return [Case.seat_id.in_(seats), Case.unit_id.in_(units), Case.id.in_(_helped(seats, units))]


def _helped(seats: frozenset[int], units: frozenset[int]) -> Select[int]:
    return select(CaseAssist.case_id).where(
        CaseAssist.until.is_(None),
        or_(CaseAssist.seat_id.in_(seats), CaseAssist.unit_id.in_(units)),
    )
