"""Geometry on both databases. Stored and exchanged as WGS84 lon/lat (EPSG:4326); metres only from here.

A `Metric` measures in the neighborhood's own UTM zone and says so in every name (`distance_m`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import orjson
import shapely
from geoalchemy2 import Geometry, WKBElement
from geoalchemy2.shape import from_shape, to_shape
from pyproj import Transformer
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import NULLTYPE, String

WGS84 = 4326
Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def geometry(kind: str) -> Geometry:
    """Column type of one geometry kind in WGS84 with a spatial index."""
    return Geometry(geometry_type=kind, srid=WGS84, dimension=2, spatial_index=True)


def to_element(geom: BaseGeometry) -> WKBElement:
    """Shapely geometry in WGS84 as a value both databases accept."""
    return from_shape(geom, srid=WGS84)


def to_geom(element: WKBElement | None) -> BaseGeometry:
    """Stored value as Shapely geometry; an absent one is an empty point."""
    return shapely.Point() if element is None else to_shape(element)


def to_geojson(geom: BaseGeometry, digits: int = 7) -> dict[str, Any]:
    """RFC 7946 geometry with rounded coordinates and right-handed rings, in lists as JSON has them."""
    rounded = shapely.set_precision(_oriented(geom), 10.0**-digits, mode="pointwise")
    made: dict[str, Any] = orjson.loads(orjson.dumps(mapping(rounded)))
    return made


def from_geojson(value: dict[str, Any]) -> BaseGeometry:
    """Shapely geometry of an already checked GeoJSON geometry (see `core.shapes` for foreign input)."""
    return shape(value)


def _oriented(geom: BaseGeometry) -> BaseGeometry:
    if isinstance(geom, shapely.Polygon):
        return shapely.geometry.polygon.orient(geom)
    if isinstance(geom, shapely.MultiPolygon):
        return shapely.MultiPolygon([shapely.geometry.polygon.orient(part) for part in geom.geoms])
    return geom


def utm_srid(lon: float, lat: float) -> int:
    """EPSG code of the WGS84 UTM zone at a place."""
    zone = min(60, max(1, int((lon + 180) // 6) + 1))
    return (32600 if lat >= 0 else 32700) + zone


@lru_cache(maxsize=64)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


@dataclass(frozen=True, slots=True)
class Metric:
    """Measures WGS84 geometries in metres in one projected zone (error < 0.1 % inside the zone)."""

    srid: int

    def project(self, geom: BaseGeometry) -> BaseGeometry:
        """Geometry in metres of the zone."""
        return _shifted(geom, _transformer(WGS84, self.srid))

    def unproject(self, geom: BaseGeometry) -> BaseGeometry:
        """Geometry in metres back to WGS84."""
        return _shifted(geom, _transformer(self.srid, WGS84))

    def length_m(self, geom: BaseGeometry) -> float:
        """Length in metres (0 for points, the perimeter for polygons)."""
        return float(self.project(geom).length)

    def area_m2(self, geom: BaseGeometry) -> float:
        """Area in square metres."""
        return float(self.project(geom).area)

    def distance_m(self, one: BaseGeometry, other: BaseGeometry) -> float:
        """Shortest distance in metres between two geometries."""
        return float(self.project(one).distance(self.project(other)))

    def buffer_m(self, geom: BaseGeometry, metres: float) -> BaseGeometry:
        """Geometry grown by so many metres, in WGS84."""
        return self.unproject(self.project(geom).buffer(metres))

    def box_around(self, geom: BaseGeometry, metres: float) -> Box:
        """Box in degrees that holds everything within so many metres."""
        west, south, east, north = self.buffer_m(geom.envelope, metres).bounds
        return (west, south, east, north)


def _shifted(geom: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    def move(points: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    moved: BaseGeometry = shapely.transform(geom, move)
    return moved


class _InBox(GenericFunction[Any]):
    """Index-backed test that a stored geometry's bounds meet a box; arguments: column, w, s, e, n.

    Its type is deliberately not Boolean: SQLAlchemy would add `= 1` and SQLite would lose the index.
    """

    name = "planner_in_box"
    type = NULLTYPE
    inherit_cache = True


@compiles(_InBox, "postgresql")
def _in_box_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    column, *edges = element.clauses
    made = ", ".join(compiler.process(edge, **kw) for edge in edges)
    return f"({compiler.process(column, **kw)} && ST_MakeEnvelope({made}, {WGS84}))"


@compiles(_InBox, "sqlite")
def _in_box_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    column, west, south, east, north = element.clauses
    edges = [compiler.process(edge, **kw) for edge in (east, west, north, south)]
    owner = compiler.process(column.table.c.id, **kw)
    index = f"idx_{column.table.name}_{column.name}"
    return (
        f"{owner} IN (SELECT pkid FROM {index} WHERE xmin <= {edges[0]} AND xmax >= {edges[1]}"  # noqa: S608
        f" AND ymin <= {edges[2]} AND ymax >= {edges[3]})"
    )


class _Holds(GenericFunction[Any]):
    """A spatial predicate that is true; argument: the predicate's call."""

    name = "planner_holds"
    type = NULLTYPE
    inherit_cache = True


