"""The worker's loop: every job on its own, a broken one stops nobody."""

import threading
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from planner.cli.jobs import jobs
from planner.core import audit
from planner.core.actor import SYSTEM
from planner.core.settings import Settings
from planner.core.worker import Job, Worker
from tests.conftest import NOW


def broken(turn) -> int:
    raise RuntimeError("broken")


def away(turn) -> int:
    raise OperationalError("SELECT 1", None, ConnectionError())


def test_run_all_when_one_job_breaks_then_the_others_are_done(caplog):
    left = [3, 2]

    def counted(turn) -> int:
        return left.pop() if left else 0

    work = Worker(
        None, [Job("a", 1, broken), Job("b", 1, counted), Job("c", 1, away)], clock=lambda: NOW
    )
    assert work.run_all() == {"a": None, "b": 5, "c": None}
    assert "job a failed" in caplog.text
    assert "job c: database unavailable" in caplog.text


def test_run_when_told_to_stop_then_finishes_the_job_in_hand():
    stop, begun, ended = threading.Event(), threading.Event(), []

    def slow(turn) -> int:
        begun.set()
        stop.wait(5)
        ended.append(True)
        return 1

    after: list[bool] = []
    work = Worker(
        None,
        [Job("slow", 0, slow), Job("next", 0, lambda turn: after.append(True) or 0)],
        clock=lambda: NOW,
    )
    thread = threading.Thread(target=work.run, args=(stop,))
    thread.start()
    begun.wait(5)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert (ended, after) == ([True], [])


def test_run_when_not_due_then_waits_its_seconds(monkeypatch):
    monkeypatch.setattr("planner.core.worker.TICK_SECONDS", 0.01)
    stop, calls = threading.Event(), {"often": 0, "rare": 0}

    def often(turn) -> int:
        calls["often"] += 1
        if calls["often"] == 5:
            stop.set()
        return 0

    def rare(turn) -> int:
        calls["rare"] += 1
        return 0

    Worker(None, [Job("often", 0, often), Job("rare", 3600, rare)], clock=lambda: NOW).run(stop)
    assert calls == {"often": 5, "rare": 1}


def test_jobs_when_house_has_work_then_each_does_its_own(database, tmp_path):
    with database.write() as session:
        audit.record(session, actor=SYSTEM, now=NOW, verb="a", subject_kind="b", subject_id=1)
    work = Worker(database, jobs(Settings(data_dir=tmp_path)), clock=lambda: datetime.now(UTC))
    done = work.run_all()
    assert done["seal"] == 1
    assert None not in done.values()
    assert set(work.run_all().values()) == {0}
