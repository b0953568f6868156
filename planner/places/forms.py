"""Forms of the places pages as plain values; every wrong field is named at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

import shapely
from werkzeug.datastructures import FileStorage

from planner.core.clock import LOCAL_ZONE
from planner.core.datum import parse_datum, to_wgs84
from planner.core.errors import Invalid, TooLarge

from .actions import Upload
from .reading.bounds import MEGABYTE
from .rules import NeighborhoodSettings
from .terms import ImportTarget, LayerKind

UPLOAD_BYTES = 20 * MEGABYTE
BOUNDARY_BYTES = 2 * MEGABYTE
Form = Mapping[str, str]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class SettingsInput:
    """Settings, tolerance strip and collecting window."""

    settings: NeighborhoodSettings
    tolerance_m: int
    collecting_from: datetime | None
    collecting_until: datetime | None


@dataclass(frozen=True, slots=True)
class SpotInput:
    """A point in WGS84."""

    point: shapely.Point


class _Fields:
    """Collects what is wrong, field by field."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.wrong: dict[str, str] = {}

    def take(self, name: str, read: Callable[[str], Value], default: Value) -> Value:
        """The field read, or the default with its fault noted."""
        try:
            return read(self.form.get(name, "").strip())
        except Invalid as error:
            self.wrong[name] = next(iter(error.fields.values()), error.code)
            return default

    def check(self) -> None:
        """Refuse when anything was wrong."""
        if self.wrong:
            raise Invalid(fields=self.wrong)


def settings_form(form: Form, held: NeighborhoodSettings) -> SettingsInput:
    """The settings page; fields that are not on it keep their value."""
    each = _Fields(form)
    values: dict[str, Any] = {}
    for field in fields(NeighborhoodSettings):
        current = getattr(held, field.name)
        if isinstance(current, bool):
            values[field.name] = form.get(field.name) == "yes"
        elif field.name not in form:
            values[field.name] = current
        elif isinstance(current, int):
            values[field.name] = each.take(field.name, whole, current)
        else:
            values[field.name] = each.take(field.name, _short, current)
    made = SettingsInput(
        settings=NeighborhoodSettings(**values),
        tolerance_m=each.take("tolerance_m", whole, 0),
        collecting_from=each.take("collecting_from", instant, None),
        collecting_until=each.take("collecting_until", instant, None),
    )
    each.check()
    return made


def upload_form(form: Form, file: FileStorage | None) -> Upload:
    """An uploaded map file with what somebody said about it."""
    each = _Fields(form)
    target = each.take("target", lambda text: _member(ImportTarget, text), ImportTarget.BASE)
    layer = each.take("layer", lambda text: _member(LayerKind, text) if text else None, None)
    datum = each.take("crs", lambda text: parse_datum(text) if text else "", "")
    name, content = each.take("file", lambda _: received(file, UPLOAD_BYTES), ("", b""))
    each.check()
    return Upload(
        filename=name,
        content=content,
        target=target,
        datum=datum,
        layer=layer if target is ImportTarget.BASE else None,
        source=form.get("source", "").strip(),
        reason=form.get("reason", "").strip(),
    )


def received(file: FileStorage | None, most: int) -> tuple[str, bytes]:
    """Name and bytes of an uploaded file."""
    if file is None or not file.filename:
        raise Invalid(fields={"file": "file_missing"})
    content = file.stream.read(most + 1)
    if len(content) > most:
        raise TooLarge(
            "file_too_large", fields={"file": "file_too_large"}, megabytes=most // MEGABYTE
        )
    return file.filename, content


def spot_form(form: Form) -> SpotInput:
    """A point typed as longitude and latitude in a declared datum."""
    each = _Fields(form)
    lon = each.take("lon", _degrees, 0.0)
    lat = each.take("lat", _degrees, 0.0)
    datum = each.take("crs", lambda text: parse_datum(text) if text else "wgs84", "wgs84")
    each.check()
    x, y = to_wgs84([lon, lat], datum)
    if not (-180 <= x <= 180 and -85 <= y <= 85):
        raise Invalid(fields={"lon": "place_outside"})
    return SpotInput(shapely.Point(float(x), float(y)))


def radius(form: Form) -> int:
    """Metres round a point."""
    try:
        return whole(form.get("radius_m", "").strip())
    except Invalid as error:
        raise Invalid(fields={"radius_m": error.code}) from error


def whole(text: str) -> int:
    """A whole number of at most nine digits."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Invalid("not_a_number" if text else "missing")
    return int(text)


def instant(text: str) -> datetime | None:
    """A local date and time; empty for none."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)
    except ValueError as error:
        raise Invalid("not_a_date") from error


def _degrees(text: str) -> float:
    try:
        made = float(text[:40])
    except ValueError as error:
        raise Invalid("not_a_number" if text else "missing") from error
    if not -180 <= made <= 180:
        raise Invalid("out_of_range")
    return made


def _short(text: str) -> str:
    if len(text) > 240:
        raise Invalid("too_long")
    return text


def _member(kind: Any, text: str) -> Any:
    if text not in tuple(kind):
        raise Invalid("not_a_choice" if text else "missing")
    return kind(text)
