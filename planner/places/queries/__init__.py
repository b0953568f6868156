"""Reads of the places room."""

from .importing import (
    ground_of,
    import_by_uuid,
    imports_of,
    layers_of,
    masks_of,
    open_imports,
    totals_of,
    venues_of,
)
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
    "ground_of",
    "import_by_uuid",
    "imports_of",
    "layers_of",
    "locate",
    "map_source",
    "masks_of",
    "metric_of",
    "named_places",
    "nearest_name",
    "neighborhood_by_slug",
    "neighborhoods",
    "open_imports",
    "places_json",
    "poster_point",
    "search_places",
    "settings_of",
    "totals_of",
    "venues_of",
]
