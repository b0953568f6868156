"""Pages and API of the marks room."""

from __future__ import annotations

from flask import Flask

from planner.core import datum, images, shapes
from planner.marks.terms import (
    CHANNEL_LABELS,
    KIND_LABELS,
    MESSAGES,
    PHOTO_STATUS_LABELS,
    STATUS_LABELS,
)
from planner.marks.terms import VERB_LABELS as MARK_VERB_LABELS
from planner.web import errors
from planner.web.security import csrf

from . import (
    api,
    api_near,
    covering,
    export,
    form,
    joining,
    listing,
    map,
    moderation,
    photos,
    receipts,
    showing,
)
from .blueprint import bp

PAGES = (map, listing, form, receipts, showing, joining, api_near, photos, covering)
"""Importing a file adds its routes; `marks/new` is matched before `marks/<code>`."""


def init(app: Flask) -> None:
    """Register the room's blueprints, messages and labels."""
    for each in (bp, moderation.bp, api.bp, export.bp):
        app.register_blueprint(each)
    csrf.exempt(api.bp)
    errors.add_messages({**shapes.MESSAGES, **datum.MESSAGES, **images.MESSAGES, **MESSAGES})
    app.jinja_env.globals.update(
        kind_labels=KIND_LABELS,
        status_labels=STATUS_LABELS,
        channel_labels=CHANNEL_LABELS,
        photo_status_labels=PHOTO_STATUS_LABELS,
        mark_verb_labels=MARK_VERB_LABELS,
    )
