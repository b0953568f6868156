"""The chain finds what was done to it; sealers do not fork it; late rows are not skipped."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.cli import jobs
from planner.core import audit
from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.core.models import AuditEvent, AuditSeal
from planner.core.worker import Turn
from tests.conftest import NOW

EVENTS, SEALS = "core_audit_event", "core_audit_seal"


def note(session: Session, number: object, **over) -> None:
    audit.record(
        session,
        actor=SYSTEM,
        now=NOW,
        verb="test",
        subject_kind="thing",
        subject_id=number,
        facts={"n": 1},
        **over,
    )


@pytest.fixture
def chain(database: Database) -> Database:
    """Six sealed rows and one behind them."""
    with database.write() as session:
        for number in range(6):
            note(session, number)
    with database.write() as session:
        audit.seal(session)
        note(session, "open")
    return database


def tamper(database: Database, *statements: str) -> None:
    """What somebody with the database's own password could do."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for table in (EVENTS, SEALS):
                for verb in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.dispose()


def verdict(database: Database, **over) -> audit.Verdict:
    with database.read() as session:
        return audit.verify(session, **over)


def test_verify_when_untouched_then_intact_with_its_head(chain):
    found = verdict(chain)
    assert (found.is_intact, found.sealed, found.unsealed) == (True, 6, 1)
    assert found.head.startswith("6:")


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ("UPDATE core_audit_event SET verb = 'other' WHERE id = 3", 3, "altered"),
        ("UPDATE core_audit_event SET facts = '{\"n\": 2}' WHERE id = 4", 4, "altered"),
        ("UPDATE core_audit_event SET at = '2020-01-01 00:00:00' WHERE id = 2", 2, "altered"),
        ("UPDATE core_audit_event SET actor_ref = 'p:9' WHERE id = 6", 6, "altered"),
        ("DELETE FROM core_audit_event WHERE id = 3", 3, "removed"),
        ("DELETE FROM core_audit_seal WHERE seq = 3", 3, "missing"),
    ],
)
def test_verify_when_a_row_was_changed_or_removed_then_names_the_link(
    chain, statement, seq, reason
):
    tamper(chain, statement)
    found = verdict(chain)
    assert (found.is_intact, found.broken_seq) == (False, seq)
    assert reason in found.reason


def test_verify_when_two_links_were_exchanged_then_names_the_first(chain):
    tamper(
        chain,
        "UPDATE core_audit_seal SET audit_id = 99 WHERE seq = 2",
        "UPDATE core_audit_seal SET audit_id = 2 WHERE seq = 4",
        "UPDATE core_audit_seal SET audit_id = 4 WHERE seq = 2",
    )
    assert verdict(chain).broken_seq == 2


def test_verify_when_the_end_was_cut_then_only_a_noted_head_tells(chain):
    head = verdict(chain).head
    tamper(
        chain,
        "DELETE FROM core_audit_seal WHERE seq > 4",
        "DELETE FROM core_audit_event WHERE id > 4",
    )
    assert verdict(chain).is_intact, "a chain alone cannot know how long it was"
    found = verdict(chain, head=head)
    assert (found.broken_seq, found.reason) == (5, "links noted down were cut off")


def test_verify_when_everything_was_chained_anew_then_the_noted_head_tells(chain):
    head = verdict(chain).head
    tamper(
        chain,
        "DELETE FROM core_audit_seal",
        "UPDATE core_audit_event SET verb = 'other' WHERE id = 3",
    )
    with chain.write() as session:
        audit.seal(session)
    assert verdict(chain).is_intact
    assert not verdict(chain, head=head).is_intact


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_audit_event SET verb = 'x'", "DELETE FROM core_audit_event"],
)
def test_rows_when_changed_by_the_program_then_the_database_refuses(chain, statement):
    with pytest.raises(IntegrityError), chain.engine.begin() as connection:
        connection.execute(text(statement))
    assert verdict(chain).is_intact


def write_many(database: Database, writer: int) -> None:
    for number in range(40):
        with database.write() as session:
            note(session, f"{writer}-{number}")


def keep_sealing(turn: Turn, stop: threading.Event) -> None:
    while not stop.is_set():
        jobs.seal_audit(turn)


def test_seal_when_four_writers_and_three_sealers_then_one_chain_of_all(database):
    stop, turn = threading.Event(), Turn(database, NOW, "w")
    writers = [threading.Thread(target=write_many, args=(database, n)) for n in range(4)]
    sealers = [threading.Thread(target=keep_sealing, args=(turn, stop)) for _ in range(3)]
    for thread in [*writers, *sealers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    jobs.seal_audit(turn)
    found = verdict(database)
    assert (found.is_intact, found.sealed, found.unsealed) == (True, 160, 0)


def test_seal_when_a_row_with_an_early_number_commits_late_then_it_is_sealed_too(database):
    """PostgreSQL gives numbers before the commit; a sealer that goes on from the newest would skip it."""
    if database.is_one_process:
        pytest.skip("on SQLite numbers are given under the write lock")
    turn = Turn(database, NOW, "w")
    slow = database.writing()
    note(slow, "late")
    slow.flush()
    with database.write() as session:
        note(session, "early")
    assert jobs.seal_audit(turn) == 1
    slow.commit()
    slow.close()
    with database.read() as session:
        sealed = session.scalar(select(func.max(AuditSeal.audit_id)))
        late = session.scalar(select(AuditEvent.id).where(AuditEvent.subject_id == "late"))
        assert late < sealed, "the late row does not have the earlier number"
    assert jobs.seal_audit(turn) == 1
    assert verdict(database).unsealed == 0


def test_seal_when_a_late_row_lies_far_back_then_the_hourly_look_finds_it(database, monkeypatch):
    monkeypatch.setattr(audit, "RECENT", 2)
    with database.write() as session:
        for number in range(10):
            note(session, number)
    with database.write() as session:
        for seq, event in enumerate(
            session.scalars(select(AuditEvent).where(AuditEvent.id != 3).order_by(AuditEvent.id)), 1
        ):
            session.add(AuditSeal(seq=seq, audit_id=event.id, hash=b"\0" * 32))
    turn = Turn(database, NOW + timedelta(hours=1), "w")
    assert jobs.seal_audit(turn) == 0
    assert jobs.seal_late(turn) == 1


def test_record_when_personal_text_then_only_its_digest_is_kept(session):
    event = audit.record(
        session,
        actor=SYSTEM,
        now=NOW,
        verb="test",
        subject_kind="thing",
        subject_id=1,
        personal={"reason": "王女士家门口", "none": None},
    )
    assert set(event.digests) == {"reason"}
    assert "王" not in str(event.digests)
    assert event.digests["reason"] == audit.digest(event.salt, "王女士家门口")
    assert event.digests["reason"] != audit.digest(b"other salt", "王女士家门口")
