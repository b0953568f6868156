"""A mark as sent by a program or by the page without script; each wrong field is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from planner.core.errors import BadRequest, Invalid
from planner.routing.terms import MarkKind

from ..actions.creating import MarkInput
from ..schemas import MAX_CHIPS, SENT_ORIGINS, MarkFeature
from ..terms import Channel, PinOrigin

_CODES = {"missing": "missing", "string_too_long": "too_long", "string_too_short": "too_short"}
_FIELDS = {"kind": "kind_missing", "grid": "grid_not_near"}


def key_from(header: str | None) -> UUID:
    """The Idempotency-Key: the UUID the client made for the mark."""
    try:
        return UUID(header or "")
    except ValueError as error:
        raise BadRequest("idempotency_key_missing") from error


def mark_from_json(body: Any, key: UUID) -> MarkInput:
    """A posted Feature."""
    if not isinstance(body, dict) or body.get("type", "Feature") != "Feature":
        raise Invalid(fields={"type": "not_a_feature"})
    try:
        feature = MarkFeature.model_validate(body)
    except ValidationError as error:
        raise Invalid(fields=_named(error)) from error
    given = feature.properties
    _refuse_unknown(given.kind, given.origin)
    return MarkInput(
        uuid=key,
        kind=MarkKind(given.kind),
        geometry=feature.geometry,
        topic=given.topic,
        chips=tuple(given.chips),
        reason=given.reason,
        grid=given.grid,
        pin_origin=PinOrigin(given.origin),
        channel=Channel.WEB,
        poster=given.poster,
        secret=given.secret,
        made_at=_instant(given.made_at),
    )


def mark_from_form(form: Mapping[str, Any], geometry: dict[str, Any] | None) -> MarkInput:
    """A mark from the page without script; its place was chosen from a list."""
    key, kind = key_from(form.get("key")), form.get("kind", "")
    chips = tuple(form.getlist("chips"))[:MAX_CHIPS] if hasattr(form, "getlist") else ()
    _refuse_unknown(kind, PinOrigin.LIST)
    return MarkInput(
        uuid=key,
        kind=MarkKind(kind),
        geometry=geometry,
        topic=form.get("topic") or None,
        chips=chips,
        reason=form.get("reason", ""),
        grid=_grid(form.get("grid", "")),
        pin_origin=PinOrigin.LIST,
        channel=Channel.FORM,
        poster=form.get("poster") or None,
    )


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        made = datetime.fromisoformat(text)
        if made.tzinfo is None:
            raise Invalid(fields={"made_at": "invalid_value"})
        return made.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(fields={"made_at": "invalid_value"}) from error


def _grid(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(fields={"grid": "grid_not_near"})
    return int(text)


def _refuse_unknown(kind: str, origin: str) -> None:
    wrong: dict[str, str] = {}
    if kind not in tuple(MarkKind):
        wrong["kind"] = "kind_missing"
    if origin not in SENT_ORIGINS:
        wrong["origin"] = "not_a_choice"
    if wrong:
        raise Invalid(fields=wrong)


def _named(error: ValidationError) -> dict[str, str]:
    """Field -> code; a field inside `properties` is named by itself."""
    named: dict[str, str] = {}
    for each in error.errors():
        path = [str(part) for part in each["loc"]]
        name = path[1] if path[0] == "properties" and len(path) > 1 else path[0]
        named[name] = _FIELDS.get(name) or _CODES.get(each["type"], "invalid_value")
    return named
