"""One code base, two databases: engines, sessions and column types for SpatiaLite and PostGIS.

What differs between the two lives here and in `core.geo`, nowhere else.
"""

from __future__ import annotations

import ctypes.util
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, ClassVar

import pyproj  # noqa: F401  # must be loaded before mod_spatialite, or the process aborts at exit
from sqlalchemy import (
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from .settings import SettingsError

BUSY_TIMEOUT_MS = 4_000
WRITE = {"tx_mode": "IMMEDIATE"}
FLEETING = {**WRITE, "tx_flush": "OFF"}
"""What a power cut may take back (a count of uses) is not waited for on the disk."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC on both databases; a naive value is a programming error and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC instant (SQLite drops the offset)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A StrEnum stored as its text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Only members of the enum are stored."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The member again."""
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """Named CHECK that a text column holds a member of the enum (or NULL)."""
    members = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({members})", name=f"{column}_known")


class Base(DeclarativeBase):
    """Base of every table; constraint names follow one convention on both databases."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}


class TicketLock:
    """First come, first served: SQLite's own busy handler sleeps unfairly (80–430 ms tails)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[tuple[int, threading.Event]] = deque()
        self._holder: int | None = None

    def acquire(self, timeout: float) -> bool:
        """Wait for the turn at most `timeout` seconds; False when it did not come.

        Raises:
            RuntimeError: this thread holds the turn already and would wait for itself.
        """
        me = threading.get_ident()
        with self._guard:
            if self._holder is None:
                self._holder = me
                return True
            if self._holder == me:
                raise RuntimeError("a write transaction was begun inside another one")
            turn = threading.Event()
            self._queue.append((me, turn))
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():
                return True
            self._queue.remove((me, turn))
            return False

    def release(self) -> None:
        """Hand the turn to the longest waiting."""
        with self._guard:
            if self._queue:
                self._holder, turn = self._queue.popleft()
                turn.set()
            else:
                self._holder = None


class Database:
    """An engine with its two ways in: `read()` (deferred) and `write()` (immediate on SQLite)."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.url = url
        self.is_sqlite = self.is_one_process = url.startswith("sqlite")
        self.engine = (
            _sqlite_engine(url, pool_size) if self.is_sqlite else _postgres_engine(url, pool_size)
        )
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._write_engine = self.engine.execution_options(**WRITE)
        self._writing = sessionmaker(self._write_engine, expire_on_commit=False)
        self._fleeting = sessionmaker(self.engine.execution_options(**FLEETING))

    def reading(self) -> Session:
        """A session for a request that changes nothing."""
        return self._reading()

    def writing(self) -> Session:
        """A session whose transaction takes the write lock when it begins."""
        return self._writing()

    def turn_to_writing(self, session: Session) -> None:
        """End what a session read so far; its next statement takes the write lock and reads anew."""
        session.rollback()
        session.expire_all()
        session.bind = self._write_engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that is rolled back at the end."""
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back on an error."""
        with self._writing() as session, session.begin():
            yield session

    @contextmanager
    def write_fleeting(self) -> Iterator[Session]:
        """Like `write`, for what may be lost when the machine itself goes down, and only then."""
        with self._fleeting() as session, session.begin():
            yield session

    def upsert(self, model: type[Base]) -> Any:
        """An INSERT that knows ON CONFLICT, in this database's dialect."""
        return sqlite.insert(model) if self.is_sqlite else postgresql.insert(model)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def sqlite_driver() -> ModuleType:
    """The SQLite module that can load extensions: the standard one, else pysqlite3."""
    import sqlite3

    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError as error:
        raise SettingsError(
            "this Python cannot load SQLite extensions and pysqlite3 is not installed: pip install pysqlite3"
        ) from error
    module: ModuleType = dbapi2
    return module


def load_spatialite(connection: Any) -> None:
    """Load mod_spatialite into a raw connection; the error names the package to install."""
    connection.enable_load_extension(True)
    try:
        connection.load_extension("mod_spatialite")
    except Exception as error:
        hint = ctypes.util.find_library("spatialite") or "no library found"
        raise SettingsError(
            f"SpatiaLite is missing ({hint}): on Debian/Ubuntu run"
            " 'apt-get install libsqlite3-mod-spatialite'"
        ) from error
    connection.enable_load_extension(False)


SQLITE_PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "cache_size=-32000",
    "temp_store=MEMORY",
)


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_driver(),
        pool_size=pool_size,
        max_overflow=40,
        hide_parameters=True,  # errors are logged, and what residents wrote must not be
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    lock = TicketLock()

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        load_spatialite(connection)
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("tx_mode") == "IMMEDIATE":
            _begin_immediate(connection, lock)
        else:
            connection.exec_driver_sql("BEGIN DEFERRED")

    @event.listens_for(engine, "checkin")
    def on_checkin(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if record.info.pop("ticket", None):
            lock.release()

    return engine


def _begin_immediate(connection: Connection, lock: TicketLock) -> None:
    """Take this process's turn, then the file's lock, within one budget of time for both."""
    began = time.monotonic()
    if not connection.info.get("ticket"):
        if not lock.acquire(BUSY_TIMEOUT_MS / 1000):
            raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("the queue is too long"))
        connection.info["ticket"] = True
    left = BUSY_TIMEOUT_MS - int((time.monotonic() - began) * 1000)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={max(left, 500)}")
    flush = "NORMAL" if _is_fleeting(connection) else "FULL"
    connection.exec_driver_sql(f"PRAGMA synchronous={flush}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_fleeting(connection: Connection) -> bool:
    return connection.get_execution_options().get("tx_flush") == "OFF"


def _postgres_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=5,
        pool_pre_ping=True,
        pool_timeout=4,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 4,
            "tcp_user_timeout": 4_000,
            "keepalives_idle": 10,
            "prepare_threshold": 2,
            "options": "-c timezone=UTC -c lock_timeout=4000 -c statement_timeout=30000",
        },
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if _is_fleeting(connection):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine
