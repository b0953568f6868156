"""Verbs of the places room; none commits."""

from .drawing import GridDrawing, draw_grid, set_layer
from .founding import create_neighborhood, update_settings
from .importing import (
    Upload,
    confirm_import,
    drop_import,
    origin_code,
    receive_import,
    take_draft,
)
from .naming import add_mask, add_place, remove_mask, remove_place
from .writing import Origin

__all__ = [
    "GridDrawing",
    "Origin",
    "Upload",
    "add_mask",
    "add_place",
    "confirm_import",
    "create_neighborhood",
    "draw_grid",
    "drop_import",
    "origin_code",
    "receive_import",
    "remove_mask",
    "remove_place",
    "set_layer",
    "take_draft",
    "update_settings",
]
