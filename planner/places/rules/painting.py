"""From tags to the painted class: our own files name it, OSM-like files are understood by their tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..terms import LayerKind
from .features import metres, use_of, value

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Paint:
    """How a feature is painted: layer, class, width of a line or radius of a tree in metres."""

    kind: LayerKind
    paint: str
    size_m: float | None = None


ROADS: Mapping[str, float] = {
    "motorway": 22, "trunk": 20, "primary": 18, "secondary": 14, "tertiary": 10, "motorway_link": 8,
    "trunk_link": 8, "primary_link": 7, "secondary_link": 7, "tertiary_link": 6, "unclassified": 7,
    "residential": 7, "living_street": 6, "service": 4.5, "road": 6, "track": 3.5, "busway": 8,
    "raceway": 6, "escape": 4,
}  # fmt: skip
"""`highway` -> metres between the kerbs of a street drawn as one line; half the larger ones are two."""
PATHS: Mapping[str, float] = {
    "footway": 2.2, "path": 1.8, "steps": 2.2, "cycleway": 2.4, "pedestrian": 5, "bridleway": 2,
    "corridor": 2, "platform": 3,
}  # fmt: skip
DUAL = frozenset(("motorway", "trunk", "primary", "secondary"))
LANE_M = 3.3
UNSEEN_ROADS = frozenset(("construction", "proposed", "planned", "abandoned", "razed", "no"))

AREAS: tuple[tuple[str, frozenset[str], LayerKind], ...] = (
    ("amenity", frozenset(("parking", "bicycle_parking", "motorcycle_parking")), LayerKind.PARKING),
    ("leisure", frozenset(("pitch", "track", "sports_centre", "stadium", "playground",
                           "swimming_pool", "fitness_station")), LayerKind.SPORT),
    ("natural", frozenset(("water", "wetland", "bay")), LayerKind.WATER),
    ("waterway", frozenset(("riverbank", "dock", "river", "canal")), LayerKind.WATER),
    ("landuse", frozenset(("basin", "reservoir")), LayerKind.WATER),
    ("amenity", frozenset(("fountain",)), LayerKind.WATER),
    ("place", frozenset(("square",)), LayerKind.PLAZA),
    ("highway", frozenset(("pedestrian", "footway", "rest_area", "platform")), LayerKind.PLAZA),
    ("amenity", frozenset(("marketplace",)), LayerKind.PLAZA),
    ("leisure", frozenset(("park", "garden", "nature_reserve", "dog_park", "common",
                           "golf_course")), LayerKind.GREEN),
    ("landuse", frozenset(("grass", "recreation_ground", "village_green", "forest", "meadow",
                           "cemetery", "orchard", "farmland", "flowerbed", "greenfield",
                           "plant_nursery", "allotments")), LayerKind.GREEN),
    ("natural", frozenset(("wood", "grassland", "scrub", "heath", "grass", "shrubbery",
                           "tree_group")), LayerKind.GREEN),
    ("tourism", frozenset(("zoo",)), LayerKind.GREEN),
    ("landuse", frozenset(("residential", "commercial", "retail", "industrial", "construction",
                           "education", "institutional", "religious", "brownfield", "garages",
                           "railway")), LayerKind.BLOCK),
    ("amenity", frozenset(("school", "university", "college", "kindergarten", "hospital", "clinic",
                           "research_institute", "bus_station")), LayerKind.BLOCK),
    ("place", frozenset(("neighbourhood", "quarter", "city_block", "islet", "island")),
     LayerKind.BLOCK),
    ("tourism", frozenset(("museum", "attraction")), LayerKind.BLOCK),
)  # fmt: skip
"""Key, values and layer of an area; the first that fits wins."""

SENSITIVE: Mapping[str, frozenset[str]] = {
    "landuse": frozenset(("military",)),
    "building": frozenset(("military", "bunker", "guardhouse", "government")),
    "man_made": frozenset(("surveillance", "gasometer", "pipeline", "storage_tank")),
    "amenity": frozenset(("prison", "police", "courthouse")),
    "office": frozenset(("government", "diplomatic")),
    "barrier": frozenset(("sally_port",)),
}
"""Never painted and never named, whatever the file holds (no compounds, guard posts, cameras)."""
SENSITIVE_KEYS = ("military", "power", "surveillance", "embassy")

CANOPY_M = 2.6
WATERWAYS: Mapping[str, float] = {"river": 12, "canal": 8, "stream": 3, "drain": 2, "ditch": 1.5}
RAIL_M = 3.0


def is_sensitive(tags: Tags) -> bool:
    """Whether a feature stays off the map for good."""
    if any(tags.get(key) not in (None, "", "no") for key in SENSITIVE_KEYS):
        return True
    return any(tags.get(key) in values for key, values in SENSITIVE.items())


def paint_of(tags: Tags, shape: str) -> Paint | None:
    """How to paint a feature of shape `Point`, `LineString` or `Polygon` (or Multi…); None: not at all."""
    own = _own_paint(tags)
    if own is not None:
        return own
    if "Polygon" in shape:
        return _area(tags)
    return _line(tags) if "LineString" in shape else _point(tags)


def fitted(kind: LayerKind, tags: Tags, shape: str) -> Paint | None:
    """How to paint a feature in a layer somebody chose; None when the shape does not suit the layer."""
    is_line, is_area = "LineString" in shape, "Polygon" in shape
    if kind in (LayerKind.ROAD, LayerKind.PATH):
        return Paint(kind, kind.value, width_of(tags, kind)) if is_line else None
    if kind is LayerKind.TREE:
        return None if is_line or is_area else Paint(kind, "tree", _radius(tags))
    if kind in (LayerKind.FACILITY, LayerKind.OVERLAY):
        return Paint(kind, kind.value)
    if kind is LayerKind.WATER and is_line:
        return Paint(kind, "water", _stream(tags))
    if not is_area:
        return None
    return Paint(kind, f"building-{use_of(tags)}" if kind is LayerKind.BUILDING else kind.value)


def width_of(tags: Tags, kind: LayerKind) -> float:
    """Width of a street or path in metres: stated, else by lanes, else by its class."""
    stated = metres(value(tags, "width_m"))
    if stated is not None:
        return round(stated, 1)
    sort = tags.get("highway", "")
    if kind is LayerKind.PATH:
        return PATHS.get(sort, 2.2)
    lanes = metres(tags.get("lanes", ""))
    if lanes is not None and lanes <= 12:
        return round(lanes * LANE_M + 1.5, 1)
    width = ROADS.get(sort, 7)
    return round(width * 0.6, 1) if sort in DUAL and tags.get("oneway") == "yes" else width


def _own_paint(tags: Tags) -> Paint | None:
    """Files that name our own class (`road`, `building-home`) are painted as they say."""
    word = value(tags, "paint").casefold()
    kind, _, use = word.partition("-")
    if kind not in tuple(LayerKind) or (use and kind != LayerKind.BUILDING):
        return None
    layer = LayerKind(kind)
    if layer is LayerKind.BUILDING:
        return Paint(layer, f"building-{use_of({'use': use})}" if use else "building-other")
    size = metres(value(tags, "radius_m" if layer is LayerKind.TREE else "width_m"))
    return Paint(layer, layer.value, size)


def _area(tags: Tags) -> Paint | None:
    if tags.get("building", "no") not in ("no", "entrance") or tags.get("building:part"):
        return Paint(LayerKind.BUILDING, f"building-{use_of(tags)}")
    for key, values, kind in AREAS:
        if tags.get(key) in values:
            return Paint(kind, kind.value)
    if tags.get("highway") in ROADS:
        return Paint(LayerKind.PLAZA, LayerKind.PLAZA.value)
    return None


def _line(tags: Tags) -> Paint | None:
    if tags.get("tunnel", "no") not in ("no", "building_passage"):
        return None
    sort = tags.get("highway", "")
    if sort in ROADS:
        return Paint(LayerKind.ROAD, "road", width_of(tags, LayerKind.ROAD))
    if sort in PATHS:
        return Paint(LayerKind.PATH, "path", width_of(tags, LayerKind.PATH))
    if tags.get("waterway") in WATERWAYS:
        return Paint(LayerKind.WATER, "water", _stream(tags))
    if tags.get("railway") in ("rail", "light_rail", "tram"):
        return Paint(LayerKind.PATH, "path", RAIL_M)
    return None


def _point(tags: Tags) -> Paint | None:
    if tags.get("natural") == "tree":
        return Paint(LayerKind.TREE, "tree", _radius(tags))
    named = ("amenity", "shop", "leisure", "tourism", "public_transport", "railway", "historic")
    if any(tags.get(key) for key in named) or tags.get("highway") == "bus_stop":
        return Paint(LayerKind.FACILITY, LayerKind.FACILITY.value)
    return None


def _radius(tags: Tags) -> float:
    crown = metres(tags.get("diameter_crown", ""))
    return metres(value(tags, "radius_m")) or (crown / 2 if crown else CANOPY_M)


def _stream(tags: Tags) -> float:
    return metres(value(tags, "width_m")) or WATERWAYS.get(tags.get("waterway", ""), 6.0)


def place_kind(tags: Tags, kind: LayerKind | None) -> str:
    """Which list a name belongs to: `lane`, `building`, `estate`, `park`, `crossing` or `facility`."""
    if kind in (LayerKind.ROAD, LayerKind.PATH):
        return "lane"
    if kind is LayerKind.BUILDING:
        return "building"
    if kind in (LayerKind.GREEN, LayerKind.PLAZA, LayerKind.WATER):
        return "park"
    if tags.get("landuse") == "residential" or tags.get("place") in ("neighbourhood", "quarter"):
        return "estate"
    if tags.get("highway") in ("crossing", "traffic_signals", "mini_roundabout"):
        return "crossing"
    return "facility"
