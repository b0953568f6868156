"""What the residents' pages offer: ready reasons, places by kind, and whether marks are taken now."""

from __future__ import annotations

from typing import Any

from planner.core.errors import Invalid
from planner.marks.rules import check_window
from planner.marks.terms import PLACE_KIND_LABELS
from planner.places.models import NamedPlace, Neighborhood
from planner.places.queries import named_places
from planner.routing.queries import chips
from planner.web import context, errors
from planner.web.i18n import gettext as _
from planner.web.i18n import locale


def chip_list(neighborhood_id: int) -> list[dict[str, Any]]:
    """The ready reasons in force in the reader's language; `helps` marks 请帮我归类."""
    english = locale() == "en"
    return [
        {
            "code": chip.code,
            "kind": chip.kind.value,
            "topic": chip.public_topic_code,
            "text": (chip.text_en or chip.text) if english else chip.text,
            "helps": chip.topic_code is None,
        }
        for chip in chips(context.db(), neighborhood_id)
    ]


def window_words(here: Neighborhood) -> str | None:
    """Why no marks are taken now and when that changes; None while they are taken."""
    try:
        check_window(here.collecting_from, here.collecting_until, context.now())
    except Invalid as error:
        return errors.message(error.code, error.facts)
    return None


def places_by_kind(here: Neighborhood) -> list[tuple[str, list[NamedPlace]]]:
    """Named places under their kind's label, in the labels' order; unknown kinds come last."""
    found: dict[str, list[NamedPlace]] = {}
    for place in named_places(context.db(), here):
        found.setdefault(place.kind, []).append(place)
    order = list(PLACE_KIND_LABELS)
    ranked = sorted(found, key=lambda kind: order.index(kind) if kind in order else len(order))
    return [(_(PLACE_KIND_LABELS.get(kind, "其他地点")), found[kind]) for kind in ranked]
