"""The demo's marks: taken, routed, published and some of them answered through the real verbs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts import actions as accounts_actions
from planner.accounts import queries as accounts
from planner.accounts.models import HandlingUnit, Person
from planner.core import images, storage
from planner.core.actor import SYSTEM, Actor
from planner.core.clock import local_date
from planner.core.errors import Conflict
from planner.core.geo import to_geojson, to_geom
from planner.core.settings import Settings, resource_dir
from planner.marks import actions
from planner.marks.models import Mark
from planner.marks.rules import photo_name
from planner.marks.terms import Channel, MarkVerb, PinOrigin
from planner.places.models import Community, Neighborhood
from planner.places.queries import metric_of, named_places, neighborhood_by_slug
from planner.places.terms import IssuingChain
from planner.routing import actions as routing
from planner.routing.actions.replying import digest_of, open_draft
from planner.routing.models import Case
from planner.routing.terms import MarkKind, Outcome

from .places import SLUG

SPACE = UUID("6f9f3a52-6f0d-4b0e-9a4e-0f6f4b0c7d11")
PHOTOS = {2: "parked-lane.jpg", 17: "bench-trees.jpg", 22: "dark-lamp.jpg"}
"""Line of marks.csv -> an illustrative drawing in seed/demo/photos, marked 示意."""

UNPUBLISHED = 3
"""So many of the last stay in review, so that the moderation queue is not empty."""

SIGNED_BY_THREE = "office_safety"
"""The unit whose replies go 拟稿 → 审核 → 签发, so that the demo shows drafts on their way."""


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """Take the demo's marks once; each has its own UUID, so a second run changes nothing."""
    here = neighborhood_by_slug(session, SLUG)
    if here is None or session.scalars(select(Mark).where(Mark.neighborhood_id == here.id)).first():
        return
    _set_chain(session, now, here)
    places = {place.name: to_geom(place.geom) for place in named_places(session, here)}
    rows = _rows("marks.csv")
    taken: dict[int, Mark] = {}
    for line, row in enumerate(rows, start=1):
        at = _taken_at(now, line, row, len(rows))
        geom = _shape(here, places, row)
        taken[line] = _take(session, at, here, line, row, geom, settings.receipt_key)
        _photograph(session, at, here, line, taken[line], settings)
        if line <= len(rows) - UNPUBLISHED:
            actions.moderate(session, actor=SYSTEM, now=at, mark=taken[line], verb=MarkVerb.PUBLISH)
    for row in sorted(_rows("answers.csv"), key=lambda row: -int(row["hours_ago"])):
        case = taken[int(row["line"])].case
        session.refresh(case)
        told = Told(session, now - timedelta(hours=int(row["hours_ago"])), case)
        VERBS[row["verb"]](told, row)


def _photograph(
    session: Session, now: datetime, here: Neighborhood, line: int, mark: Mark, settings: Settings
) -> None:
    """Attach the drawing that belongs to a line, as if its author had agreed to publish it."""
    if line not in PHOTOS:
        return
    raw = (resource_dir("seed") / "demo" / "photos" / PHOTOS[line]).read_bytes()
    picture = images.clean_picture(raw)
    key = actions.announce_files(session, now=now)
    place = storage.open_store(settings.storage_url)
    storage.put(place, photo_name(key, "large"), picture.large)
    storage.put(place, photo_name(key, "small"), picture.small)
    given = actions.PhotoInput(
        uuid=uuid5(SPACE, f"{here.uuid}-photo-{line}"),
        digest=actions.digest_of(raw),
        is_public=True,
    )
    actions.add_photo(
        session, actor=SYSTEM, now=now, mark=mark, given=given, picture=picture, key=key
    )


