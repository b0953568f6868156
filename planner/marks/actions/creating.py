"""Taking a mark exactly once: placed, routed, dated and receipted in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM, Actor
from planner.core.codes import public_code, receipt_code, receipt_hash
from planner.core.errors import Conflict, Gone, Invalid
from planner.core.geo import Box, to_element
from planner.core.shapes import Caps, parse_shape
from planner.core.text import clean_reason, normal
from planner.places.models import Neighborhood
from planner.places.queries import (
    PlaceFacts,
    current_grid,
    extent_of,
    locate,
    metric_of,
    poster_point,
    settings_of,
)
from planner.routing.actions import open_case
from planner.routing.models import Case, Chip
from planner.routing.queries import chips as chips_in_force
from planner.routing.queries import public_topics, topic_in_force
from planner.routing.terms import MarkKind

from ..models import ErasedMark, Mark, MarkChip, PlaceTag, Wording
from ..rules import check_window, counts_from, happened_at, title_of
from ..terms import Channel, MarkStatus, MarkVerb, PinOrigin
from .moderating import moderate
from .noting import note


@dataclass(frozen=True, slots=True)
class MarkInput:
    """A mark as sent. `geometry` is unchecked GeoJSON in WGS84; `secret` proves ownership later.

    `grid` chooses among the grid cells of a place near a border; None is the nearest one.
    `made_at` is the client's clock: it dates a mark that waited for network, and proves nothing.
    """

    uuid: UUID
    kind: MarkKind
    geometry: Any
    reason: str = ""
    chips: tuple[str, ...] = ()
    topic: str | None = None
    grid: int | None = None
    pin_origin: PinOrigin = PinOrigin.MAP
    channel: Channel = Channel.WEB
    poster: str | None = None
    secret: str | None = None
    declared_datum: str = "wgs84"
    external_id: str | None = None
    occurred_at: datetime | None = None
    made_at: datetime | None = None
    entered_by: str | None = None

    @property
    def body_hash(self) -> bytes:
        """What makes two posts the same: everything but the keys."""
        body = [
            self.kind,
            self.geometry,
            self.topic,
            self.chips,
            self.reason,
            self.poster,
            self.grid,
        ]
        return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()

    @property
    def secret_hash(self) -> bytes | None:
        """What is stored of the client's secret."""
        return None if self.secret is None else secret_digest(self.secret)


def secret_digest(secret: str) -> bytes:
    """What is stored of a client's secret."""
    return hashlib.sha256(b"planner secret:" + secret.encode()).digest()


@dataclass(frozen=True, slots=True)
class Created:
    """A stored mark with the receipt code only its author is shown."""

    mark: Mark
    receipt_code: str
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """What a mark is about: words, chips in order, and the topic the first of them names."""

    words: str
    chips: tuple[Chip, ...]
    public_topic: str
    topic: str | None


def create_mark(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    given: MarkInput,
    receipt_key: bytes,
) -> Created:
    """Take a mark once per UUID.

    Raises:
        Gone: it was taken and deleted by its author.
        Conflict: the UUID came with another body, or belongs to another device.
        Invalid: a field is wrong, or the neighborhood is not collecting.
        OutsideArea: the place is outside or restricted.
    """
    code = receipt_code(receipt_key, given.uuid)
    held = replayed(session, actor, neighborhood, given)
    if held is not None:
        return Created(held, code, is_replay=True)
    if given.channel is not Channel.IMPORT:
        window = neighborhood.collecting_from, neighborhood.collecting_until
        check_window(*window, counts_from(*window, given.made_at, now))
    geom = shape_of(neighborhood, given.geometry)
    reason = reason_of(session, neighborhood, given)
    place = chosen_place(session, neighborhood, locate(session, neighborhood, geom), given.grid)
    case = open_case(
        session,
        actor=actor,
        now=now,
        neighborhood=neighborhood,
        place=place,
        geom=geom,
        subject_kind="mark",
        title=title_of(
            given.kind, [chip.text for chip in reason.chips], reason.words, place.place_name
        ),
        excerpt=reason.words,
        topic_code=reason.topic,
        public_topic_code=reason.public_topic,
        is_clocked=given.kind is not MarkKind.LIKE,
    )
    mark = _mark(
        session, actor, now, neighborhood, given, geom, place, reason, case, receipt_hash(code)
    )
    session.add(mark)
    session.flush()
    _attach(session, now, mark, reason, place)
    facts = {"kind": mark.kind, "topic": mark.public_topic_code, "channel": mark.channel}
    note(session, actor, now, mark, "mark.create", facts=facts, words=reason.words)
    if not settings_of(neighborhood).review_before_publication:
        moderate(session, actor=SYSTEM, now=now, mark=mark, verb=MarkVerb.PUBLISH)
    session.flush()
    return Created(mark, code, is_replay=False)


def replayed(
    session: Session, actor: Actor, neighborhood: Neighborhood, given: MarkInput
) -> Mark | None:
    """The mark this UUID already made for the same sender and body, if any."""
    held = session.scalars(select(Mark).where(Mark.uuid == given.uuid)).first()
    if held is None:
        return None
    if session.get(ErasedMark, given.uuid) is not None:
        raise Gone("mark_erased")
    if held.neighborhood_id != neighborhood.id or not _same_sender(held, actor, given):
        raise Conflict("uuid_taken")
    if held.body_hash != given.body_hash:
        raise Conflict("body_differs")
    return held


