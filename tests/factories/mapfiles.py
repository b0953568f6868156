"""Foreign map files as offices have them. GDAL writes them in a process of its own, as it reads them."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from planner.core.datum import from_wgs84

Row = tuple[BaseGeometry, Mapping[str, Any]]

WRITER = """
import json, sys
import numpy as np, pyogrio, shapely
order = json.load(sys.stdin)
shapes = np.array([bytes.fromhex(each) for each in order["shapes"]], dtype=object)
columns = [np.array(each, dtype=object) for each in order["columns"]]
pyogrio.raw.write(order["path"], shapes, columns, order["names"], geometry_type=order["kind"],
                  crs=order["crs"], encoding=order["encoding"], driver=order["driver"])
"""


def in_datum(geom: BaseGeometry, datum: str) -> BaseGeometry:
    """A WGS84 geometry as it stands in a file of this datum."""
    return shapely.transform(geom, lambda points: from_wgs84(points, datum))


def geojson(path: Path, rows: Iterable[Row], **members: Any) -> Path:
    """A feature collection; `members` are added beside it (an old `crs`, say)."""
    features = [
        {"type": "Feature", "properties": dict(tags), "geometry": mapping(geom)}
        for geom, tags in rows
    ]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features, **members}), "utf-8"
    )
    return path


def gdal(
    path: Path, rows: list[Row], *, driver: str, crs: str, encoding: str | None = None
) -> Path:
    """A file written by GDAL."""
    names = list(rows[0][1])
    order = {
        "path": str(path),
        "shapes": [shapely.to_wkb(geom).hex() for geom, _ in rows],
        "columns": [[tags[name] for _, tags in rows] for name in names],
        "names": names,
        "kind": rows[0][0].geom_type,
        "crs": crs,
        "encoding": encoding,
        "driver": driver,
    }
    subprocess.run([sys.executable, "-c", WRITER], input=json.dumps(order), text=True, check=True)
    return path


def shapefile(
    path: Path,
    rows: list[Row],
    *,
    crs: str,
    encoding: str = "GBK",
    without: tuple[str, ...] = (),
    folder: str = "",
) -> Path:
    """A zipped shapefile, its parts in `folder`; `without` leaves parts out (`.cpg`, `.prj`)."""
    base = path.parent / "资料.shp"
    gdal(base, rows, driver="ESRI Shapefile", crs=crs, encoding=encoding)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(path.parent.glob("资料.*")):
            if part.suffix not in without:
                archive.write(part, f"{folder}{part.name}")
            part.unlink()
    return path


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    """An archive with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>地名</name><Placemark><name>槐荫巷口</name>
<Point><coordinates>118.7521,32.0681,0</coordinates></Point></Placemark></Folder>
<Folder><name>广场</name><Placemark><name>百步广场</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
118.7520,32.0680 118.7522,32.0680 118.7522,32.0682 118.7520,32.0680
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>
</Document></kml>
"""

VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{path}</SrcDataSource>'
    "<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)
"""Reads another local file when GDAL is left to guess; the layer's name is the file's stem."""
