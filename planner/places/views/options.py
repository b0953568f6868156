"""Choices of the places pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from planner.places.terms import DATUM_LABELS
from planner.web.i18n import gettext


def label_options(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of value and words."""
    return [(str(value), gettext(words)) for value, words in labels.items()]


def datum_options() -> list[tuple[str, str]]:
    """Datums of a file; the empty one is "as the file says"."""
    return label_options(DATUM_LABELS)


def point_datums() -> list[tuple[str, str]]:
    """Datums of a typed longitude and latitude."""
    return [(value, words) for value, words in datum_options() if value and ":" not in value]


OPTIONS = {
    "label_options": label_options,
    "datum_options": datum_options,
    "point_datums": point_datums,
}
"""What the templates call."""
