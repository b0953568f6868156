"""The five kinds of files, told by what they hold and not by their names."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from shapely.geometry.base import BaseGeometry

from .bounds import Bounds
from .checking import from_json, from_pair, from_text
from .faults import FeatureFault, FileFault
from .raw import Raw, Source, plain_tags

GPKG_HEAD = b"SQLite format 3\x00"
SHP_HEAD = b"\x00\x00\x27\x0a"
LON = ("lon", "lng", "long", "longitude", "经度", "x", "东坐标")
LAT = ("lat", "latitude", "纬度", "y", "北坐标")
WKT = ("wkt", "geom", "geometry", "the_geom", "图形")
_CODE = re.compile(r"EPSG:+(?:[0-9.]*:)?([0-9]{4,6})$", re.IGNORECASE)
_KML = re.compile(rb"<(?:\w+:)?kml[\s>]")


def open_source(path: Path, bounds: Bounds) -> Source:
    """Tell the kind by content and open it."""
    head = path.read_bytes()[:4_096]
    if head.startswith(GPKG_HEAD):
        return _table(path, "GPKG", bounds)
    if head.startswith(SHP_HEAD):
        return _table(path, "ESRI Shapefile", bounds)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return _geojson(path)
    if _KML.search(text) and text.startswith(b"<"):
        return _table(path, "LIBKML", bounds)
    if text.startswith((b"<", b"[", b"PK")) or b"\x00" in head:
        raise FileFault("file_kind")
    return _csv(path)


def _table(path: Path, kind: str, bounds: Bounds) -> Source:
    """GDAL is loaded only for the three formats that need it."""
    from .tables import open_table

    return open_table(path, kind, bounds)


def decoded(raw: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8 with or without mark, else GB18030 (which includes GBK)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise FileFault("file_unreadable", reason="bad_encoding")


def _geojson(path: Path) -> Source:
    text, encoding = decoded(path.read_bytes())
    try:
        whole = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FileFault("file_json", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise FileFault("file_json", line=1) from error
    kind = whole.get("type") if isinstance(whole, dict) else None
    features = whole.get("features") if kind == "FeatureCollection" else [whole]
    if not isinstance(features, list) or (kind == "FeatureCollection" and features is None):
        raise FileFault("file_kind")
    if kind not in ("FeatureCollection", "Feature"):
        features = [{"geometry": whole}]
    return Source(
        "GeoJSON", _declared(whole.get("crs")), len(features), _objects(features), [], encoding
    )


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _declared(crs: Any) -> str:
    """The older `crs` member: `urn:ogc:def:crs:EPSG::4528` or CRS84."""
    if not isinstance(crs, dict):
        return ""
    properties = crs.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name.upper().endswith("CRS84"):
        return ""
    found = _CODE.search(name)
    if found is None:
        raise FileFault("crs_unknown", found=name[:60])
    return f"EPSG:{int(found[1])}"


def _objects(features: list[Any]) -> Iterator[Raw]:
    for line, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            yield Raw(line, None, {}, FeatureFault("feature_broken"))
            continue
        properties = feature.get("properties")
        tags = plain_tags(properties if isinstance(properties, dict) else {})
        try:
            yield Raw(line, from_json(feature.get("geometry")), tags)
        except FeatureFault as fault:
            yield Raw(line, None, tags, fault)


def _csv(path: Path) -> Source:
    text, encoding = decoded(path.read_bytes())
    try:
        separator = csv.Sniffer().sniff(text[:4_096], ",;\t").delimiter
    except csv.Error:
        separator = ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    names = {str(name).strip().casefold(): name for name in reader.fieldnames or () if name}
    wkt = next((names[each] for each in WKT if each in names), None)
    lon = next((names[each] for each in LON if each in names), None)
    lat = next((names[each] for each in LAT if each in names), None)
    if wkt is None and (lon is None or lat is None):
        raise FileFault("csv_columns")
    columns = (wkt,) if wkt is not None else (str(lon), str(lat))
    return Source("CSV", "", text.count("\n"), _rows(reader, columns), [], encoding)


def _rows(reader: csv.DictReader[str], columns: tuple[str, ...]) -> Iterator[Raw]:
    try:
        for row in reader:
            line = reader.line_num
            cells = [(row.get(name) or "").strip() for name in columns]
            tags = plain_tags({key: row[key] for key in row if key and key not in columns})
            try:
                geom = from_text(cells[0]) if len(cells) == 1 else _pair(cells)
                yield Raw(line, geom, tags)
            except FeatureFault as fault:
                yield Raw(line, None, tags, fault)
    except csv.Error as error:
        raise FileFault("file_unreadable", reason="csv_broken") from error


def _pair(cells: list[str]) -> BaseGeometry | None:
    return from_pair(*cells) if any(cells) else None
