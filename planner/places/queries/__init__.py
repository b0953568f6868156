"""Reads of the places room."""

from .locating import PlaceFacts, current_grid, current_revision, locate
from .names import (
    NAME_WITHIN_M,
    named_places,
    nearest_name,
    places_json,
    poster_point,
    search_places,
)
from .neighborhoods import (
    extent_of,
    map_source,
    metric_of,
    neighborhood_by_slug,
    neighborhoods,
    settings_of,
)
from .painted import base_collection

__all__ = [
    "NAME_WITHIN_M",
    "PlaceFacts",
    "base_collection",
    "current_grid",
    "current_revision",
    "extent_of",
    "locate",
    "map_source",
    "metric_of",
    "named_places",
    "nearest_name",
    "neighborhood_by_slug",
    "neighborhoods",
    "places_json",
    "poster_point",
    "search_places",
    "settings_of",
]
