"""Verbs of seats: their number, their set-up, their remits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts import rules
from planner.accounts.models import Remit, Seat, SeatNumber
from planner.accounts.policies import may_appoint
from planner.accounts.queries import appointments_from, seat_number
from planner.accounts.rules import RemitInput
from planner.accounts.terms import DesignerTier
from planner.core.actor import Actor
from planner.core.clock import local_date
from planner.core.errors import Conflict, Invalid, NotAllowed
from planner.core.geo import to_element, to_geom
from planner.core.text import clean_reason, normal

from .notes import note_seat


def set_seat_number(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood_id: int,
    tier: DesignerTier,
    number: int,
    reason: str,
) -> SeatNumber:
    """Change how many seats a tier has, with a reason; never below a seat somebody has or will have."""
    allow(actor, neighborhood_id)
    words = clean_reason(reason, field="reason")
    if not 1 <= number <= rules.MOST_SEATS:
        raise Invalid(fields={"number": "out_of_range"}, minimum=1, maximum=rules.MOST_SEATS)
    lock_seats(session, neighborhood_id)
    above = session.scalars(
        select(Seat.id).where(
            Seat.neighborhood_id == neighborhood_id, Seat.tier == tier, Seat.number > number
        )
    ).all()
    if appointments_from(session, above, local_date(now)):
        raise Conflict("seats_are_occupied", number=number)
    made = SeatNumber(
        neighborhood_id=neighborhood_id,
        tier=tier,
        number=number,
        reason=words,
        changed_by=actor.ref,
        changed_at=now,
    )
    session.add(made)
    note_seat(session, actor, now, "seat.number", tier.value, neighborhood_id, number=number)
    session.flush()
    return made


def add_seat(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood_id: int,
    tier: DesignerTier,
    number: int,
    title: str = "",
) -> Seat:
    """Set up a seat; one beyond the tier's number is refused. An existing one is given back."""
    allow(actor, neighborhood_id)
    lock_seats(session, neighborhood_id)
    rules.checked_seat_number(tier, number, seat_number(session, neighborhood_id, tier))
    held = session.scalars(
        select(Seat).where(
            Seat.neighborhood_id == neighborhood_id, Seat.tier == tier, Seat.number == number
        )
    ).first()
    if held is not None:
        return held
    words = normal(title, field="title")
    if len(words) > 80:
        raise Invalid(fields={"title": "too_long"}, maximum=80)
    seat = Seat(
        neighborhood_id=neighborhood_id, tier=tier, number=number, title=words, created_at=now
    )
    session.add(seat)
    session.flush()
    note_seat(session, actor, now, "seat.add", seat.code, neighborhood_id)
    return seat


def set_remits(
    session: Session, *, actor: Actor, now: datetime, seat: Seat, remits: Sequence[RemitInput]
) -> None:
    """Replace a seat's remits; the same remits again change nothing."""
    allow(actor, seat.neighborhood_id)
    wanted = [rules.checked_remit(remit) for remit in remits]
    held = [
        RemitInput(
            row.topic_kind,
            row.topic_code,
            row.area_kind,
            row.area_code,
            to_geom(row.geom) if row.geom is not None else None,
        )
        for row in seat.remits
    ]
    if wanted == held:
        return
    for old in list(seat.remits):
        session.delete(old)
    session.flush()
    for each in wanted:
        session.add(
            Remit(
                seat_id=seat.id,
                topic_kind=each.topic_kind,
                topic_code=each.topic_code,
                area_kind=each.area_kind,
                area_code=each.area_code,
                geom=to_element(each.geom) if each.geom is not None else None,
            )
        )
    session.flush()
    session.expire(seat, ["remits"])
    note_seat(
        session, actor, now, "seat.remits", seat.code, seat.neighborhood_id, number=len(wanted)
    )


def set_title(session: Session, *, actor: Actor, now: datetime, seat: Seat, title: str) -> None:
    """Name a seat, e.g. 绿化席; never after a person."""
    allow(actor, seat.neighborhood_id)
    words = normal(title, field="title")
    if len(words) > 80:
        raise Invalid(fields={"title": "too_long"}, maximum=80)
    if words != seat.title:
        seat.title = words
        note_seat(session, actor, now, "seat.title", seat.code, seat.neighborhood_id)
    session.flush()


def lock_seats(session: Session, neighborhood_id: int) -> None:
    """One change to a neighborhood's seats at a time (SQLite's write transaction already sees to it)."""
    session.execute(
        select(Seat.id)
        .where(Seat.neighborhood_id == neighborhood_id)
        .order_by(Seat.id)
        .with_for_update()
    ).all()


def allow(actor: Actor, neighborhood_id: int) -> None:
    """Refuse whoever may not look after this neighborhood's seats."""
    if not may_appoint(actor, neighborhood_id):
        raise NotAllowed()