def _rows(name: str) -> list[dict[str, str]]:
    path = resource_dir("seed") / "demo" / name
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _set_chain(session: Session, now: datetime, here: Neighborhood) -> None:
    unit = session.scalars(
        select(HandlingUnit).filter_by(neighborhood_id=here.id, code=SIGNED_BY_THREE)
    ).one()
    accounts_actions.set_chain(
        session, actor=SYSTEM, now=now, unit=unit, chain=IssuingChain.THREE_STEPS
    )


def _taken_at(now: datetime, line: int, row: Mapping[str, str], number: int) -> datetime:
    """Through the last day in the order of the file, or so many days ago."""
    if row["days_ago"]:
        return now - timedelta(days=int(row["days_ago"]))
    return now - timedelta(hours=23) + timedelta(hours=22) * line / number


def _shape(
    here: Neighborhood, places: Mapping[str, BaseGeometry], row: Mapping[str, str]
) -> BaseGeometry:
    """The place itself, a line from it to another one, or a square of so many metres round it."""
    kind, _, value = row["shape"].partition(":")
    start = places[row["place"]].centroid
    if kind == "line":
        return shapely.LineString([start, places[value].centroid])
    if kind == "area":
        metric = metric_of(here)
        return metric.unproject(metric.project(start).buffer(float(value), cap_style="square"))
    return start


def _take(
    session: Session,
    now: datetime,
    here: Neighborhood,
    line: int,
    row: Mapping[str, str],
    geom: BaseGeometry,
    receipt_key: bytes,
) -> Mark:
    given = actions.MarkInput(
        uuid=uuid5(SPACE, f"{here.uuid}-{line}"),
        kind=MarkKind(row["kind"]),
        geometry=to_geojson(geom, 6),
        topic=row["topic_code"],
        reason=row["reason"],
        pin_origin=PinOrigin.IMPORT,
        channel=Channel.IMPORT,
        external_id=f"demo-{line}",
    )
    return actions.create_mark(
        session, actor=SYSTEM, now=now, neighborhood=here, given=given, receipt_key=receipt_key
    ).mark


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a case's story: when it happens, and who there is to do it."""

    session: Session
    now: datetime
    case: Case

    def person(self, login: str) -> Actor:
        """The demo's person with this login."""
        person = self.session.scalars(select(Person).where(Person.login_key == login)).one()
        return accounts.actor_for(self.session, person, local_date(self.now))

    @property
    def designer(self) -> Actor:
        """Who sits on the case's seat."""
        return self.person(self.case.seat.code if self.case.seat else "total-1")

    def member(self, office_login: str) -> Actor:
        """Who of the case's unit does it: the committee's one, or this one of the office."""
        unit = self.case.unit
        if unit is not None and unit.community_id is not None:
            code = self.session.get_one(Community, unit.community_id).code
            return self.person(f"committee-{code}")
        return self.person(office_login)


def _acknowledge(told: Told, row: Mapping[str, str]) -> None:
    routing.acknowledge(told.session, actor=told.designer, now=told.now, case=told.case)


def _opinion(told: Told, row: Mapping[str, str]) -> None:
    advice = routing.Advice(outcome=Outcome(row["outcome"]), reason=row["text"])
    routing.give_opinion(
        told.session, actor=told.designer, now=told.now, case=told.case, advice=advice
    )


def _reply(told: Told, row: Mapping[str, str]) -> None:
    answer = routing.Answer(outcome=Outcome(row["outcome"]), body=row["text"])
    routing.draft_reply(
        told.session, actor=told.member("drafter"), now=told.now, case=told.case, answer=answer
    )


def _sign(told: Told, row: Mapping[str, str]) -> None:
    draft = open_draft(told.case)
    if draft is None:
        raise Conflict()
    routing.sign_reply(
        told.session,
        actor=told.person("checker"),
        now=told.now,
        case=told.case,
        seen_digest=digest_of(draft),
    )


VERBS: dict[str, Callable[[Told, Mapping[str, str]], Any]] = {
    "acknowledge": _acknowledge,
    "opinion": _opinion,
    "reply": _reply,
    "sign": _sign,
}
"""Verb of answers.csv -> how it is done."""
