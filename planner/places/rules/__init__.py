"""Decisions of the places room, pure: settings, what a foreign feature is, how it is painted."""

from .settings import LIMITS, NeighborhoodSettings, checked_settings, checked_slug, settings_from

__all__ = ["LIMITS", "NeighborhoodSettings", "checked_settings", "checked_slug", "settings_from"]
