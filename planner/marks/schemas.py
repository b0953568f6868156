"""Shapes of the API's input as pydantic models: forms read with them, the OpenAPI document shows them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from planner.routing.terms import MarkKind

from .terms import PinOrigin

MAX_CHIPS = 6
MAX_LIMIT = 1_000
MAX_ZOOM = 22
WHOLE_NUMBER = 10**6
SENT_ORIGINS = tuple(origin for origin in PinOrigin if origin is not PinOrigin.IMPORT)


class MarkProperties(BaseModel):
    """`properties` of a posted mark. One chip fixes the topic and counts as the reason."""

    model_config = ConfigDict(extra="ignore", strict=True)

    kind: str = Field(
        description="like, dislike or improve",
        json_schema_extra={"enum": [kind.value for kind in MarkKind]},
    )
    topic: str | None = Field(
        None,
        max_length=40,
        description="code of a public topic or of a catalogue item; not needed with a chip",
    )
    chips: list[str] = Field(
        default_factory=list,
        max_length=MAX_CHIPS,
        description="codes of ready reasons; the first one routes",
    )
    reason: str = Field(
        "",
        max_length=5_000,
        description="at least 4 letters (a setting of the neighborhood) unless a chip is given",
    )
    grid: int | None = Field(
        None,
        ge=1,
        le=WHOLE_NUMBER,
        description="number of a grid cell, to choose near a border; absent: the nearest one",
    )
    origin: str = Field(
        "map",
        description="how the place was chosen: map, list, located or poster",
        json_schema_extra={"enum": [origin.value for origin in SENT_ORIGINS]},
    )
    poster: str | None = Field(None, max_length=40, description="code of the poster it came from")
    made_at: str | None = Field(
        None,
        max_length=40,
        description="when it was made by the client's clock (RFC 3339, with offset), if it was sent later",
    )
    secret: str | None = Field(
        None,
        min_length=16,
        max_length=100,
        description="a random text of the client; it proves a replay when the cookie is lost",
    )


class MarkFeature(BaseModel):
    """A GeoJSON Feature in WGS84: a point, a line or an area in two dimensions."""

    model_config = ConfigDict(extra="ignore")

    type: str = Field("Feature", description="always Feature")
    geometry: Any = Field(
        None,
        description="GeoJSON Point, LineString or Polygon, at most 500 points",
    )
    properties: MarkProperties


FILTERS: dict[str, str] = {
    "bbox": "west,south,east,north in degrees: marks whose shape meets the box",
    "kind": "like, dislike, improve; several with commas",
    "topic": "codes of public topics or catalogue items; several with commas",
    "tier": "total, street or community: the designer tier of the case",
    "grid": "number of a grid cell",
    "status": "received, published, held, hidden, withdrawn; several with commas",
    "since": "first day (2026-09-21) or instant (RFC 3339) on which something happened",
    "until": "last day, or the instant before which it happened",
    "q": "text contained in the reason or in the place's name",
}
"""Filters of map, list, cells, export and API, with what each means."""
