"""R6: kill -9 at any moment under load loses no acknowledged mark and leaves no half one."""

from __future__ import annotations

import random
import threading
import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from planner.core import audit
from planner.core.db import Database
from planner.marks.models import Mark, PlaceTag, Wording
from planner.routing.models import Case, CaseStep
from tests.load.conftest import is_soak
from tests.serving import Client, Serving, post_mark

pytestmark = pytest.mark.slow
ROUNDS = 40 if is_soak() else 12


class Residents:
    """Eight people who send one mark after the other and keep what was acknowledged."""

    def __init__(self, port: int) -> None:
        self.acknowledged: dict[UUID, str] = {}
        self._port = port
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(8)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop sending."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        count = number * 400
        while not self._stop.is_set():
            key, count = uuid4(), count + 1
            try:
                reply = post_mark(Client(self._port, timeout=10), str(key), count)
            except OSError:
                time.sleep(0.02)
                continue
            if reply.status == 201:
                self.acknowledged[key] = reply.json["receipt_code"]
            else:
                time.sleep(0.05)


def test_marks_when_the_server_is_killed_under_load_then_none_lost_and_none_half(
    furnished: Database, serving: Serving
) -> None:
    chance = random.Random(furnished.url)
    residents = Residents(serving.port)
    for _ in range(ROUNDS):
        time.sleep(0.4 + chance.random() * 0.8)
        serving.kill()
        serving.start()
    time.sleep(0.5)
    residents.end()
    assert serving.stop() == 0
    _check(furnished, residents.acknowledged)


def _check(database: Database, acknowledged: dict[UUID, str]) -> None:
    with database.write() as session:
        kept = set(session.scalars(select(Mark.uuid)))
        assert len(acknowledged) >= ROUNDS
        assert set(acknowledged) <= kept
        marks = set(session.scalars(select(Mark.id)))
        for part in (Wording, PlaceTag):
            assert set(session.scalars(select(part.mark_id))) == marks, part.__name__
        cases = set(session.scalars(select(Case.id)))
        assert set(session.scalars(select(Mark.case_id))) == cases
        assert set(session.scalars(select(CaseStep.case_id))) == cases
        audit.seal(session, recent=None, limit=100_000)
        assert audit.verify(session).is_intact
        noted = select(audit.AuditEvent.subject_id).where(audit.AuditEvent.verb == "mark.create")
        assert {UUID(each) for each in session.scalars(noted)} == kept
