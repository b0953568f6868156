"""The child's work: read, check, write what is good, say what is not."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import shapely

from .archive import unpack
from .bounds import Bounds
from .checking import checked
from .faults import FeatureFault, FileFault
from .formats import open_source
from .raw import Raw

STEP = 500


def read_order(path: Path, result: Path, bounds: Bounds) -> None:
    """Read one file into `result` and say how it went."""
    try:
        say({"ok": _read(path, result, bounds)})
    except FileFault as fault:
        say({"refused": {"code": fault.code, "facts": fault.facts}})
    except MemoryError:
        say({"refused": {"code": "file_too_costly", "facts": {}}})


def say(line: dict[str, Any]) -> None:
    """One line to the parent."""
    sys.stdout.write(json.dumps(line, ensure_ascii=True, default=str) + "\n")
    sys.stdout.flush()


def _read(path: Path, result: Path, bounds: Bounds) -> dict[str, Any]:
    paths = [path]
    if path.read_bytes()[:2] == b"PK":
        paths = [
            each
            for each in unpack(path, path.parent, bounds)
            if each.suffix not in (".shx", ".dbf", ".prj", ".cpg")
        ]
    sources = [open_source(each, bounds) for each in paths]
    if not sources:
        raise FileFault("file_kind")
    systems = {source.crs for source in sources}
    if len(systems) > 1:
        raise FileFault("crs_mixed", found="、".join(sorted(systems)))
    total = sum(source.count for source in sources)
    if total > bounds.features:
        raise FileFault("too_many_features", maximum=bounds.features)
    with result.open("wb") as out:
        tally = Tally(out, bounds, total)
        for source in sources:
            for raw in source.rows:
                tally.take(raw)
    return {
        "format": sources[0].format,
        "crs": sources[0].crs,
        "layers": [name for source in sources for name in source.layers],
        "encoding": sources[0].encoding,
        **tally.verdict(),
    }


class Tally:
    """Writes good features, collects faults, and stops what grows too large."""

    def __init__(self, out: BinaryIO, bounds: Bounds, total: int) -> None:
        self.out, self.bounds, self.total = out, bounds, total
        self.seen = self.written = self.empty = self.vertices = self.faulty = 0
        self.faults: list[dict[str, Any]] = []
        self.bare: list[int] = []

    def take(self, raw: Raw) -> None:
        """Check one feature and write it, or note its fault."""
        self.seen += 1
        if self.seen % STEP == 0:
            say({"done": self.seen, "total": max(self.total, self.seen)})
        if self.seen > self.bounds.features:
            raise FileFault("too_many_features", maximum=self.bounds.features)
        try:
            if raw.fault is not None:
                raise raw.fault
            if raw.geom is None or raw.geom.is_empty:
                self.empty += 1
                self.bare.append(raw.line)
                return
            self.vertices += int(shapely.get_num_coordinates(raw.geom))
            if self.vertices > self.bounds.vertices:
                raise FileFault("too_many_points", maximum=self.bounds.vertices)
            feature = {"line": raw.line, "geometry": checked(raw.geom), "tags": raw.tags}
            self.out.write(orjson.dumps(feature) + b"\n")
            self.written += 1
        except FeatureFault as fault:
            self.faulty += 1
            if len(self.faults) < self.bounds.faults:
                self.faults.append({"line": raw.line, "code": fault.code, "facts": fault.facts})

    def verdict(self) -> dict[str, Any]:
        """What was read, for the parent."""
        return {
            "count": self.written,
            "empty": self.empty,
            "bare": self.bare[: self.bounds.faults],
            "faulty": self.faulty,
            "faults": self.faults,
        }
