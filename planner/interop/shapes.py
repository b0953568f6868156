"""JSON schemas of what the API answers. Pure data; fields of a mark come from its one serializer."""

from __future__ import annotations

from typing import Any, TypeAlias

from planner.accounts.terms import DesignerTier
from planner.marks.serializer import FIELDS, Reader
from planner.marks.terms import Channel, MarkStatus
from planner.routing.terms import CaseState, MarkKind

Schema: TypeAlias = dict[str, Any]


def text(description: str = "") -> Schema:
    """A text."""
    return {"type": "string", **({"description": description} if description else {})}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(kind: Any) -> Schema:
    """A member of an enum."""
    return {"type": "string", "enum": [member.value for member in kind]}


def listed(schema: Schema) -> Schema:
    """Any number of them."""
    return {"type": "array", "items": schema}


def thing(properties: dict[str, Schema], *optional: str) -> Schema:
    """An object whose properties are all there, but for the optional ones."""
    needed = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": needed}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


INSTANT: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
UUID: Schema = {"type": "string", "format": "uuid"}
_TYPES: dict[str, Schema] = {
    "id": UUID,
    "kind": one_of(MarkKind),
    "item": maybe(text("code of the catalogue item")),
    "grid": maybe(WHOLE),
    "status": one_of(MarkStatus),
    "tier": one_of(DesignerTier),
    "seat": maybe(text("such as community-3")),
    "handling_unit": maybe(text()),
    "case_state": one_of(CaseState),
    "supporters": WHOLE,
    "photos": listed(ref("Photo")),
    "occurred_at": INSTANT,
    "published_at": maybe(INSTANT),
    "received_at": INSTANT,
    "channel": one_of(Channel),
    "external_id": maybe(text()),
    "in_tolerance_strip": {"type": "boolean"},
}
ADDRESS = text("address of a JPEG; answers by the rights of its mark")
_PHOTO: dict[str, Schema] = {"id": UUID, "small": ADDRESS, "large": ADDRESS}
STAFF_FIELDS = [name for name, least in FIELDS.items() if least > Reader.PUBLIC]
MARK_PROPERTIES = thing({name: _TYPES.get(name, text()) for name in FIELDS}, *STAFF_FIELDS)


def _geometry(kind: str, depth: int) -> Schema:
    coordinates: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
    for _ in range(depth):
        coordinates = listed(coordinates)
    return thing({"type": {"const": kind}, "coordinates": coordinates})


_FEATURE: dict[str, Schema] = {
    "type": {"const": "Feature"},
    "id": UUID,
    "geometry": ref("Geometry"),
    "properties": ref("MarkFields"),
}
_COLLECTING = thing({"open": {"type": "boolean"}, "from": maybe(INSTANT), "until": maybe(INSTANT)})
_BRIEF: dict[str, Schema] = {"slug": text(), "name": text(), "collecting": _COLLECTING}
_FAULT = thing({"code": text(), "message": text("in the reader's language")})

SCHEMAS: dict[str, Schema] = {
    "Geometry": {
        "description": "GeoJSON in WGS84 (longitude, latitude), 6 decimals",
        "oneOf": [_geometry("Point", 0), _geometry("LineString", 1), _geometry("Polygon", 2)],
    },
    "MarkFields": MARK_PROPERTIES,
    "Photo": thing(_PHOTO),
    "PhotoSent": thing({**_PHOTO, "width": WHOLE, "height": WHOLE}),
    "Case": thing(
        {
            "code": text(),
            "state": one_of(CaseState),
            "tier": one_of(DesignerTier),
            "seat": maybe(text("such as community-3; null: the office's unassigned list")),
            "handling_unit": maybe(text()),
            "explanation": text("why it came there: rule and version, in the reader's language"),
            "opinion_due_at": maybe(INSTANT),
            "reply_due_at": maybe(INSTANT),
        }
    ),
    "Mark": thing({**_FEATURE, "case": ref("Case")}),
    "MarkRow": thing(_FEATURE),
    "MarkCreated": thing(
        {
            **_FEATURE,
            "receipt_code": text("opens the mark and its progress; only its author is shown it"),
            "receipt_url": text("path of the page behind the receipt code"),
            "case": ref("Case"),
        }
    ),
    "MarkPage": thing(
        {
            "type": {"const": "FeatureCollection"},
            "features": listed(ref("MarkRow")),
            "total": WHOLE,
            "cursor": maybe(text("asks for the next page")),
        }
    ),
    "Cells": thing(
        {
            "cells": listed(
                thing(
                    {
                        "id": text("zoom/column/row of a fixed lattice"),
                        "lon": NUMBER,
                        "lat": NUMBER,
                        **{kind.value: WHOLE for kind in MarkKind},
                    }
                )
            ),
            "total": WHOLE,
            "zoom": WHOLE,
        }
    ),
    "NearMarks": thing(
        {
            "within_m": WHOLE,
            "total": WHOLE,
            "marks": listed(
                thing(
                    {
                        "id": UUID,
                        "code": text(),
                        "kind": one_of(MarkKind),
                        "reason": text(),
                        "place": text(),
                        "distance_m": WHOLE,
                        "supporters": WHOLE,
                        "photo": maybe(text("address of a small picture")),
                    }
                )
            ),
        }
    ),
    "Endorsed": thing({"code": text("of the mark"), "supporters": WHOLE}),
    "Chips": thing({"chips": listed(text("code of a ready reason"))}),
    "Neighborhoods": thing({"neighborhoods": listed(thing(_BRIEF))}),
    "Neighborhood": thing(
        {
            **_BRIEF,
            "boundary": thing({"type": {"const": "MultiPolygon"}, "coordinates": listed({})}),
            "topics": listed(thing({"code": text(), "label": text()})),
        }
    ),
    "Problem": thing(
        {
            "type": text(),
            "title": text(),
            "status": {"type": "integer"},
            "code": text("stable; texts may change"),
            "detail": text("in the reader's language"),
            "errors": {"type": "object", "additionalProperties": _FAULT},
        },
        "errors",
    ),
}
