"""The two ways into the database: the queue of writers, what ends a turn, and how waiting ends."""

import threading
import time
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from planner.core import db as db_module
from planner.core import limits
from planner.core.db import Database, TicketLock
from planner.core.errors import RateLimited
from planner.core.models import LimitCount
from tests.conftest import NOW


def test_ticket_when_many_wait_then_served_in_the_order_they_came():
    lock, order, threads = TicketLock(), [], []
    assert lock.acquire(1)

    def wait(number: int) -> None:
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    for number in range(12):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(lock._queue) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(12))


def test_ticket_when_waiting_ends_then_the_place_is_given_up():
    lock, got = TicketLock(), []
    assert lock.acquire(1)
    impatient = threading.Thread(target=lambda: got.append(lock.acquire(0.05)))
    impatient.start()
    impatient.join()
    assert got == [False]
    lock.release()
    assert lock.acquire(0), "the turn went to somebody who had left"


def test_ticket_when_asked_twice_by_one_thread_then_loud_at_once():
    lock = TicketLock()
    lock.acquire(1)
    began = time.monotonic()
    with pytest.raises(RuntimeError, match="inside another"):
        lock.acquire(5)
    assert time.monotonic() - began < 1


def fail_by_error(database: Database) -> None:
    with suppress(ZeroDivisionError), database.write() as session:
        session.execute(select(func.count()).select_from(LimitCount))
        raise ZeroDivisionError


def fail_by_statement(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            text("INSERT INTO core_installation (id, uuid, created_at) VALUES (2, 'x', 'y')")
            if database.is_sqlite
            else text("INSERT INTO core_limit_count (key) VALUES (NULL)")
        )


def fail_by_rollback(database: Database) -> None:
    session = database.writing()
    session.execute(select(func.count()).select_from(LimitCount))
    session.rollback()


def fail_by_close(database: Database) -> None:
    session = database.writing()
    session.execute(select(func.count()).select_from(LimitCount))
    session.close()


@pytest.mark.parametrize(
    "fail", [fail_by_error, fail_by_statement, fail_by_rollback, fail_by_close]
)
def test_write_when_one_ends_badly_then_the_next_thread_writes_at_once(database, fail):
    fail(database)
    took = []

    def write() -> None:
        began = time.monotonic()
        with database.write() as session:
            session.add(LimitCount(key="k", window_start=NOW, count=1))
        took.append(time.monotonic() - began)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert took[0] < 1


def test_write_when_eight_threads_count_then_nothing_is_lost(database):
    """Read, then write what was read plus one: only a lock taken at the beginning keeps that right."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's counters are guarded by the row, see the limits")
    with database.write() as session:
        session.add(LimitCount(key="k", window_start=NOW, count=0))

    def count(opener) -> None:
        for _ in range(20):
            with suppress(OperationalError), opener() as session, session.begin():
                row = session.scalars(select(LimitCount)).one()
                row.count += 1

    def total(opener) -> int:
        threads = [threading.Thread(target=count, args=(opener,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as session:
            return session.scalars(select(LimitCount.count)).one()

    assert total(database.writing) == 160
    assert total(database.reading) < 320, (
        "the control should have lost some to 'database is locked'"
    )


def test_limit_when_eight_threads_spend_then_exactly_its_count_passes(database):
    limit, passed = limits.Limit("test", 30, 600), []

    def spend() -> None:
        for _ in range(10):
            with suppress(RateLimited):
                limits.spend(database, limit, "device", now=NOW)
                passed.append(1)

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 30


def test_write_when_another_process_holds_the_file_then_ends_in_time(database, monkeypatch):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL waits per row; see the next test")
    monkeypatch.setattr(db_module, "BUSY_TIMEOUT_MS", 700)
    other = Database(database.url)
    holding = other.writing()
    holding.execute(select(func.count()).select_from(LimitCount))
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"), database.write() as session:
        session.execute(select(func.count()).select_from(LimitCount))
    assert time.monotonic() - began < 2
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(LimitCount)) == 0
    holding.close()
    with database.write() as session:
        session.add(LimitCount(key="k", window_start=NOW, count=1))
    other.dispose()


def test_write_when_the_queue_is_too_long_then_unavailable_and_not_an_unknown_error(
    database, monkeypatch
):
    if not database.is_sqlite:
        pytest.skip("only SQLite's writers queue")
    monkeypatch.setattr(db_module, "BUSY_TIMEOUT_MS", 200)
    holding = database.writing()
    holding.execute(select(func.count()).select_from(LimitCount))
    caught: list[Exception] = []

    def write() -> None:
        try:
            with database.write() as session:
                session.execute(select(func.count()).select_from(LimitCount))
        except OperationalError as error:
            caught.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    holding.close()
    assert len(caught) == 1


def test_statement_when_it_runs_too_long_then_a_class_the_web_answers_with_503(database):
    if database.is_sqlite:
        pytest.skip("SQLite has no limit on a statement")
    with database.read() as session:
        session.execute(text("SET LOCAL statement_timeout = 50"))
        with pytest.raises(OperationalError):
            session.execute(text("SELECT pg_sleep(2)"))


def test_row_lock_when_held_then_given_up_within_the_limit(database):
    if database.is_sqlite:
        pytest.skip("SQLite locks the whole file")
    with database.write() as session:
        session.add(LimitCount(key="k", window_start=NOW, count=1))
    holding = database.writing()
    holding.execute(text("UPDATE core_limit_count SET count = 2"))
    began = time.monotonic()
    with database.writing() as session:
        session.execute(text("SET LOCAL lock_timeout = 300"))
        with pytest.raises(OperationalError):
            session.execute(text("UPDATE core_limit_count SET count = 3"))
    assert time.monotonic() - began < 2
    holding.close()


def test_read_when_finished_then_nothing_was_committed(database):
    with database.read() as session:
        session.add(LimitCount(key="k", window_start=NOW, count=1))
        session.flush()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(LimitCount)) == 0


def test_session_when_turned_to_writing_then_reads_anew_under_the_lock(database):
    with database.write() as session:
        session.add(LimitCount(key="k", window_start=NOW, count=1))
    turning = database.reading()
    row = turning.scalars(select(LimitCount)).one()
    turning.commit()
    with database.write() as session:
        session.execute(text("UPDATE core_limit_count SET count = 5"))
    database.turn_to_writing(turning)
    assert row.count == 5
    turning.close()


def test_write_when_it_matters_then_waits_for_the_disk_and_a_mere_count_does_not(database):
    asked, light, full = "PRAGMA synchronous", 1, 2
    if not database.is_sqlite:  # the tests' own cluster never waits; look who said so
        asked = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"
        light, full = "session", "command line"
    with database.write_fleeting() as session:
        assert session.scalar(text(asked)) == light
    with database.write() as session:
        assert session.scalar(text(asked)) == full
