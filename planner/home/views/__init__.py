"""Pages and API of the room."""

from __future__ import annotations

from flask import Flask


def init(app: Flask) -> None:
    """Register the room's blueprints and messages."""
