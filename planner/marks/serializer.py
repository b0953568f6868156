"""The only place that turns marks into output. Each field names who may read it.

Device, secrets, receipt hashes, entering staff and precise origin of a person are in no output at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeAlias

import orjson
import shapely

from planner.accounts.models import Consent
from planner.core.clock import LOCAL_ZONE
from planner.core.text import csv_rows

from .models import Addition, Mark, Moderation, Photo


class Reader(IntEnum):
    """Who reads: everybody, or staff of the neighborhood."""

    PUBLIC = 0
    STAFF = 1


FIELDS: dict[str, Reader] = {
    "id": Reader.PUBLIC,
    "code": Reader.PUBLIC,
    "kind": Reader.PUBLIC,
    "topic": Reader.PUBLIC,
    "topic_label": Reader.PUBLIC,
    "item": Reader.PUBLIC,
    "reason": Reader.PUBLIC,
    "place": Reader.PUBLIC,
    "grid": Reader.PUBLIC,
    "status": Reader.PUBLIC,
    "tier": Reader.PUBLIC,
    "seat": Reader.PUBLIC,
    "handling_unit": Reader.PUBLIC,
    "case": Reader.PUBLIC,
    "case_state": Reader.PUBLIC,
    "supporters": Reader.PUBLIC,
    "photos": Reader.PUBLIC,
    "occurred_at": Reader.PUBLIC,
    "published_at": Reader.PUBLIC,
    "received_at": Reader.STAFF,
    "channel": Reader.STAFF,
    "external_id": Reader.STAFF,
    "declared_datum": Reader.STAFF,
    "in_tolerance_strip": Reader.STAFF,
}
"""Field -> the least reader who may have it. A field that is not listed does not leave."""


def instant(value: datetime | None) -> str | None:
    """RFC 3339 with the local offset."""
    return None if value is None else value.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")


Photos: TypeAlias = Sequence[Mapping[str, str]]
"""Addresses of the photos this reader may see; made by the view, which knows addresses."""

NOT_IN_TABLES = frozenset({"photos"})


def properties(
    row: Any, labels: Mapping[str, str], reader: Reader, photos: Photos | None = None
) -> dict[str, Any]:
    """Fields of one row of `queries.marks` for this reader; downloads of many marks have no photos."""
    made = {
        "id": str(row.uuid),
        "code": row.code,
        "kind": row.kind.value,
        "topic": row.public_topic_code,
        "topic_label": labels.get(row.public_topic_code, row.public_topic_code),
        "item": row.topic_code,
        "reason": row.reason or "",
        "place": row.place_name,
        "grid": row.grid,
        "status": row.status.value,
        "tier": row.tier.value,
        "seat": f"{row.seat_tier.value}-{row.seat_number}" if row.seat_tier else None,
        "handling_unit": row.handling_unit,
        "case": row.case_code,
        "case_state": row.case_state.value,
        "supporters": row.supporters,
        "occurred_at": instant(row.occurred_at),
        "published_at": instant(row.published_at),
        "received_at": instant(row.received_at),
        "channel": row.channel.value,
        "external_id": row.external_id,
        "declared_datum": row.declared_datum,
        "in_tolerance_strip": row.in_tolerance_strip,
    }
    if photos is not None:
        made["photos"] = list(photos)
    return {name: value for name, value in made.items() if FIELDS[name] <= reader}


def feature(
    row: Any, labels: Mapping[str, str], reader: Reader, photos: Photos | None = None
) -> dict[str, Any]:
    """One GeoJSON Feature; the geometry is the text the database made."""
    return {
        "type": "Feature",
        "id": str(row.uuid),
        "geometry": orjson.Fragment(row.geometry),
        "properties": properties(row, labels, reader, photos),
    }


def geojson_chunks(
    rows: Iterable[Any], labels: Mapping[str, str], reader: Reader
) -> Iterator[bytes]:
    """A FeatureCollection piece by piece, WGS84 with 6 decimals (0.1 m)."""
    yield b'{"type":"FeatureCollection","features":['
    for number, row in enumerate(rows):
        yield (b",\n" if number else b"\n") + orjson.dumps(feature(row, labels, reader))
    yield b"\n]}\n"


def csv_columns(reader: Reader) -> list[str]:
    """Column codes of the CSV for this reader: its fields, the point, and the whole shape as WKT."""
    fields = [
        name for name, least in FIELDS.items() if least <= reader and name not in NOT_IN_TABLES
    ]
    return [*fields, "lon", "lat", "geometry"]


def csv_chunks(
    rows: Iterable[Any],
    labels: Mapping[str, str],
    reader: Reader,
    *,
    header: Mapping[str, str] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[str]:
    """A formula-safe CSV line by line.

    Args:
        header: column code -> heading for people; without it the codes themselves.
        words: column code -> value -> word for people.
    """
    columns, headings, spoken = csv_columns(reader), header or {}, words or {}

    def cells(row: Any) -> list[object]:
        values = properties(row, labels, reader)
        shape = shapely.to_wkt(shapely.from_geojson(row.geometry), rounding_precision=6)
        values |= {"lon": round(row.lon, 6), "lat": round(row.lat, 6), "geometry": shape}
        values["in_tolerance_strip"] = "yes" if row.in_tolerance_strip else "no"
        return [spoken.get(name, {}).get(values[name], values[name]) for name in columns]

    return csv_rows([headings.get(name, name) for name in columns], map(cells, rows))


def own_data(
    mark: Mark,
    row: Any,
    labels: Mapping[str, str],
    history: Iterable[Moderation],
    photos: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Everything kept about one mark, for its author; what staff noted to each other is not part of it."""
    return {
        **feature(row, labels, Reader.PUBLIC),
        "received_at": instant(mark.received_at),
        "channel": mark.channel.value,
        "declared_datum": mark.declared_datum,
        "chips": [{"code": chip.code, "text": chip.text} for chip in mark.chips],
        "first_wording": mark.wording.original if mark.wording else None,
        "additions": [_addition(addition) for addition in mark.additions],
        "photos": list(photos),
        "publication": [
            {"verb": act.verb.value, "status": act.to_status, "at": instant(act.at)}
            for act in history
        ],
    }


def _addition(addition: Addition) -> dict[str, Any]:
    return {
        "text": addition.text,
        "first_wording": addition.original,
        "at": instant(addition.at),
    }


def own_photo(photo: Photo, addresses: Mapping[str, str]) -> dict[str, Any]:
    """A photo with what was agreed and done, for its author."""
    return {
        **addresses,
        "agreed_to_publish": photo.is_public,
        "status": photo.status.value,
        "covered_at": instant(photo.covered_at),
        "at": instant(photo.created_at),
    }


def consent_json(consent: Consent) -> dict[str, Any]:
    """A consent given or withdrawn, for the one who gave it."""
    return {
        "kind": consent.kind.value,
        "given": consent.is_given,
        "text_version": consent.text_version,
        "at": instant(consent.at),
    }
