"""Zip archives: counted and measured before and while they are unpacked, under names of our own."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from .bounds import MEGABYTE, Bounds
from .faults import FileFault

WANTED = frozenset(
    (".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json", ".kml", ".csv")
)
CHUNK = 1 << 16
SYMLINK = 0o120000
SMALL = 10 * MEGABYTE
"""Below this an archive may be packed as tightly as it likes (tables of blanks are)."""


def unpack(archive: Path, into: Path, bounds: Bounds) -> list[Path]:
    """Unpack the members we read as `0.shp`, `0.dbf`, `1.gpkg` …; give the paths.

    Names inside the archive are never used as paths; one that climbs out refuses the whole.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            _check(members, archive.stat().st_size, bounds)
            return _extracted(opened, members, into, bounds)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileFault("file_unreadable", reason="archive_broken") from error


def _check(members: list[zipfile.ZipInfo], packed: int, bounds: Bounds) -> None:
    if len(members) > bounds.members:
        raise FileFault("archive_members", maximum=bounds.members)
    for each in members:
        name = PurePosixPath(each.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in each.filename:
            raise FileFault("archive_path")
        if (each.external_attr >> 16) & 0o170000 == SYMLINK or each.flag_bits & 1:
            raise FileFault("archive_path")
    total = sum(each.file_size for each in members)
    if total > bounds.unpacked_bytes or (total > SMALL and total > bounds.ratio * max(1, packed)):
        raise FileFault("archive_bomb")


def _extracted(
    opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], into: Path, bounds: Bounds
) -> list[Path]:
    stems: dict[str, int] = {}
    made, left = [], bounds.unpacked_bytes
    for each in members:
        name = PurePosixPath(each.filename.replace("\\", "/"))
        suffix = name.suffix.lower()
        if suffix not in WANTED or name.parts[0] == "__MACOSX" or name.name.startswith("."):
            continue
        number = stems.setdefault(str(name.with_suffix("")).casefold(), len(stems))
        path = into / f"{number}{suffix}"
        if path.exists():
            raise FileFault("archive_path")
        with opened.open(each) as source, path.open("wb") as target:
            while chunk := source.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FileFault("archive_bomb")
                target.write(chunk)
        made.append(path)
    return made
