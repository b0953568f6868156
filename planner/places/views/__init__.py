"""Pages and data of the places room."""

from __future__ import annotations

from flask import Flask

from planner.places.terms import MESSAGES
from planner.web import errors

from . import data, upkeep


def init(app: Flask) -> None:
    """Register the room's blueprint and messages."""
    app.register_blueprint(data.bp)
    app.register_blueprint(upkeep.bp)
    errors.add_messages(MESSAGES)
