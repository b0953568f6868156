"""The demo's marks: taken, routed, published and some of them answered through the real verbs."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts import queries as accounts
from planner.accounts.models import Person
from planner.core.actor import SYSTEM, Actor
from planner.core.clock import local_date
from planner.core.geo import to_geojson, to_geom
from planner.core.settings import Settings, resource_dir
from planner.marks import actions
from planner.marks.models import Mark
from planner.marks.terms import Channel, MarkVerb, PinOrigin
from planner.places.models import Community, Neighborhood
from planner.places.queries import named_places, neighborhood_by_slug
from planner.routing import actions as routing
from planner.routing.terms import MarkKind, Outcome

from .places import SLUG

SPACE = UUID("6f9f3a52-6f0d-4b0e-9a4e-0f6f4b0c7d11")
UNPUBLISHED = 3
"""So many of the last stay in review, so that the moderation queue is not empty."""

ANSWERED = {
    1: (
        Outcome.PARTLY,
        "建议先请设计公司、居民代表和物业坐到一起，把夜间开放的时段、进出路线和离场时间谈清楚，再试行三个月。",
        Outcome.PARTLY,
        "已与砚山设计公司联系，对方愿意先开放 20 个车位试行。试行办法将在街区公示栏和本页公布。",
    ),
    22: (
        Outcome.ADOPT,
        "已到现场看过，中段两盏灯的灯臂锈断。建议更换为暖色灯具，高度 4 米，避开二楼窗户。",
        Outcome.ADOPT,
        "两盏路灯将在一周内更换。感谢您的提醒。",
    ),
}
"""Line -> opinion outcome and reason, reply outcome and text."""


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """Take the demo's marks once; each has its own UUID, so a second run changes nothing."""
    here = neighborhood_by_slug(session, SLUG)
    if here is None or session.scalars(select(Mark).where(Mark.neighborhood_id == here.id)).first():
        return
    places = {place.name: to_geom(place.geom) for place in named_places(session, here)}
    rows = _rows(resource_dir("seed") / "demo" / "marks.csv")
    for line, row in enumerate(rows, start=1):
        taken_at = now - timedelta(hours=23) + timedelta(minutes=30 * line)
        made = actions.create_mark(
            session,
            actor=SYSTEM,
            now=taken_at,
            neighborhood=here,
            given=actions.MarkInput(
                uuid=uuid5(SPACE, f"{here.uuid}-{line}"),
                kind=MarkKind(row["kind"]),
                geometry=to_geojson(places[row["place"]], 6),
                topic=row["topic_code"],
                reason=row["reason"],
                pin_origin=PinOrigin.IMPORT,
                channel=Channel.IMPORT,
                external_id=f"demo-{line}",
            ),
            receipt_key=settings.receipt_key,
        )
        if line <= len(rows) - UNPUBLISHED:
            actions.moderate(
                session, actor=SYSTEM, now=taken_at, mark=made.mark, verb=MarkVerb.PUBLISH
            )
        if line in ANSWERED:
            _answer(session, now, here, made.mark, line)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _answer(session: Session, now: datetime, here: Neighborhood, mark: Mark, line: int) -> None:
    advice, why, outcome, body = ANSWERED[line]
    session.refresh(mark.case)
    designer = _actor(session, now, mark.case.seat.code if mark.case.seat else "total-1")
    routing.give_opinion(
        session,
        actor=designer,
        now=now - timedelta(hours=3),
        case=mark.case,
        advice=routing.Advice(outcome=advice, reason=why),
    )
    session.refresh(mark.case)
    member = _actor(session, now, _member_login(session, mark))
    routing.draft_reply(
        session,
        actor=member,
        now=now - timedelta(hours=1),
        case=mark.case,
        answer=routing.Answer(outcome=outcome, body=body),
    )


def _member_login(session: Session, mark: Mark) -> str:
    unit = mark.case.unit
    if unit is not None and unit.community_id is not None and mark.community_id is not None:
        return f"committee-{session.get_one(Community, unit.community_id).code}"
    return "drafter"


def _actor(session: Session, now: datetime, login: str) -> Actor:
    person = session.scalars(select(Person).where(Person.login_key == login)).one()
    return accounts.actor_for(session, person, local_date(now))