def _same_sender(held: Mark, actor: Actor, given: MarkInput) -> bool:
    if held.channel is Channel.IMPORT:
        return given.channel is Channel.IMPORT
    by_device = actor.device is not None and held.device_hash == bytes.fromhex(actor.device)
    by_secret = given.secret_hash is not None and held.secret_hash == given.secret_hash
    return by_device or by_secret


def shape_of(neighborhood: Neighborhood, value: Any, extent: Box | None = None) -> BaseGeometry:
    """The sent geometry, checked against the neighborhood's extent and caps."""
    settings = settings_of(neighborhood)
    return parse_shape(
        value,
        extent=extent or extent_of(neighborhood),
        metric=metric_of(neighborhood),
        caps=Caps(settings.line_cap_m, settings.area_cap_m2),
    )


def chosen_place(
    session: Session, neighborhood: Neighborhood, place: PlaceFacts, number: int | None
) -> PlaceFacts:
    """The place in the grid cell its sender named, which must be the nearest one or near the border."""
    if number is None or number == place.grid_number:
        return place
    if number not in place.near_border_numbers:
        raise Invalid(fields={"grid": "grid_not_near"})
    cell = next(cell for cell in current_grid(session, neighborhood) if cell.number == number)
    return replace(
        place,
        grid_cell_id=cell.id,
        grid_number=cell.number,
        community_id=cell.community_id or place.community_id,
        community_code=cell.community.code if cell.community else place.community_code,
    )


def reason_of(session: Session, neighborhood: Neighborhood, given: MarkInput) -> Reason:
    """Chips in force and cleaned words; one of the two is needed, and a topic from either."""
    settings = settings_of(neighborhood)
    chosen = _chips(session, neighborhood, given)
    words = normal(given.reason, field="reason")
    if words or not chosen:
        words = clean_reason(words, minimum=settings.min_reason, maximum=settings.max_reason)
    if not words:
        words = "；".join(chip.text for chip in chosen)
    if chosen:
        return Reason(words, chosen, chosen[0].public_topic_code, chosen[0].topic_code)
    public, topic = _topic(session, neighborhood, given.topic)
    return Reason(words, (), public, topic)


def about(
    session: Session, neighborhood: Neighborhood, kind: MarkKind, chip: str, topic: str
) -> str | None:
    """The public topic that a chip (or else a topic) names; None for 请帮我归类."""
    if not chip:
        return _topic(session, neighborhood, topic)[0]
    known = {each.code: each for each in chips_in_force(session, neighborhood.id, kind)}
    if chip not in known:
        raise Invalid(fields={"chips": "chip_unknown"})
    return known[chip].public_topic_code if known[chip].topic_code else None


def _chips(session: Session, neighborhood: Neighborhood, given: MarkInput) -> tuple[Chip, ...]:
    if not given.chips:
        return ()
    known = {chip.code: chip for chip in chips_in_force(session, neighborhood.id, given.kind)}
    wanted = list(dict.fromkeys(given.chips))
    if any(code not in known for code in wanted):
        raise Invalid(fields={"chips": "chip_unknown"})
    return tuple(known[code] for code in wanted)


def _topic(
    session: Session, neighborhood: Neighborhood, code: str | None
) -> tuple[str, str | None]:
    if not code:
        raise Invalid(fields={"topic": "topic_missing"})
    if code in {topic.code for topic in public_topics(session, neighborhood.id)}:
        return code, None
    item = topic_in_force(session, neighborhood.id, code)
    if item is None:
        raise Invalid(fields={"topic": "topic_unknown"})
    return item.public_topic_code, item.code


def _mark(
    session: Session,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    given: MarkInput,
    geom: BaseGeometry,
    place: PlaceFacts,
    reason: Reason,
    case: Case,
    receipt: bytes,
) -> Mark:
    poster = poster_point(session, given.poster) if given.poster else None
    point = geom if geom.geom_type == "Point" else geom.representative_point()
    return Mark(
        uuid=given.uuid,
        code=public_code("M"),
        neighborhood_id=neighborhood.id,
        case_id=case.id,
        case=case,
        kind=given.kind,
        status=MarkStatus.RECEIVED,
        public_topic_code=reason.public_topic,
        topic_code=reason.topic,
        geom=to_element(geom),
        lon=point.x,
        lat=point.y,
        place_name=place.place_name,
        grid_cell_id=place.grid_cell_id,
        grid_is_chosen=given.grid is not None,
        community_id=place.community_id,
        building_id=place.building_id,
        in_tolerance_strip=place.in_tolerance_strip,
        channel=given.channel,
        pin_origin=PinOrigin.POSTER if poster else given.pin_origin,
        poster_point_id=poster.id if poster and poster.neighborhood_id == neighborhood.id else None,
        declared_datum=given.declared_datum,
        external_id=given.external_id,
        device_hash=bytes.fromhex(actor.device) if actor.device else None,
        secret_hash=given.secret_hash,
        receipt_hash=receipt,
        body_hash=given.body_hash,
        entered_by=given.entered_by,
        occurred_at=given.occurred_at or happened_at(given.made_at, now),
        received_at=now,
    )


def _attach(session: Session, now: datetime, mark: Mark, reason: Reason, place: PlaceFacts) -> None:
    session.add(Wording(mark_id=mark.id, reason=reason.words))
    session.add(
        PlaceTag(
            mark_id=mark.id,
            grid_cell_id=place.grid_cell_id,
            building_id=place.building_id,
            since=now,
        )
    )
    for position, chip in enumerate(reason.chips):
        session.add(MarkChip(mark_id=mark.id, chip_id=chip.id, position=position))
