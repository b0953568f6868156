"""REST for neighborhoods and marks (addresses in docs/api.md); problem+json for every refusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, request, url_for

from planner.core.errors import NotFound
from planner.core.geo import to_geojson, to_geom
from planner.core.policies import anyone
from planner.core.shapes import parse_json
from planner.marks import forms, queries
from planner.marks.actions import Created
from planner.marks.policies import sees_all
from planner.marks.rules import is_collecting
from planner.marks.schemas import MAX_LIMIT, MAX_ZOOM
from planner.marks.serializer import Reader, feature, instant
from planner.places.models import Neighborhood
from planner.places.queries import neighborhoods as all_neighborhoods
from planner.routing.answers import case_json
from planner.web import context
from planner.web.guards import guarded
from planner.web.i18n import locale

from .keeping import seen_addresses
from .taking import take_and_answer, topic_labels

bp = Blueprint("marks_api", __name__, url_prefix="/api/v1/neighborhoods")
GEOJSON = "application/geo+json"


def json_answer(value: Any, status: int = 200, mimetype: str = "application/json") -> Response:
    """A value as JSON."""
    return Response(orjson.dumps(value), status=status, mimetype=mimetype)


def reader() -> Reader:
    """What this viewer may read of each mark."""
    return Reader.STAFF if sees_all(context.actor(), context.here().id) else Reader.PUBLIC


@bp.get("")
@guarded(anyone)
def index() -> Response:
    """All neighborhoods."""
    return json_answer(
        {"neighborhoods": [_brief(each) for each in all_neighborhoods(context.db())]}
    )


@bp.get("/<slug>")
@guarded(anyone)
def show(slug: str) -> Response:
    """One neighborhood with boundary, topics and whether it collects."""
    here = context.here()
    labels = topic_labels(here.id)
    return json_answer(
        {
            **_brief(here),
            "boundary": to_geojson(to_geom(here.boundary)),
            "topics": [{"code": code, "label": label} for code, label in labels.items()],
        }
    )


def _brief(here: Neighborhood) -> dict[str, Any]:
    opens, closes = here.collecting_from, here.collecting_until
    return {
        "slug": here.slug,
        "name": here.name_en if locale() == "en" and here.name_en else here.name,
        "collecting": {
            "open": is_collecting(opens, closes, context.now()),
            "from": instant(opens),
            "until": instant(closes),
        },
    }


@bp.post("/<slug>/marks")
@guarded(anyone)
def create(slug: str) -> Response:
    """Take a mark; the same Idempotency-Key and body again give the same answer."""
    key = forms.key_from(request.headers.get("Idempotency-Key"))
    given = forms.mark_from_json(parse_json(request.get_data()), key)
    return take_and_answer(given, _created)


def _created(made: Created) -> Response:
    mark = made.mark
    row = queries.row_of(context.db(), mark.id)
    photos = seen_addresses([row])[mark.id]
    shown = feature(row, topic_labels(mark.neighborhood_id), Reader.PUBLIC, photos)
    body = {
        **shown,
        "properties": {**shown["properties"], "receipt_code": made.receipt_code},
        "receipt_code": made.receipt_code,
        "receipt_url": url_for("home.open_receipt", code=made.receipt_code),
        "case": case_json(mark.case),
    }
    answer = json_answer(body, 200 if made.is_replay else 201, GEOJSON)
    answer.headers["Location"] = url_for("marks_api.one", slug=context.here().slug, uuid=mark.uuid)
    return answer


@bp.get("/<slug>/marks")
@guarded(anyone)
def index_marks(slug: str) -> Response:
    """A page of visible marks as a FeatureCollection, newest first."""
    asked = forms.filters_from(request.args)
    here = context.here()
    page = queries.marks(
        context.db(),
        context.actor(),
        here.id,
        asked.filters,
        limit=forms.whole_number(request.args, "limit", 100, 1, MAX_LIMIT),
        cursor=forms.whole_number(request.args, "cursor", 0, 1, 10**17) or None,
    )
    labels, who, photos = topic_labels(here.id), reader(), seen_addresses(page.rows)
    return json_answer(
        {
            "type": "FeatureCollection",
            "features": [feature(row, labels, who, photos[row.id]) for row in page.rows],
            "total": page.total,
            "cursor": str(page.cursor) if page.cursor else None,
        },
        mimetype=GEOJSON,
    )


@bp.get("/<slug>/marks/cells")
@guarded(anyone)
def cells(slug: str) -> Response:
    """Counts per cell of a fixed lattice and kind, for one zoom."""
    asked = forms.filters_from(request.args)
    wanted = forms.whole_number(request.args, "zoom", 16, 0, MAX_ZOOM)
    zoom, found = queries.cells(
        context.db(), context.actor(), context.here().id, asked.filters, wanted
    )
    size = queries.cell_size(zoom)
    made = [
        {
            "id": f"{zoom}/{cell.x}/{cell.y}",
            "lon": round((cell.x + 0.5) * size, 7),
            "lat": round((cell.y + 0.5) * size, 7),
            **cell.counts,
        }
        for cell in found
    ]
    total = sum(sum(cell.counts.values()) for cell in found)
    return json_answer({"cells": made, "total": total, "zoom": zoom})


@bp.get("/<slug>/marks/<uuid:uuid>")
@guarded(anyone)
def one(slug: str, uuid: UUID) -> Response:
    """One visible mark with its case."""
    mark = queries.mark_by_uuid(context.db(), context.actor(), context.here().id, uuid)
    row = queries.row_of(context.db(), mark.id)
    if row is None:
        raise NotFound()
    photos = seen_addresses([row])[mark.id]
    made = feature(row, topic_labels(mark.neighborhood_id), reader(), photos)
    return json_answer({**made, "case": case_json(mark.case)}, mimetype=GEOJSON)
