"""One file that brings an installation back: database, photos and receipt key, each with its checksum.

The file is an ordinary zip. Its comment, the last 64 bytes, is the SHA-256 of all before it, so that a
cut, a flipped bit or an appended byte is refused before anything is read from it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import MetaData
from sqlalchemy.exc import OperationalError

from . import dump, migrate
from .db import Database
from .dump import Dump, Progress, TableFacts
from .settings import Settings, SettingsError

FORMAT = 1
DIGEST_LENGTH = 64
BLOCK = 1 << 20
PHOTOS, DATABASE, KEY = "photos/", "database/", "receipt.key"


class BackupRefused(SettingsError):
    """The file, or the place it should go to, is not fit; nothing was changed."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `members`: name -> SHA-256; `receipt_key`: digest of the key in use."""

    made_at: str
    database: Dump
    members: dict[str, str]
    receipt_key: str

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.database.tables)

    @property
    def photos(self) -> list[str]:
        """Names of the photo files."""
        return [name for name in self.members if name.startswith(PHOTOS)]


def backup(
    database: Database,
    metadata: MetaData,
    settings: Settings,
    path: Path,
    *,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Write the backup while the installation goes on working; the file appears when it is whole.

    Raises:
        BackupRefused: the file exists already, or the schema is not the program's.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists already; a backup is never overwritten")
    if reason := migrate.unready(database):
        raise BackupRefused(reason)
    part = path.with_name(f".{path.name}.part")
    with _workspace(path.parent) as folder:
        try:
            part.touch(mode=0o600)
            made = _write(database, metadata, settings, part, folder, now, progress)
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
    return made


def read_manifest(path: Path) -> Manifest:
    """Check the whole file and give its table of contents.

    Raises:
        BackupRefused: it is no backup, or not as it was written.
    """
    try:
        _check_whole(path)
        with zipfile.ZipFile(path) as held:
            raw = orjson.loads(held.read("manifest.json"))
    except (OSError, zipfile.BadZipFile, KeyError, orjson.JSONDecodeError) as error:
        raise BackupRefused(f"{path} is not a readable backup") from error
    if raw.get("format") != FORMAT:
        raise BackupRefused(f"{path} was written by another version of the program")
    facts = raw["database"]
    tables = tuple(
        TableFacts(each["name"], each["rows"], tuple(each["columns"])) for each in facts["tables"]
    )
    return Manifest(
        made_at=raw["made_at"],
        database=Dump(facts["kind"], facts["revision"], tables),
        members=raw["members"],
        receipt_key=raw["receipt_key"],
    )


def restore(
    database: Database,
    metadata: MetaData,
    settings: Settings,
    path: Path,
    *,
    force: bool,
    progress: Progress,
) -> Manifest:
    """Put a backup in place of what is here. Until the database's one commit all stays as it was.

    Raises:
        BackupRefused: the file is damaged, of the other database or too new, or there is content here
            already and `force` is not set.
    """
    manifest = read_manifest(path)
    _check_target(database, metadata, manifest, force=force)
    with _workspace(settings.data_dir) as folder:
        _unpack(path, manifest, folder)
        _place_photos(folder / "photos", settings)
        try:
            dump.put(database, manifest.database, folder / "database", progress)
        except dump.ContentDiffers as error:
            raise BackupRefused(str(error)) from error
        except OperationalError as error:
            raise BackupRefused("the database is in use; stop the server first") from error
        _place_key(folder / KEY, settings)
    return manifest


def key_digest(settings: Settings) -> str:
    """Tells whether two installations derive the same receipts, and nothing else."""
    return hmac.new(settings.receipt_key, b"planner backup", hashlib.sha256).hexdigest()[:16]


def _write(
    database: Database,
    metadata: MetaData,
    settings: Settings,
    part: Path,
    folder: Path,
    now: datetime,
    progress: Progress,
) -> Manifest:
    taken = dump.take(database, metadata, folder, progress)
    members: dict[str, str] = {}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
        for source in sorted(folder.iterdir()):
            members[DATABASE + source.name] = _add(out, source, DATABASE + source.name)
        for name, source in _photo_files(settings):
            members[name] = _add(out, source, name, packed=False)
        if (key := _key_file(settings)) is not None:
            members[KEY] = _add(out, key, KEY)
        manifest = Manifest(now.isoformat(), taken, members, key_digest(settings))
        out.writestr(
            "manifest.json",
            orjson.dumps({"format": FORMAT, **asdict(manifest)}),
            zipfile.ZIP_STORED,
        )
        out.comment = b"0" * DIGEST_LENGTH
    with part.open("r+b") as whole:
        digest = _digest(whole, part.stat().st_size - DIGEST_LENGTH)
        whole.seek(-DIGEST_LENGTH, os.SEEK_END)
        whole.write(digest.encode())
        whole.flush()
        os.fsync(whole.fileno())
    return manifest


def _add(out: zipfile.ZipFile, source: Path, name: str, *, packed: bool = True) -> str:
    """Add a file; give its SHA-256."""
    info = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    total = hashlib.sha256()
    with source.open("rb") as read, out.open(info, "w") as write:
        while block := read.read(BLOCK):
            total.update(block)
            write.write(block)
    return total.hexdigest()


def _photo_root(settings: Settings) -> Path | None:
    address = settings.storage_url.removeprefix("file://")
    return None if "://" in address else Path(address)


def _photo_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Photos in a directory of ours; those in an object store are that store's to keep."""
    root = _photo_root(settings)
    if root is None or not root.is_dir():
        return
    for source in sorted(root.rglob("*")):
        if source.is_file():
            yield PHOTOS + source.relative_to(root).as_posix(), source


def _key_file(settings: Settings) -> Path | None:
    """The key kept in the data directory; one that comes from the environment is the operator's."""
    path = settings.data_dir / KEY
    kept = path.is_file() and path.read_text().strip() == settings.receipt_key.hex()
    return path if kept else None


def _check_whole(path: Path) -> None:
    size = path.stat().st_size - DIGEST_LENGTH
    if size <= 0:
        raise BackupRefused(f"{path} is cut off")
    with path.open("rb") as whole:
        found = _digest(whole, size)
        written = whole.read(DIGEST_LENGTH)
    if not hmac.compare_digest(found.encode(), written):
        raise BackupRefused(f"{path} is cut off or was altered: its checksum does not fit")


def _digest(source: BinaryIO, size: int) -> str:
    """SHA-256 of the first `size` bytes; leaves the file just behind them."""
    source.seek(0)
    total = hashlib.sha256()
    while size > 0 and (block := source.read(min(BLOCK, size))):
        total.update(block)
        size -= len(block)
    return total.hexdigest()


def _check_target(
    database: Database, metadata: MetaData, manifest: Manifest, *, force: bool
) -> None:
    here, held = dump.kind_of(database), manifest.database
    if held.kind != here:
        raise BackupRefused(f"the backup is of {held.kind} and this installation uses {here}")
    if held.revision not in migrate.revisions():
        raise BackupRefused(f"the backup's schema {held.revision} is newer than this program")
    if not force and dump.has_rows(database, metadata):
        raise BackupRefused("there is content here already; --force puts the backup in its place")


def _unpack(path: Path, manifest: Manifest, folder: Path) -> None:
    for part in ("database", "photos"):
        (folder / part).mkdir()
    with zipfile.ZipFile(path) as held:
        for name, wanted in manifest.members.items():
            target = folder / name
            if not target.resolve().is_relative_to(folder.resolve()):
                raise BackupRefused(f"{name} would lie outside the installation")
            target.parent.mkdir(parents=True, exist_ok=True)
            total = hashlib.sha256()
            with held.open(name) as source, target.open("wb") as out:
                while block := source.read(BLOCK):
                    total.update(block)
                    out.write(block)
            if total.hexdigest() != wanted:
                raise BackupRefused(f"{name} in the backup does not fit its checksum")


def _place_photos(unpacked: Path, settings: Settings) -> None:
    """Photos come before the rows that name them; a file of the same name is never replaced."""
    root = _photo_root(settings)
    if root is None:
        return
    for source in sorted(unpacked.rglob("*")):
        target = root / source.relative_to(unpacked)
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)


def _place_key(unpacked: Path, settings: Settings) -> None:
    """The backup's receipt key takes the place of this one, which is kept beside it."""
    if not unpacked.is_file():
        return
    path = settings.data_dir / KEY
    if path.exists() and path.read_text() != unpacked.read_text():
        path.replace(path.with_suffix(".key.before-restore"))
    if not path.exists():
        unpacked.chmod(0o600)
        shutil.move(unpacked, path)


@contextmanager
def _workspace(beside: Path) -> Iterator[Path]:
    """A private directory on the same disk, gone afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".planner-", dir=beside) as name:
        yield Path(name)


def facts_of(manifest: Manifest, settings: Settings) -> dict[str, Any]:
    """What the commands say about a backup."""
    return {
        "made_at": manifest.made_at,
        "database": manifest.database.kind,
        "revision": manifest.database.revision,
        "tables": {table.name: table.rows for table in manifest.database.tables},
        "rows": manifest.rows,
        "photos": len(manifest.photos),
        "has_receipt_key": KEY in manifest.members,
        "receipts_fit": manifest.receipt_key == key_digest(settings),
    }
