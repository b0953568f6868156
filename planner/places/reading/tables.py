"""GeoPackage, Shapefile and KML through GDAL. Imported in the child process only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyproj import CRS
from pyproj.exceptions import CRSError

from .bounds import FORMATS, Bounds
from .faults import FeatureFault, FileFault
from .raw import Raw, Source, plain_tags

KNOWN_ENCODINGS = {
    "936": "gb18030",
    "cp936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "65001": "utf-8",
}


def open_table(path: Path, kind: str, bounds: Bounds) -> Source:
    """Open every spatial layer; they must agree on one coordinate system."""
    encoding = dbf_encoding(path) if kind == "ESRI Shapefile" else None
    try:
        layers = [str(name) for name, shapes in pyogrio.list_layers(path) if shapes is not None]
        facts = [
            pyogrio.read_info(path, layer=name, encoding=encoding, force_feature_count=True)
            for name in layers
        ]
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise FileFault("file_unreadable", reason="format_broken") from error
    if any(each["driver"] not in FORMATS for each in facts):
        raise FileFault("file_kind")
    systems = {epsg(each["crs"]) for each in facts if each["features"]}
    if len(systems) > 1:
        raise FileFault("crs_mixed", found="、".join(sorted(systems)))
    count = sum(max(0, int(each["features"])) for each in facts)
    if count > bounds.features:
        raise FileFault("too_many_features", maximum=bounds.features)
    if kind == "ESRI Shapefile" and facts and facts[0]["features"] and not facts[0]["fields"].size:
        layers = layers[:1]
    rows = _rows(path, layers, encoding)
    shown = [] if kind == "ESRI Shapefile" else layers
    return Source(kind, next(iter(systems), ""), count, rows, shown, encoding or "")


def epsg(text: str | None) -> str:
    """`EPSG:n` of a file's own system; empty when it states none, a fault when it has no number."""
    if not text:
        return ""
    try:
        code = CRS.from_user_input(text).to_epsg(min_confidence=25)
    except CRSError:
        code = None
    if code is None:
        raise FileFault("crs_unknown", found=text.partition('"')[2].partition('"')[0][:60])
    return f"EPSG:{code}"


def dbf_encoding(path: Path) -> str:
    """What the .cpg says, else what the bytes of the table are: UTF-8 or GBK (whatever its flag says)."""
    stated = path.with_suffix(".cpg")
    if stated.exists():
        name = stated.read_bytes()[:40].decode("ascii", "replace").strip().casefold()
        known = KNOWN_ENCODINGS.get(name.removeprefix("ansi "))
        if known is not None:
            return known
    table = path.with_suffix(".dbf")
    if not table.exists():
        return "utf-8"
    raw = table.read_bytes()
    start = 32
    if len(raw) >= 10:
        start = int.from_bytes(raw[8:10], "little")
    names = raw[32:start]
    return "utf-8" if _is_utf8(raw[start:]) and _is_utf8(names, strict=False) else "gb18030"


def _is_utf8(raw: bytes, *, strict: bool = True) -> bool:
    """Whether bytes are UTF-8; a character cut by the fixed width of a cell does not count."""
    broken = raw.decode("utf-8", "replace").count("\ufffd")
    wide = sum(byte >= 0x80 for byte in raw) if broken else 0
    return broken == 0 or (strict and broken * 20 < wide)


def _rows(path: Path, layers: list[str], encoding: str | None) -> Iterator[Raw]:
    line = 0
    for layer in layers:
        try:
            meta, _, shapes, columns = pyogrio.raw.read(
                path, layer=layer, encoding=encoding, force_2d=True, datetime_as_string=True
            )
        except (DataSourceError, DataLayerError, FieldError, ValueError) as error:
            raise FileFault("file_unreadable", reason="format_broken") from error
        names = [str(name) for name in meta["fields"]]
        for number in range(len(shapes) if shapes is not None else 0):
            line += 1
            tags = plain_tags(
                {name: _plain(column[number]) for name, column in zip(names, columns, strict=True)}
            )
            yield _row(line, shapes[number], tags)


def _row(line: int, wkb: bytes | None, tags: dict[str, str]) -> Raw:
    if wkb is None:
        return Raw(line, None, tags)
    try:
        geom = shapely.from_wkb(wkb)
    except (shapely.errors.ShapelyError, ValueError):
        return Raw(line, None, tags, FeatureFault("geometry_points"))
    return Raw(line, None if geom.is_empty else _single(geom), tags)


def _single(geom: Any) -> Any:
    """KML wraps shapes in collections: one of one kind is that kind."""
    while geom.geom_type == "GeometryCollection" and len(geom.geoms) == 1:
        geom = geom.geoms[0]
    return geom


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
