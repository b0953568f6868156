"""Tables of places. Everything belongs to one neighborhood; membership is by geometry, never by parent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.core.db import Base, EnumText, one_of
from planner.core.geo import geometry

from .terms import BuildingUse, ImportState, ImportTarget, LayerKind


class Subdistrict(Base):
    """街道: the administrative level below the district; its office may span several neighborhoods."""

    __tablename__ = "places_subdistrict"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    district: Mapped[str] = mapped_column(String(80))


class Neighborhood(Base):
    """街区: the planning unit people co-design.

    `utm_srid` is where metres are measured; `epoch` grows with every change of the map and keys caches;
    `settings` holds what `places.rules.NeighborhoodSettings` describes.
    """

    __tablename__ = "places_neighborhood"
    __table_args__ = (CheckConstraint("tolerance_m >= 0", name="tolerance_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    office_name: Mapped[str] = mapped_column(String(120), default="")
    subdistrict_id: Mapped[int | None] = mapped_column(ForeignKey("places_subdistrict.id"))
    boundary: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"))
    utm_srid: Mapped[int]
    tolerance_m: Mapped[int] = mapped_column(default=30)
    is_demo: Mapped[bool] = mapped_column(default=False)
    collecting_from: Mapped[datetime | None]
    collecting_until: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Community(Base):
    """社区: the area of one residents' committee."""

    __tablename__ = "places_community"
    __table_args__ = (UniqueConstraint("neighborhood_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"))


class GridRevision(Base):
    """One drawing of the grid cells; the newest is in force, older ones stay with their dates."""

    __tablename__ = "places_grid_revision"
    __table_args__ = (UniqueConstraint("neighborhood_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    number: Mapped[int]
    valid_from: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    cells: Mapped[list[GridCell]] = relationship(
        back_populates="revision", order_by="GridCell.number"
    )


class GridCell(Base):
    """网格: the smallest governance unit; never a cell of the map's density view."""

    __tablename__ = "places_grid_cell"
    __table_args__ = (UniqueConstraint("revision_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("places_grid_revision.id"))
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("places_community.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80), default="")
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"))
    revision: Mapped[GridRevision] = relationship(back_populates="cells")
    community: Mapped[Community | None] = relationship()


class Estate(Base):
    """小区: a housing compound."""

    __tablename__ = "places_estate"
    __table_args__ = (UniqueConstraint("neighborhood_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    built_year: Mapped[int | None]
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"))


class Building(Base):
    """楼栋 with households and floor area (integers of 0.01 m²: floats fail at exactly two thirds)."""

    __tablename__ = "places_building"
    __table_args__ = (
        UniqueConstraint("neighborhood_id", "code"),
        one_of("use", BuildingUse),
        CheckConstraint("households >= 0", name="households_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    estate_id: Mapped[int | None] = mapped_column(ForeignKey("places_estate.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120), default="")
    use: Mapped[BuildingUse] = mapped_column(EnumText(BuildingUse), default=BuildingUse.OTHER)
    households: Mapped[int] = mapped_column(default=0)
    floor_area_cm2: Mapped[int] = mapped_column(BigInteger, default=0, doc="in 0.01 m²")
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"))


class Venue(Base):
    """协商阵地: a place where people consult."""

    __tablename__ = "places_venue"
    __table_args__ = (UniqueConstraint("neighborhood_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    geom: Mapped[Any] = mapped_column(geometry("POINT"))


class NamedPlace(Base):
    """A name people use (lane, crossing, landmark), for search without network and the no-map path."""

    __tablename__ = "places_named_place"
    __table_args__ = (Index("ix_places_named_place_neighborhood", "neighborhood_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    aliases: Mapped[str] = mapped_column(String(240), default="")
    source: Mapped[str] = mapped_column(String(40), default="", doc="code of the imported file")
    geom: Mapped[Any] = mapped_column(geometry("POINT"))


class RestrictedArea(Base):
    """A mask that refuses pins; the public reason names no secret."""

    __tablename__ = "places_restricted_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"), index=True)
    reason: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(40), default="", doc="code of the imported file")
    geom: Mapped[Any] = mapped_column(geometry("MULTIPOLYGON"))


class BaseLayer(Base):
    """One layer of the neighborhood's own base map, with order, visibility and source."""

    __tablename__ = "places_base_layer"
    __table_args__ = (UniqueConstraint("neighborhood_id", "code"), one_of("kind", LayerKind))

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[LayerKind] = mapped_column(EnumText(LayerKind))
    position: Mapped[int]
    is_visible: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(String(240), default="")
    declared_datum: Mapped[str] = mapped_column(String(24), default="wgs84")
    imported_at: Mapped[datetime]


class BaseFeature(Base):
    """One painted feature: class, optional name, width or radius in metres."""

    __tablename__ = "places_base_feature"

    id: Mapped[int] = mapped_column(primary_key=True)
    layer_id: Mapped[int] = mapped_column(
        ForeignKey("places_base_layer.id", ondelete="CASCADE"), index=True
    )
    paint: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default="")
    size_m: Mapped[float | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    geom: Mapped[Any] = mapped_column(geometry("GEOMETRY"))


class BaseImport(Base):
    """An uploaded file on its way into the map; nothing is taken before somebody has looked.

    `content` is the file, `result` the features its reader wrote (zlib); both are erased at the end.
    """

    __tablename__ = "places_base_import"
    __table_args__ = (one_of("state", ImportState), one_of("target", ImportTarget))

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(40), doc="what an import of the same code replaces")
    target: Mapped[ImportTarget] = mapped_column(EnumText(ImportTarget))
    layer: Mapped[str] = mapped_column(String(40), default="", doc="a LayerKind, or by tags")
    source: Mapped[str] = mapped_column(String(240), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_datum: Mapped[str] = mapped_column(String(24), default="")
    datum: Mapped[str] = mapped_column(String(24), default="")
    state: Mapped[ImportState] = mapped_column(EnumText(ImportState), default=ImportState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    result: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PosterPoint(Base):
    """A point in the street with a poster whose short link opens the map there."""

    __tablename__ = "places_poster_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    target: Mapped[int | None]
    geom: Mapped[Any] = mapped_column(geometry("POINT"))
