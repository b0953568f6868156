"""The OpenAPI 3.1 document: every address of the API with every answer it can give. Pure data."""

from __future__ import annotations

from functools import cache
from typing import Any

from planner.marks.schemas import FILTERS, MAX_LIMIT, MAX_ZOOM, MarkFeature
from planner.marks.terms import MESSAGES

from .shapes import SCHEMAS, Schema, ref, text

JSON, GEOJSON, PROBLEM = "application/json", "application/geo+json", "application/problem+json"
IMAGES = ("image/jpeg", "image/png", "image/webp", "image/heic")
REFUSALS: dict[int, str] = {
    400: "The request cannot be read: broken JSON or UTF-8, a key twice, no Idempotency-Key.",
    401: "The token is wrong or has run out.",
    403: "It came from a page of another site.",
    404: "Not here, or not for this reader.",
    409: f"uuid_taken: {MESSAGES['uuid_taken']} body_differs: {MESSAGES['body_differs']}",
    410: f"mark_erased: {MESSAGES['mark_erased']}",
    413: "More than 64 KB; a photo more than 6 MB.",
    422: "Readable, but a field breaks a rule; `errors` names each.",
    429: "Too many from this device or address; Retry-After says how many seconds.",
    500: "Our fault; it is logged.",
    503: "The database is away for a moment; Retry-After says how many seconds.",
}
ALWAYS = (400, 401, 500, 503)


def _problem(status: int) -> Schema:
    return {"description": REFUSALS[status], "content": {PROBLEM: {"schema": ref("Problem")}}}


def _answers(good: dict[int, tuple[str, str, str]], *refusals: int) -> Schema:
    """Status -> answer; `good`: status -> (description, media type, schema name)."""
    made: Schema = {
        str(status): {"description": words, "content": {media: {"schema": ref(name)}}}
        for status, (words, media, name) in good.items()
    }
    made |= {str(status): _problem(status) for status in sorted({*refusals, *ALWAYS})}
    return made


def _query(name: str, description: str, schema: Schema | None = None) -> Schema:
    found = schema or {"type": "string"}
    return {"name": name, "in": "query", "description": description, "schema": found}


def _path(name: str, schema: Schema | None = None) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def _whole(least: int, most: int, default: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


_FILTERS = [_query(name, words) for name, words in FILTERS.items()]
_PLACE = [
    _query("lon", "longitude", {"type": "number"}),
    _query("lat", "latitude", {"type": "number"}),
    _query("kind", "like, dislike or improve"),
]
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "the UUID the client made for this mark; the same again gives the same mark",
    "schema": {"type": "string", "format": "uuid"},
}
_CREATE = {
    "operationId": "createMark",
    "summary": "Leave a mark",
    "description": (
        "The same key and body again answer 200 with the same mark, from the same device or with the same"
        " `secret`. Fields that are ours (owner, status, tier, seat) are ignored. Scripts without cookies"
        " send a `secret`, so that a lost answer can be asked for again."
    ),
    "parameters": [_KEY],
    "requestBody": {
        "required": True,
        "content": {media: {"schema": ref("MarkFeature")} for media in (JSON, GEOJSON)},
    },
    "responses": _answers(
        {
            200: ("It was here already.", GEOJSON, "MarkCreated"),
            201: ("Taken; Location names it.", GEOJSON, "MarkCreated"),
        },
        403,
        404,
        409,
        410,
        413,
        422,
        429,
    ),
}
_MARKS = {
    "parameters": [_path("slug")],
    "get": {
        "operationId": "listMarks",
        "summary": "Visible marks, newest first",
        "description": (
            "Everybody sees published marks, an author also the own ones, staff what their place allows."
            " `total` is exact up to 50,000."
        ),
        "parameters": [
            *_FILTERS,
            _query("limit", "marks on a page", _whole(1, MAX_LIMIT, 100)),
            _query("cursor", "`cursor` of the page before", {"type": "string"}),
        ],
        "responses": _answers({200: ("A page.", GEOJSON, "MarkPage")}, 404, 422),
    },
    "post": _CREATE,
}

_PHOTO = {
    "parameters": [
        _path("slug"),
        _path("uuid", {"type": "string", "format": "uuid"}),
        _path("photo", {"type": "string", "format": "uuid"}),
    ],
    "put": {
        "operationId": "putPhoto",
        "summary": "Add a photo to one's own mark",
        "description": (
            "From the device that sent the mark, or with its `secret` in the header `Planner-Secret`."
            " The photo is drawn anew; nothing of its metadata is kept."
            " The same file under the same UUID answers 200."
        ),
        "parameters": [
            _query("public", "1: its author agrees that everybody may see it; else staff only"),
            {
                "name": "Planner-Secret",
                "in": "header",
                "description": "`secret` of the mark, where there is no cookie",
                "schema": text(),
            },
        ],
        "requestBody": {
            "required": True,
            "content": {
                media: {"schema": {"type": "string", "format": "binary"}} for media in IMAGES
            },
        },
        "responses": _answers(
            {
                200: ("It was here already.", JSON, "PhotoSent"),
                201: ("Taken.", JSON, "PhotoSent"),
            },
            403,
            404,
            409,
            413,
            422,
            429,
        ),
    },
}

