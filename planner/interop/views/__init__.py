"""Pages and API of the room."""

from __future__ import annotations

from flask import Flask

from . import api


def init(app: Flask) -> None:
    """Register the room's blueprints."""
    app.register_blueprint(api.bp)
