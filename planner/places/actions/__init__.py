"""Verbs of the places room; none commits."""

from .drawing import GridDrawing, draw_grid, set_layer
from .founding import create_neighborhood, update_settings

__all__ = ["GridDrawing", "create_neighborhood", "draw_grid", "set_layer", "update_settings"]
