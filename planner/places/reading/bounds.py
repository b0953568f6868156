"""How much a foreign file may cost, and what its reader is not allowed to do."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MEGABYTE = 1 << 20
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS = 38

FORMATS = ("GPKG", "ESRI Shapefile", "LIBKML", "KML")
"""The only drivers a file may be read with. GeoJSON and CSV are read without GDAL."""

SKIPPED_DRIVERS = (
    "OGR_VRT,VRT,GTI,GDALG,SQLite,CSV,GeoJSON,GeoJSONSeq,ESRIJSON,TopoJSON,JSONFG,GML,GMLAS,GPX,GeoRSS,"
    "OSM,HTTP,WFS,OAPIF,OGCAPI,CSW,Carto,AmigoCloud,NGW,PLSCENES,EEDA,Elasticsearch,ADBC,MVT,PMTiles,"
    "MBTiles,FlatGeobuf,Parquet,Arrow,PDF,MapInfo File,S57,DGN,DXF,XLSX,ODS,LVBAG,AIVector,AVCBin,"
    "AVCE00,EDIGEO,GPSBabel,GTFS,Idrisi,JML,MapML,MiraMonVector,OGR_GMT,OGR_PDS,OpenFileGDB,PCIDSK,"
    "PDS4,PGDUMP,SXF,Selafin,VDV,VFK,VICAR,WAsP"
)
"""Every other driver of GDAL 3.12: a `.geojson` that holds VRT text would read another local file."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one reading: bytes, seconds and counts."""

    memory_bytes: int = 2_048 * MEGABYTE
    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 200
    members: int = 60
    features: int = 30_000
    vertices: int = 1_500_000
    faults: int = 20

    def as_json(self) -> dict[str, Any]:
        """For the child's order."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Bounds:
        """From the child's order."""
        return cls(**{field.name: given[field.name] for field in fields(cls)})


def child_environment(home: str, code: str) -> dict[str, str]:
    """Everything the child knows of the outside: no setting, no key, no proxy that answers."""
    nowhere = "http://127.0.0.1:9"
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PYTHONPATH": code,
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OGR_SKIP": SKIPPED_DRIVERS,
        "GDAL_HTTP_PROXY": nowhere,
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing",
        "PROJ_NETWORK": "OFF",
        "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
        "LIBKML_RESOLVE_STYLE": "NO",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
    }


def lock_down(bounds: Bounds) -> None:
    """Bind this process to its limits, for good; a network of its own where the kernel gives one."""
    for what, limit in (
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_FSIZE, 2 * bounds.unpacked_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ):
        _, hard = resource.getrlimit(what)
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (wanted, wanted))
    os.umask(0o077)
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if hasattr(libc, "unshare"):
        # Refused in many containers; the limits above and the driver list hold without it.
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
