"""What residents and scripts send, as one input value; each wrong field is named, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner.core.clock import local_midnight
from planner.core.errors import BadRequest, Invalid
from planner.core.geo import Box
from planner.core.workdays import ONE_DAY
from planner.routing.terms import MarkKind

from .actions.creating import MarkInput
from .queries import Filters
from .terms import Channel, MarkStatus, PinOrigin

MAX_CHIPS = 6


class MarkProperties(BaseModel):
    """`properties` of a posted mark. One chip fixes the topic and counts as the reason."""

    model_config = ConfigDict(extra="ignore", strict=True)

    kind: str = Field(description="like, dislike or improve")
    topic: str | None = Field(
        None, max_length=40, description="code of a public topic or catalogue item"
    )
    chips: list[str] = Field(
        default_factory=list, max_length=MAX_CHIPS, description="codes; the first routes"
    )
    reason: str = Field(
        "", max_length=4_000, description="at least 4 characters unless a chip is given"
    )
    origin: str = Field("map", description="map, list, located, poster")
    poster: str | None = Field(None, max_length=40)
    secret: str | None = Field(
        None, min_length=16, max_length=100, description="proves ownership when the cookie is lost"
    )


class MarkFeature(BaseModel):
    """A GeoJSON Feature in WGS84: point, line or area."""

    model_config = ConfigDict(extra="ignore")

    type: str = "Feature"
    geometry: dict[str, Any] | None = None
    properties: MarkProperties


_CODES = {"missing": "missing", "string_too_long": "too_long", "string_too_short": "too_short"}


def key_from(header: str | None) -> UUID:
    """The Idempotency-Key: the UUID the client made for the mark."""
    try:
        return UUID(header or "")
    except ValueError as error:
        raise BadRequest("idempotency_key_missing") from error


def mark_from_json(body: Any, key: UUID) -> MarkInput:
    """A posted Feature."""
    if not isinstance(body, dict) or body.get("type", "Feature") != "Feature":
        raise Invalid(fields={"type": "not_a_choice"})
    try:
        feature = MarkFeature.model_validate(body)
    except ValidationError as error:
        raise Invalid(fields=_named(error)) from error
    given = feature.properties
    return _input(
        key,
        kind=given.kind,
        geometry=feature.geometry,
        topic=given.topic,
        chips=tuple(given.chips),
        reason=given.reason,
        origin=given.origin,
        poster=given.poster,
        secret=given.secret,
        channel=Channel.WEB,
    )


def mark_from_form(form: Mapping[str, Any], geometry: dict[str, Any] | None) -> MarkInput:
    """A mark from the page without script; its place was chosen from a list or typed."""
    chips = tuple(form.getlist("chips"))[:MAX_CHIPS] if hasattr(form, "getlist") else ()
    return _input(
        key_from(form.get("key")),
        kind=form.get("kind", ""),
        geometry=geometry,
        topic=form.get("topic") or None,
        chips=chips,
        reason=form.get("reason", ""),
        origin="list",
        poster=form.get("poster") or None,
        secret=None,
        channel=Channel.FORM,
    )


def _input(
    key: UUID,
    *,
    kind: str,
    geometry: dict[str, Any] | None,
    topic: str | None,
    chips: tuple[str, ...],
    reason: str,
    origin: str,
    poster: str | None,
    secret: str | None,
    channel: Channel,
) -> MarkInput:
    wrong: dict[str, str] = {}
    if kind not in tuple(MarkKind):
        wrong["kind"] = "kind_missing"
    if origin not in tuple(PinOrigin) or origin == PinOrigin.IMPORT:
        wrong["origin"] = "not_a_choice"
    if any(len(code) > 40 for code in chips):
        wrong["chips"] = "chip_unknown"
    if wrong:
        raise Invalid(fields=wrong)
    return MarkInput(
        uuid=key,
        kind=MarkKind(kind),
        geometry=geometry,
        topic=topic,
        chips=chips,
        reason=reason,
        pin_origin=PinOrigin(origin),
        channel=channel,
        poster=poster,
        secret=secret,
    )


def _named(error: ValidationError) -> dict[str, str]:
    named = {}
    for each in error.errors():
        path = [str(part) for part in each["loc"] if part not in ("properties",)]
        named[path[0] if path else "properties"] = _CODES.get(each["type"], "invalid_value")
    return named


@dataclass(frozen=True, slots=True)
class FilterForm:
    """Filters as read, and the words to repeat them in an address."""

    filters: Filters
    args: dict[str, Any] = field(default_factory=dict)


def filters_from(args: Mapping[str, Any]) -> FilterForm:
    """Filters of map, list, export and API: one reading for all; unknown values are refused by name."""
    wrong: dict[str, str] = {}
    kinds = _choices(args, "kind", MarkKind, wrong)
    statuses = _choices(args, "status", MarkStatus, wrong)
    tier = args.get("tier") or None
    if tier not in (None, "total", "street", "community"):
        wrong["tier"] = "not_a_choice"
    grid = args.get("grid") or None
    if grid is not None and not (grid.isdigit() and len(grid) <= 5):
        wrong["grid"] = "not_a_number"
    since, until = _day(args, "since", wrong), _day(args, "until", wrong)
    box = _box(args.get("bbox"), wrong)
    if wrong:
        raise Invalid(fields=wrong)
    words = (args.get("q") or "").strip()[:60].replace("\x00", "")
    topics = tuple(code for code in (args.get("topic") or "").split(",") if code)
    made = Filters(
        kinds=tuple(MarkKind(kind) for kind in kinds),
        topics=topics,
        tier=tier,
        grid=int(grid) if grid else None,
        statuses=tuple(MarkStatus(status) for status in statuses),
        since=local_midnight(since) if since else None,
        until=local_midnight(until + ONE_DAY) if until else None,
        words=words,
        box=box,
    )
    names = ("kind", "topic", "tier", "grid", "status", "since", "until", "q", "bbox")
    return FilterForm(made, {name: args[name] for name in names if args.get(name)})


def _choices(args: Mapping[str, Any], name: str, kind: Any, wrong: dict[str, str]) -> list[str]:
    values = [value for value in (args.get(name) or "").split(",") if value]
    if any(value not in tuple(kind) for value in values):
        wrong[name] = "not_a_choice"
        return []
    return values


def _day(args: Mapping[str, Any], name: str, wrong: dict[str, str]) -> date | None:
    value = (args.get(name) or "").strip()
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        wrong[name] = "not_a_date"
        return None


def _box(text: str | None, wrong: dict[str, str]) -> Box | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        wrong["bbox"] = "not_a_number"
        return None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        wrong["bbox"] = "not_a_number"
        return None
    return (west, south, east, north)


def parse_instant(text: str) -> datetime | None:
    """An ISO instant with offset (or taken as UTC) from a file."""
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