PATHS: dict[str, Schema] = {
    "/api/v1/neighborhoods": {
        "get": {
            "operationId": "listNeighborhoods",
            "summary": "All neighborhoods",
            "responses": _answers({200: ("All.", JSON, "Neighborhoods")}),
        }
    },
    "/api/v1/neighborhoods/{slug}": {
        "parameters": [_path("slug")],
        "get": {
            "operationId": "showNeighborhood",
            "summary": "Boundary, topics, and whether marks are taken now",
            "responses": _answers({200: ("One.", JSON, "Neighborhood")}, 404),
        },
    },
    "/api/v1/neighborhoods/{slug}/marks": _MARKS,
    "/api/v1/neighborhoods/{slug}/marks/cells": {
        "parameters": [_path("slug")],
        "get": {
            "operationId": "countMarks",
            "summary": "Counts per cell of a fixed lattice and kind",
            "description": (
                "Cells sum up to `total`, which is the list's under the same filters. Above 4,000 cells"
                " a coarser `zoom` than asked is answered."
            ),
            "parameters": [*_FILTERS, _query("zoom", "of the map", _whole(0, MAX_ZOOM, 16))],
            "responses": _answers({200: ("Counts.", JSON, "Cells")}, 404, 422),
        },
    },
    "/api/v1/neighborhoods/{slug}/marks/{uuid}": {
        "parameters": [_path("slug"), _path("uuid", {"type": "string", "format": "uuid"})],
        "get": {
            "operationId": "showMark",
            "summary": "One visible mark with its case",
            "responses": _answers({200: ("The mark.", GEOJSON, "Mark")}, 404),
        },
    },
    "/api/v1/neighborhoods/{slug}/marks/{uuid}/photos/{photo}": _PHOTO,
    "/api/v1/neighborhoods/{slug}/marks/near": {
        "parameters": [_path("slug")],
        "get": {
            "operationId": "nearMarks",
            "summary": "Similar marks close by",
            "description": (
                "Published marks of the same kind and public topic within the neighborhood's distance"
                " (20 m), at most 5, nearest first, without the asker's own. A chip that names no"
                " catalogue item finds nothing."
            ),
            "parameters": [
                *_PLACE,
                _query("chip", "code of a ready reason"),
                _query("topic", "code of a public topic or catalogue item, without a chip"),
            ],
            "responses": _answers({200: ("Those near.", JSON, "NearMarks")}, 404, 422),
        },
    },
    "/api/v1/neighborhoods/{slug}/marks/{uuid}/endorsements": {
        "parameters": [_path("slug"), _path("uuid", {"type": "string", "format": "uuid"})],
        "post": {
            "operationId": "endorse",
            "summary": "Say the same (me too)",
            "description": "Once per device and per signed-in person; own and unpublished marks are refused.",
            "responses": _answers(
                {
                    200: ("It was said already.", JSON, "Endorsed"),
                    201: ("Counted.", JSON, "Endorsed"),
                },
                403,
                404,
                409,
                429,
            ),
        },
        "delete": {
            "operationId": "takeBack",
            "summary": "Take it back",
            "responses": _answers({200: ("Not counted.", JSON, "Endorsed")}, 403, 404, 429),
        },
    },
    "/api/v1/neighborhoods/{slug}/chips": {
        "parameters": [_path("slug")],
        "get": {
            "operationId": "rankChips",
            "summary": "Ready reasons of a kind in the order of a place",
            "description": "Those given by published marks within 120 m first, then the others.",
            "parameters": _PLACE,
            "responses": _answers({200: ("In order.", JSON, "Chips")}, 404, 422),
        },
    },
    "/api/v1/openapi.json": {
        "get": {
            "operationId": "openapi",
            "summary": "This document",
            "responses": {
                "200": {"description": "OpenAPI 3.1.", "content": {JSON: {"schema": {}}}},
                **{str(status): _problem(status) for status in ALWAYS},
            },
        }
    },
    "/api/v1/docs": {
        "get": {
            "operationId": "docs",
            "summary": "This document as a page",
            "responses": {
                "200": {"description": "A page.", "content": {"text/html": {"schema": text()}}},
                **{str(status): _problem(status) for status in ALWAYS},
            },
        }
    },
}


@cache
def document(version: str) -> dict[str, Any]:
    """The whole document for this version of the product."""
    feature = MarkFeature.model_json_schema(ref_template="#/components/schemas/{model}")
    models = feature.pop("$defs")
    feature["properties"]["geometry"] |= ref("Geometry")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "街区共绘",
            "version": version,
            "description": (
                "Times are RFC 3339 with offset, coordinates WGS84 longitude and latitude. Refusals are"
                " problem+json in the reader's language (Accept-Language zh or en); programs rely on `code`."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{}, {"token": []}],
        "paths": PATHS,
        "components": {
            "schemas": {**SCHEMAS, **models, "MarkFeature": feature},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "from `planner user token`; with that person's roles",
                }
            },
        },
    }
