"""Backup under load, restore, and every way a file can be unfit."""

import shutil
import threading
import zipfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from planner.app import all_metadata
from planner.core import audit, backup, migrate, outbox
from planner.core.actor import SYSTEM
from planner.core.backup import BackupRefused, read_manifest
from planner.core.db import Database
from planner.core.models import AuditEvent, OutboxMessage
from planner.core.settings import Settings
from tests.conftest import NOW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with its key file and a photo."""
    place = tmp_path / "here"
    (place / "photos" / "a").mkdir(parents=True)
    (place / "photos" / "a" / "1.webp").write_bytes(b"\x00\x01picture" * 500)
    (place / "receipt.key").write_text("ab" * 32)
    return Settings(
        data_dir=place, storage_url=str(place / "photos"), receipt_key=bytes.fromhex("ab" * 32)
    )


def write_one(database: Database, name: str) -> None:
    """Two rows of one transaction, which a torn copy would separate."""
    with database.write() as session:
        outbox.enqueue(session, now=NOW, kind="notice", dedupe_key=name, payload={"event": "x"})
        audit.record(
            session, actor=SYSTEM, now=NOW, verb="test", subject_kind="test", subject_id=name
        )


def names_in(database: Database) -> tuple[set[str], set[str]]:
    with database.read() as session:
        return (
            set(session.scalars(select(OutboxMessage.dedupe_key))),
            set(session.scalars(select(AuditEvent.subject_id))),
        )


def make(database: Database, settings: Settings, path: Path) -> backup.Manifest:
    return backup.backup(
        database, all_metadata(), settings, path, now=NOW, progress=lambda done: None
    )


def bring_back(database, settings, path, *, force=True) -> backup.Manifest:
    return backup.restore(
        database, all_metadata(), settings, path, force=force, progress=lambda done: None
    )


@pytest.fixture
def file(database: Database, settings: Settings, tmp_path: Path) -> Path:
    """A backup of three pairs of rows, sealed."""
    for number in range(3):
        write_one(database, f"old-{number}")
    with database.write() as session:
        audit.seal(session)
    path = tmp_path / "one.zip"
    make(database, settings, path)
    return path


def test_backup_when_taken_under_load_then_holds_all_acknowledged_and_nothing_torn(
    database, settings, tmp_path
):
    acknowledged: list[str] = []
    stop = threading.Event()

    def writer(number: int) -> None:
        count = 0
        while not stop.is_set():
            name = f"w{number}-{count}"
            write_one(database, name)
            acknowledged.append(name)
            count += 1

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 60:
        stop.wait(0.01)
    before = set(acknowledged)
    path = tmp_path / "load.zip"
    make(database, settings, path)
    during = len(acknowledged)
    stop.set()
    for thread in threads:
        thread.join()
    assert during > len(before), "nothing was written while the backup ran"

    bring_back(database, settings, path)
    messages, events = names_in(database)
    assert messages == events
    assert before <= messages <= set(acknowledged)
    with database.write() as session:
        audit.seal(session)
        assert audit.verify(session).is_intact


def test_file_copy_when_taken_under_load_then_loses_acknowledged_rows(sqlite_template, tmp_path):
    """The control: what the backup must not be. Rows of the journal are not in the file yet."""
    source = tmp_path / "live.sqlite"
    shutil.copy(sqlite_template, source)
    database = Database(f"sqlite:///{source}")
    write_one(database, "acknowledged")
    shutil.copy(source, tmp_path / "copy.sqlite")
    copy = Database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    assert names_in(copy)[0] == set()
    database.dispose()
    copy.dispose()


def test_restore_when_host_is_empty_then_rows_photos_key_and_chain_are_back(
    database, settings, file, tmp_path
):
    with database.engine.begin() as connection:
        migrate.rebuild(connection, "head")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "receipt.key").write_text("cd" * 32)
    there = Settings(
        data_dir=fresh, storage_url=str(fresh / "photos"), receipt_key=bytes.fromhex("cd" * 32)
    )
    made = bring_back(database, there, file, force=False)
    assert names_in(database)[0] == {"old-0", "old-1", "old-2"}
    assert (fresh / "photos" / "a" / "1.webp").read_bytes() == b"\x00\x01picture" * 500
    assert (fresh / "receipt.key").read_text() == "ab" * 32
    assert (fresh / "receipt.key.before-restore").read_text() == "cd" * 32
    assert (fresh / "receipt.key").stat().st_mode & 0o777 == 0o600
    assert made.receipt_key == backup.key_digest(settings)
    with database.read() as session:
        assert audit.verify(session).sealed == 3
    write_one(database, "goes on")
    assert "goes on" in names_in(database)[0], "numbering did not go on after the restored rows"
    assert not list(fresh.glob(".planner-*"))


def test_restore_when_there_is_content_then_needs_force(database, settings, file):
    write_one(database, "newer")
    with pytest.raises(BackupRefused, match="--force"):
        bring_back(database, settings, file, force=False)
    assert "newer" in names_in(database)[0]
    bring_back(database, settings, file)
    assert names_in(database)[0] == {"old-0", "old-1", "old-2"}


@pytest.mark.parametrize("keep", [0, 40, 0.3, 0.99])
def test_restore_when_file_is_cut_then_refused_and_nothing_changed(database, settings, file, keep):
    whole = file.read_bytes()
    file.write_bytes(whole[: int(keep * len(whole)) if keep < 1 else keep])
    write_one(database, "newer")
    with pytest.raises(BackupRefused):
        bring_back(database, settings, file)
    assert "newer" in names_in(database)[0]


def test_restore_when_any_byte_is_flipped_then_refused(database, settings, file):
    whole = file.read_bytes()
    write_one(database, "newer")
    for place in (0, 11, len(whole) // 3, len(whole) // 2, len(whole) - 70, len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 0x40
        file.write_bytes(changed)
        with pytest.raises(BackupRefused, match="checksum"):
            bring_back(database, settings, file)
    assert "newer" in names_in(database)[0]


def test_restore_when_a_member_was_exchanged_then_refused(database, settings, file, tmp_path):
    """Somebody wrote the outer checksum anew; the one of the member still tells."""
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data + b"x" if name.startswith("photos/") else data)
        new.comment = b"0" * 64
    _sign(forged)
    with pytest.raises(BackupRefused, match="does not fit its checksum"):
        bring_back(database, settings, forged)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"revision": "9999"}, "newer than this program"),
        ({"kind": "other"}, "this installation uses"),
        ({"one_row_more": True}, "holds 3 rows, not 4"),
        ({"member": "../../evil"}, "outside the installation"),
    ],
)
def test_restore_when_manifest_is_wrong_then_refused_and_old_content_stays(
    database, settings, file, tmp_path, wrong, words
):
    import orjson

    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(forged, "w") as new:
        manifest = orjson.loads(old.read("manifest.json"))
        if "one_row_more" in wrong:
            for table in manifest["database"]["tables"]:
                table["rows"] += table["name"] == "core_outbox_message"
        if "member" in wrong:
            manifest["members"][wrong["member"]] = "0" * 64
        manifest["database"].update({k: v for k, v in wrong.items() if k in ("revision", "kind")})
        for name in old.namelist():
            if name != "manifest.json":
                new.writestr(name, old.read(name))
        new.writestr("manifest.json", orjson.dumps(manifest))
        new.comment = b"0" * 64
    _sign(forged)
    write_one(database, "newer")
    with pytest.raises(BackupRefused, match=words):
        bring_back(database, settings, forged)
    assert "newer" in names_in(database)[0]


def _sign(path: Path) -> None:
    with path.open("r+b") as whole:
        digest = backup._digest(whole, path.stat().st_size - 64)
        whole.seek(-64, 2)
        whole.write(digest.encode())


def test_restore_when_a_reader_holds_the_database_then_it_keeps_its_picture_or_is_refused(
    database, settings, file
):
    """A server that was left running must not end up with half of each."""
    write_one(database, "newer")
    with database.read() as reading:
        assert reading.scalar(select(func.count()).select_from(OutboxMessage)) == 4
        with suppress(BackupRefused):
            bring_back(database, settings, file)
        assert reading.scalar(select(func.count()).select_from(OutboxMessage)) == 4
    assert len(names_in(database)[0]) in (3, 4)


def test_backup_when_file_exists_then_not_overwritten(database, settings, file):
    with pytest.raises(BackupRefused, match="never overwritten"):
        make(database, settings, file)


def test_backup_when_schema_is_behind_then_refused(database, settings, tmp_path):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(BackupRefused, match="db upgrade"):
        make(database, settings, tmp_path / "no.zip")
    assert not list(tmp_path.glob("*no.zip*"))


def test_backup_when_read_then_private_and_complete(database, settings, file):
    manifest = read_manifest(file)
    assert file.stat().st_mode & 0o077 == 0
    assert manifest.photos == ["photos/a/1.webp"]
    assert "receipt.key" in manifest.members
    assert not any("secret" in name for name in manifest.members)
    assert {table.name for table in manifest.database.tables} == set(all_metadata().tables)


def test_backup_when_key_comes_from_the_environment_then_stays_outside(database, tmp_path):
    there = Settings(data_dir=tmp_path, storage_url="s3://bucket", receipt_key=b"e" * 32)
    (tmp_path / "receipt.key").write_text("ab" * 32)
    made = make(database, there, tmp_path / "env.zip")
    assert "receipt.key" not in made.members


def test_tables_when_sorted_then_no_circle_of_references(recwarn):
    """Rows go back table by table, each after those it refers to; a circle would stop that."""
    assert all_metadata().sorted_tables
    assert not [w for w in recwarn if "cycle" in str(w.message)]


def test_pause_when_attempts_grow_then_doubles_up_to_two_hours():
    assert [outbox.pause_after(n) for n in (1, 2, 3)] == [
        timedelta(seconds=30),
        timedelta(seconds=60),
        timedelta(seconds=120),
    ]
    assert outbox.pause_after(30) == timedelta(hours=2)
