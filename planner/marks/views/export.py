"""Downloads: the filtered marks as a table or as GeoJSON, and everything kept about one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from flask import Blueprint, Response, request, stream_with_context

from planner.core.policies import anyone
from planner.marks import forms, queries
from planner.marks.models import Mark
from planner.marks.serializer import (
    consent_json,
    csv_chunks,
    geojson_chunks,
    instant,
    own_data,
    own_photo,
)
from planner.marks.terms import CHANNEL_LABELS, EXPORT_LABELS, KIND_LABELS, STATUS_LABELS
from planner.routing.answers import case_json
from planner.routing.labels import STATE_LABELS, TIER_LABELS
from planner.routing.queries import public_answers
from planner.web import context
from planner.web.guards import guarded
from planner.web.i18n import gettext

from .api import GEOJSON, reader
from .keeping import addresses, seen_of
from .taking import topic_labels

bp = Blueprint("marks_export", __name__, url_prefix="/n/<slug>")
SPOKEN = {
    "kind": KIND_LABELS,
    "status": STATUS_LABELS,
    "tier": TIER_LABELS,
    "case_state": STATE_LABELS,
    "channel": CHANNEL_LABELS,
}


@bp.get("/marks.geojson")
@guarded(anyone)
def geojson(slug: str) -> Response:
    """The marks of the list under the same filters, for maps and programs."""
    chunks = geojson_chunks(_rows(), topic_labels(context.here().id), reader())
    return _download(chunks, f"{slug}-marks.geojson", GEOJSON)


@bp.get("/marks.csv")
@guarded(anyone)
def table(slug: str) -> Response:
    """The same as a table with headings and words in the reader's language."""
    chunks = csv_chunks(
        _rows(),
        topic_labels(context.here().id),
        reader(),
        header={name: gettext(label) for name, label in EXPORT_LABELS.items()},
        words={name: _spoken(labels) for name, labels in SPOKEN.items()},
    )
    return _download(chunks, f"{slug}-marks.csv", "text/csv; charset=utf-8")


def _rows() -> Iterable[Any]:
    asked = forms.filters_from(request.args)
    return queries.each_mark(context.db(), context.actor(), context.here().id, asked.filters)


def _spoken(labels: Any) -> dict[str, str]:
    return {str(value): gettext(label) for value, label in labels.items()}


def _download(chunks: Iterable[Any], filename: str, mimetype: str) -> Response:
    answer = Response(stream_with_context(iter(chunks)), content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return context.no_store(answer)


@bp.get("/mine.json")
@guarded(anyone)
def mine(slug: str) -> Response:
    """Everything kept about the visitor's own marks here, by device or by receipts shown in this browser."""
    here, session = context.here(), context.db()
    marks = queries.own_marks(session, context.actor(), here.id, limit=1_000)
    labels = topic_labels(here.id)
    consents = queries.consents_of(session, marks)
    body = {
        "neighborhood": here.slug,
        "made_at": instant(context.now()),
        "marks": [_own(mark, labels) for mark in marks],
        "joined": [mark.code for mark in queries.joined_marks(session, context.actor(), here.id)],
        "consents": [consent_json(consent) for consent in consents],
    }
    answer = Response(orjson.dumps(body), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-mine.json"'
    return context.no_store(answer)


def _own(mark: Mark, labels: dict[str, str]) -> dict[str, Any]:
    session = context.db()
    made = own_data(
        mark,
        queries.row_of(session, mark.id),
        labels,
        queries.moderation_history(session, mark),
        [own_photo(each, addresses(each, mark.code)) for each in seen_of(mark)],
    )
    answers = [
        {"kind": entry.kind, "at": instant(entry.at), "outcome": entry.outcome, "text": entry.text}
        for entry in public_answers(session, mark.case).entries
        if entry.text
    ]
    return {**made, "case": case_json(mark.case), "answers": answers}
