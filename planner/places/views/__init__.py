"""Pages and data of the places room."""

from __future__ import annotations

from flask import Flask

from planner.core import datum_fit
from planner.places.terms import MESSAGES
from planner.web import errors
from planner.web.security import mark_upload

from . import data, founding, imports, naming, upkeep
from .others import hand_in

__all__ = ["hand_in", "init"]


def init(app: Flask) -> None:
    """Register the room's blueprints and messages."""
    for room in (data, upkeep, imports, naming, founding):
        app.register_blueprint(room.bp)
    for view in (imports.receive, founding.create):
        mark_upload(view)
    errors.add_messages(datum_fit.MESSAGES)
    errors.add_messages(MESSAGES)
