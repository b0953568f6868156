"""Builders of the marks room: marks taken the real way, published on demand, and requests that post them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM, Actor, ActorKind
from planner.core.codes import receipt_hash
from planner.marks import actions
from planner.marks.actions import Created, MarkInput
from planner.marks.models import Mark
from planner.marks.terms import MarkVerb
from planner.places.models import Neighborhood
from planner.routing.terms import MarkKind
from tests.conftest import NOW

KEY = b"r" * 32
"""The receipt key of the tests' application."""

WORDS = "下班以后两边停满了车"
CENTRE = (118.752, 32.068)


def visitor(number: int = 1, *receipts: str) -> Actor:
    """A visitor on a device of its own, with these receipt codes shown."""
    return Actor(
        kind=ActorKind.VISITOR,
        device=f"{number:064x}",
        receipts=frozenset(receipt_hash(code) for code in receipts),
    )


def point(lon: float = CENTRE[0], lat: float = CENTRE[1]) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def given(uuid: UUID | None = None, **over: Any) -> MarkInput:
    """A parking complaint in the middle; `over` replaces fields of the input."""
    values: dict[str, Any] = {
        "uuid": uuid or uuid4(),
        "kind": MarkKind.DISLIKE,
        "geometry": point(),
        "topic": "parking",
        "reason": WORDS,
    }
    return MarkInput(**(values | over))


def take(
    session: Session,
    here: Neighborhood,
    *,
    actor: Actor | None = None,
    now: Any = NOW,
    **over: Any,
) -> Created:
    """A mark taken by the room's own action, with its receipt code."""
    return actions.create_mark(
        session,
        actor=actor or visitor(),
        now=now,
        neighborhood=here,
        given=given(**over),
        receipt_key=KEY,
    )


def make_mark(
    session: Session,
    here: Neighborhood,
    *,
    at: tuple[float, float] = CENTRE,
    published: bool = True,
    **over: Any,
) -> Mark:
    """A stored mark, published unless told otherwise."""
    made = take(session, here, **({"geometry": point(*at)} | over)).mark
    if published:
        actions.moderate(
            session, actor=SYSTEM, now=over.get("now", NOW), mark=made, verb=MarkVerb.PUBLISH
        )
    return made


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    """The body of a post."""
    values = {"kind": "dislike", "topic": "parking", "reason": WORDS} | properties
    return {"type": "Feature", "geometry": geometry or point(), "properties": values}


def post(
    client: Any,
    body: Any = None,
    *,
    slug: str = "here",
    key: str | UUID | None = None,
    raw: bytes | None = None,
    **headers: str,
) -> Any:
    """Send a mark to the API; `raw` replaces the body's bytes."""
    return client.post(
        f"/api/v1/neighborhoods/{slug}/marks",
        **({"data": raw} if raw is not None else {"json": body or feature()}),
        headers={"Idempotency-Key": str(key or uuid4()), **headers},
        content_type="application/json",
    )