@compiles(_Holds, "postgresql")
def _holds_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **kw)


@compiles(_Holds, "sqlite")
def _holds_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(next(iter(element.clauses)), **kw)} = 1"


class _GeoJsonText(GenericFunction[str]):
    """GeoJSON text of a stored geometry with 6 decimals (0.1 m)."""

    name = "planner_geojson"
    type = String()
    inherit_cache = True


@compiles(_GeoJsonText, "postgresql")
def _geojson_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return f"ST_AsGeoJSON({compiler.process(next(iter(element.clauses)), **kw)}, 6)"


@compiles(_GeoJsonText, "sqlite")
def _geojson_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return f"AsGeoJSON({compiler.process(next(iter(element.clauses)), **kw)}, 6)"


class _Envelope(GenericFunction[Any]):
    """A rectangle as geometry; arguments: west, south, east, north."""

    name = "planner_envelope"
    inherit_cache = True


@compiles(_Envelope, "postgresql")
def _envelope_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    made = ", ".join(compiler.process(edge, **kw) for edge in element.clauses)
    return f"ST_MakeEnvelope({made}, {WGS84})"


@compiles(_Envelope, "sqlite")
def _envelope_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    made = ", ".join(compiler.process(edge, **kw) for edge in element.clauses)
    return f"BuildMbr({made}, {WGS84})"


def in_box(column: InstrumentedAttribute[Any], box: Box) -> ColumnElement[bool]:
    """Index-backed: the geometry truly intersects the box, with the same answer on both databases."""
    plain = _table_column(column)
    return and_(_InBox(plain, *box), _Holds(func.ST_Intersects(plain, _Envelope(*box))))


def near_box(column: InstrumentedAttribute[Any], box: Box) -> ColumnElement[bool]:
    """Index-backed first sieve: bounds meet the box (a superset; judge the rest in Python)."""
    return _InBox(_table_column(column), *box)


def covers(column: InstrumentedAttribute[Any], geom: BaseGeometry) -> ColumnElement[bool]:
    """Index-backed: the stored polygon covers this geometry (its border belongs to it)."""
    west, south, east, north = geom.bounds
    plain = _table_column(column)
    return and_(
        _InBox(plain, west, south, east, north),
        _Holds(func.ST_Covers(plain, to_element(geom))),
    )


def intersects(column: InstrumentedAttribute[Any], geom: BaseGeometry) -> ColumnElement[bool]:
    """Index-backed: the stored geometry and this one have a point in common."""
    west, south, east, north = geom.bounds
    plain = _table_column(column)
    return and_(
        _InBox(plain, west, south, east, north),
        _Holds(func.ST_Intersects(plain, to_element(geom))),
    )


def geojson_text(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """GeoJSON of the geometry made by the database, for hot reads."""
    return _GeoJsonText(_table_column(column))


def _table_column(column: InstrumentedAttribute[Any]) -> Any:
    return column.property.columns[0]
