"""Pages and API of the room."""

from __future__ import annotations

from flask import Blueprint, Flask

from . import cases, start, tray


def init(app: Flask) -> None:
    """Register the room's blueprints and messages."""
    bp = Blueprint("home", __name__, template_folder="../templates")
    start.add_routes(bp)
    tray.add_routes(bp)
    cases.add_routes(bp)
    app.register_blueprint(bp)
