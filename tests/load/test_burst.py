"""R1: a festival's moment. 200 phones send a mark at once, and each sends it twice again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from planner.core.db import Database
from planner.marks.models import Mark, Wording
from planner.routing.models import Case
from tests.load.conftest import is_soak
from tests.serving import Client, Reply, Serving, post_mark

pytestmark = pytest.mark.slow
PHONES = 200


def all_at_once(phones: list[tuple[Client, str]]) -> list[Reply]:
    """Every phone sends its mark in the same moment."""
    gate = threading.Barrier(len(phones))
    replies: list[Reply | None] = [None] * len(phones)

    def send(place: int) -> None:
        client, key = phones[place]
        gate.wait()
        replies[place] = post_mark(client, key, place)

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(phones))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [reply for reply in replies if reply is not None]


def rows(database: Database) -> list[int]:
    with database.read() as session:
        return [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Mark, Wording, Case)
        ]


def test_burst_when_200_post_and_replay_twice_then_200_marks_and_no_error(
    furnished: Database, serving: Serving, record_property: Callable[[str, object], None]
) -> None:
    phones = [(Client(serving.port), str(uuid4())) for _ in range(PHONES)]
    first = all_at_once(phones)
    assert Counter(reply.status for reply in first) == {201: PHONES}, serving.log()[-2000:]
    again = [*all_at_once(phones), *all_at_once(phones)]
    assert Counter(reply.status for reply in again) == {200: 2 * PHONES}, serving.log()[-2000:]
    assert rows(furnished) == [PHONES] * 3
    receipts = [reply.json["receipt_code"] for reply in first]
    assert len(set(receipts)) == PHONES
    assert [reply.json["receipt_code"] for reply in again] == receipts * 2
    waited = sorted(reply.seconds for reply in first)
    record_property("p95_seconds", round(waited[PHONES * 95 // 100], 2))
    assert waited[PHONES * 95 // 100] <= (3 if is_soak() else 25), "a measure for a quiet machine"


def test_burst_when_one_key_comes_from_50_phones_at_once_then_one_mark(
    furnished: Database, serving: Serving
) -> None:
    """The same phone, its answer lost, sends again and again; others guessing the key learn nothing."""
    phone = Client(serving.port)
    phone.get("/n/here/")
    key = str(uuid4())
    same = [(Client(serving.port, cookies=dict(phone.cookies)), key) for _ in range(50)]
    gate = threading.Barrier(50)
    statuses: list[int] = []

    def send(client: Client) -> None:
        gate.wait()
        statuses.append(post_mark(client, key).status)

    threads = [threading.Thread(target=send, args=(client,)) for client, _ in same]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses) == {201: 1, 200: 49}
    assert rows(furnished) == [1, 1, 1]
    assert post_mark(Client(serving.port), key).status == 409
