"""The painted base map as GeoJSON, for the browser's canvas."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.geo import geojson_text

from ..models import BaseFeature, BaseLayer, Building, Neighborhood


def base_collection(session: Session, neighborhood: Neighborhood) -> bytes:
    """The painted base map as one GeoJSON collection; geometry text is made by the database.

    Properties: `k` class, `n` name, `w` width in metres of lines, `r` radius in metres of trees.
    """
    features = [_feature("boundary", "", None, None, _boundary_text(session, neighborhood))]
    rows = session.execute(
        select(
            BaseFeature.paint,
            BaseFeature.name,
            BaseFeature.size_m,
            geojson_text(BaseFeature.geom).label("geometry"),
        )
        .join(BaseLayer, BaseLayer.id == BaseFeature.layer_id)
        .where(BaseLayer.neighborhood_id == neighborhood.id, BaseLayer.is_visible)
        .order_by(BaseLayer.position, BaseFeature.id)
    )
    for paint, name, size, geometry_text in rows:
        is_tree = paint == "tree"
        features.append(
            _feature(
                paint, name, None if is_tree else size, size if is_tree else None, geometry_text
            )
        )
    buildings = session.execute(
        select(Building.use, Building.name, geojson_text(Building.geom).label("geometry"))
        .where(Building.neighborhood_id == neighborhood.id)
        .order_by(Building.id)
    )
    features += [
        _feature(f"building-{use.value}", name, None, None, text) for use, name, text in buildings
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _boundary_text(session: Session, neighborhood: Neighborhood) -> str:
    wanted = select(geojson_text(Neighborhood.boundary)).where(Neighborhood.id == neighborhood.id)
    return str(session.scalar(wanted))


def _feature(
    paint: str, name: str, width: float | None, radius: float | None, geometry_text: str
) -> dict[str, Any]:
    properties: dict[str, Any] = {"k": paint}
    if name:
        properties["n"] = name
    if width is not None:
        properties["w"] = width
    if radius is not None:
        properties["r"] = radius
    return {"type": "Feature", "properties": properties, "geometry": orjson.Fragment(geometry_text)}
