"""The whole content of a database out to files and back in, on SpatiaLite and on PostGIS.

SQLite's own backup copies pages, online and in one piece. PostgreSQL gives rows by COPY from one
snapshot, so no client program of the right version is needed. Back in, both are one transaction:
it holds all of the new content or leaves the old (docs/decisions/0008-backup.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, inspect, select, text

from . import migrate
from .db import WRITE, Database, sqlite_driver

Progress = Callable[[int], None]
SQLITE_FILE = "planner.sqlite"
VERSION = "SELECT version_num FROM alembic_version"


class ContentDiffers(Exception):
    """What was written back is not what was taken out."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table in a dump: its rows, and on PostgreSQL its columns in the order of the file."""

    name: str
    rows: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump in a directory; tables stand so that each comes after those it refers to."""

    kind: str
    revision: str
    tables: tuple[TableFacts, ...]


def kind_of(database: Database) -> str:
    """`spatialite` or `postgis`; a dump goes back only into its own kind."""
    return "spatialite" if database.is_sqlite else "postgis"


def has_rows(database: Database, metadata: MetaData) -> bool:
    """Whether any of our tables holds a row."""
    with database.engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return any(
            connection.execute(select(text("1")).select_from(table).limit(1)).first()
            for table in metadata.sorted_tables
            if table.name in there
        )


def take(database: Database, metadata: MetaData, folder: Path, progress: Progress) -> Dump:
    """Write the content as of one instant into files of `folder`; writers go on meanwhile."""
    if database.is_sqlite:
        return _take_sqlite(database, metadata, folder, progress)
    return _take_postgres(database, metadata, folder, progress)


def put(database: Database, dump: Dump, folder: Path, progress: Progress) -> None:
    """Replace the whole content by that of a dump, or change nothing.

    Raises:
        ContentDiffers: the files do not hold what the dump says.
        OperationalError: the database is in use or away.
    """
    if database.is_sqlite:
        _put_sqlite(database, dump, folder)
    else:
        _put_postgres(database, dump, folder, progress)
    progress(len(dump.tables))


def _take_sqlite(database: Database, metadata: MetaData, folder: Path, progress: Progress) -> Dump:
    copy = folder / SQLITE_FILE
    with _raw_sqlite(_file_of(database)) as source, _raw_sqlite(copy) as target:
        source.backup(target)  # all pages in one step: one snapshot
        target.execute("PRAGMA journal_mode=DELETE")
        revision = str(target.execute(VERSION).fetchone()[0])
        names = [str(table.name) for table in metadata.sorted_tables]
        facts = []
        for done, name in enumerate(names, start=1):
            facts.append(TableFacts(name, _sqlite_rows(target, name)))
            progress(done)
    return Dump("spatialite", revision, tuple(facts))


def _put_sqlite(database: Database, dump: Dump, folder: Path) -> None:
    with _raw_sqlite(folder / SQLITE_FILE) as source:
        if source.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise ContentDiffers("the database file in it is damaged")
        for table in dump.tables:
            _compare(table, _sqlite_rows(source, table.name))
        database.dispose()
        with _raw_sqlite(_file_of(database)) as target:
            target.execute("PRAGMA journal_mode=WAL")
            target.execute("PRAGMA synchronous=FULL")
            source.backup(target)


@contextmanager
def _raw_sqlite(path: Path) -> Iterator[Any]:
    with closing(sqlite_driver().connect(str(path), timeout=10, isolation_level=None)) as opened:
        yield opened


def _file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _sqlite_rows(connection: Any, name: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608


def _take_postgres(
    database: Database, metadata: MetaData, folder: Path, progress: Progress
) -> Dump:
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        revision = connection.scalar(text(VERSION))
        facts = []
        for done, table in enumerate(metadata.sorted_tables, start=1):
            columns = tuple(str(column.name) for column in table.columns)
            with (folder / f"{table.name}.copy").open("wb") as out:
                _copy_out(connection, table.name, columns, out.write)
            facts.append(TableFacts(str(table.name), _count(connection, table), columns))
            progress(done)
    return Dump("postgis", str(revision), tuple(facts))


def _copy_out(
    connection: Connection, name: str, columns: tuple[str, ...], write: Callable[[bytes], Any]
) -> None:
    with (
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {_target(name, columns)} TO STDOUT") as c,
    ):
        for block in c:
            write(bytes(block))


def _put_postgres(database: Database, dump: Dump, folder: Path, progress: Progress) -> None:
    with database.engine.execution_options(**WRITE).connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        migrate.rebuild(connection, dump.revision)
        for done, table in enumerate(dump.tables):
            progress(done)
            _copy_in(connection, table, folder / f"{table.name}.copy")
            _compare(table, _count(connection, Table(table.name, MetaData())))
            _set_sequence(connection, table)


def _copy_in(connection: Connection, table: TableFacts, path: Path) -> None:
    target = _target(table.name, table.columns)
    with (
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
        path.open("rb") as source,
    ):
        while block := source.read(1 << 16):
            copy.write(block)


def _set_sequence(connection: Connection, table: TableFacts) -> None:
    if "id" not in table.columns:
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}
    )
    if sequence:
        connection.execute(
            text(
                f"SELECT setval(:seq, coalesce(max(id), 1), max(id) IS NOT NULL)"  # noqa: S608
                f' FROM "{table.name}"'
            ),
            {"seq": sequence},
        )


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _target(name: str, columns: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{column}"' for column in columns)
    return f'"{name}" ({listed})'


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _compare(table: TableFacts, found: int) -> None:
    if found != table.rows:
        raise ContentDiffers(f"{table.name} holds {found} rows, not {table.rows}")
