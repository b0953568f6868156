"""The demo's places, from the hand-drawn files in seed/demo/base."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM
from planner.core.geo import to_element
from planner.core.settings import Settings, resource_dir
from planner.places import actions
from planner.places.models import (
    BaseFeature,
    BaseLayer,
    Building,
    Community,
    Estate,
    NamedPlace,
    Neighborhood,
    PosterPoint,
    RestrictedArea,
    Subdistrict,
    Venue,
)
from planner.places.queries import neighborhood_by_slug
from planner.places.rules import NeighborhoodSettings
from planner.places.rules.areas import checked_area
from planner.places.terms import LayerKind

SLUG = "tianjin-xincun"
COLLECTING_DAYS = 40
LAYERS: list[tuple[str, str, LayerKind]] = [
    ("blocks", "街坊", LayerKind.BLOCK),
    ("banks", "滨水绿带", LayerKind.GREEN),
    ("green", "绿地", LayerKind.GREEN),
    ("plazas", "广场", LayerKind.PLAZA),
    ("sport", "运动场地", LayerKind.SPORT),
    ("parking", "停车场", LayerKind.PARKING),
    ("water", "水面", LayerKind.WATER),
    ("paths", "步道", LayerKind.PATH),
    ("roads", "道路", LayerKind.ROAD),
    ("context", "周边建筑", LayerKind.BUILDING),
    ("trees", "树木", LayerKind.TREE),
]


def read(name: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Features of one file as (geometry, properties)."""
    path = resource_dir("seed") / "demo" / "base" / f"{name}.geojson"
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        yield shapely.geometry.shape(feature["geometry"]), feature["properties"]


def seed_demo(session: Session, *, now: datetime, settings: Settings) -> None:
    """Set up 天津新村（示意）once; a second run changes nothing."""
    if neighborhood_by_slug(session, SLUG) is not None:
        return
    boundary, facts = next(read("boundary"))
    here = actions.create_neighborhood(
        session,
        actor=SYSTEM,
        now=now,
        slug=SLUG,
        name=facts["name"],
        name_en="Tianjin Xincun (illustrative)",
        office_name="示例街道办",
        boundary=boundary,
        is_demo=True,
        settings=NeighborhoodSettings(
            organiser="示例街道办", promise="15 个工作日内答复", map_source="示意底图，自行绘制"
        ),
    )
    here.collecting_from = now - timedelta(days=1)
    here.collecting_until = now + timedelta(days=COLLECTING_DAYS)
    subdistrict = session.scalars(select(Subdistrict).where(Subdistrict.code == "demo")).first()
    if subdistrict is None:
        subdistrict = Subdistrict(code="demo", name="示例街道", district="示例区")
        session.add(subdistrict)
        session.flush()
    here.subdistrict_id = subdistrict.id
    _people_places(session, here)
    _grid(session, here, now)
    _painted(session, here, now)
    session.flush()


def _people_places(session: Session, here: Neighborhood) -> None:
    for geom, facts in read("communities"):
        session.add(
            Community(
                neighborhood_id=here.id, code=facts["code"], name=facts["name"], geom=_area(geom)
            )
        )
    estates = {}
    for geom, facts in read("estates"):
        estates[facts["code"]] = Estate(
            neighborhood_id=here.id,
            code=facts["code"],
            name=facts["name"],
            built_year=facts["year"],
            geom=_area(geom),
        )
    session.add_all(estates.values())
    session.flush()
    for geom, facts in read("buildings"):
        estate = estates.get(facts["estate"])
        session.add(
            Building(
                neighborhood_id=here.id,
                estate_id=estate.id if estate else None,
                code=facts["code"],
                name=facts["name"],
                use=facts["class"],
                households=facts["households"],
                floor_area_cm2=round(facts["floor_area_m2"] * 100),
                geom=_area(geom),
            )
        )
    for geom, facts in read("venues"):
        session.add(Venue(neighborhood_id=here.id, geom=to_element(geom), **facts))
    for geom, facts in read("places"):
        session.add(NamedPlace(neighborhood_id=here.id, geom=to_element(geom), **facts))
    for geom, facts in read("masks"):
        session.add(
            RestrictedArea(neighborhood_id=here.id, geom=_area(geom), reason=facts["reason"])
        )
    for geom, facts in read("poster_points"):
        session.add(PosterPoint(neighborhood_id=here.id, geom=to_element(geom), **facts))
    session.flush()


def _grid(session: Session, here: Neighborhood, now: datetime) -> None:
    cells = [
        actions.GridDrawing(
            number=facts["number"],
            geom=geom,
            code=facts["code"],
            name=f"第{facts['number']}网格",
            community_code=facts["community"],
        )
        for geom, facts in read("grid_cells")
    ]
    actions.draw_grid(
        session, actor=SYSTEM, now=now, neighborhood=here, cells=cells, reason="初次划定"
    )


def _painted(session: Session, here: Neighborhood, now: datetime) -> None:
    for position, (code, name, kind) in enumerate(LAYERS, start=1):
        layer = BaseLayer(
            neighborhood_id=here.id,
            code=code,
            name=name,
            kind=kind,
            position=position,
            source="示意，自行绘制",
            imported_at=now,
        )
        session.add(layer)
        session.flush()
        session.add_all(
            BaseFeature(
                layer_id=layer.id,
                paint=facts["class"],
                name=facts.get("name", ""),
                size_m=facts.get("width_m", facts.get("r_m")),
                geom=to_element(geom),
            )
            for geom, facts in read(code)
        )


def _area(geom: Any) -> Any:
    return to_element(checked_area(geom))
