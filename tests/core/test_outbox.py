"""Each message leaves the house once, whoever sends it, and is tried again when it does not."""

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from planner.cli import jobs
from planner.core import notify, outbox
from planner.core.db import Database
from planner.core.models import OutboxMessage, OutboxState
from planner.core.settings import PACKAGE_DIR, Settings, SettingsError
from planner.core.worker import Turn
from tests.conftest import NOW

SENDER = """
import sys, time
from datetime import datetime
from planner.app import all_metadata
from planner.cli import jobs
from planner.core import notify, outbox
from planner.core.db import Database
from planner.core.models import OutboxMessage, OutboxState
from planner.core.worker import Turn
from pathlib import Path
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

url, log, now, guarded, name = sys.argv[1:]
all_metadata()
database, now = Database(url), datetime.fromisoformat(now)
if guarded == "no":
    def unguarded(session, *, now, worker, limit=20):
        found = session.scalars(
            select(OutboxMessage).where(OutboxMessage.state == OutboxState.WAITING).limit(limit)
        ).all()
        return [outbox.Claimed(m.id, m.kind, m.payload, None, 1) for m in found]
    def settle(session, *, now, worker, message_id):
        session.get(OutboxMessage, message_id).state = OutboxState.SENT
    outbox.claim, outbox.confirm = unguarded, settle
jobs.TEXTS = {"test": "%(number)s"}
print("ready", flush=True)
sys.stdin.readline()
channels = [notify.DryChannel(Path(log))]
while True:
    try:
        if not jobs.send_outbox(Turn(database, now, name), channels):
            break
    except OperationalError:
        continue
"""


def fill(database: Database, count: int, **over) -> None:
    with database.write() as session:
        for number in range(count):
            outbox.enqueue(
                session,
                now=NOW,
                kind="notice",
                dedupe_key=f"test:{number}",
                payload={"event": "test", "number": number},
                **over,
            )


def send_in_processes(database: Database, log, guarded: str) -> Counter:
    """Four processes empty one outbox; give how often each number was sent."""
    command = [sys.executable, "-c", SENDER, database.url, str(log), NOW.isoformat(), guarded]
    senders = [
        subprocess.Popen(
            [*command, f"w{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for sender in senders:
        assert sender.stdout.readline() == "ready\n"
    for sender in senders:
        sender.stdin.write("go\n")
        sender.stdin.flush()
    for sender in senders:
        sender.communicate(timeout=240)
        assert sender.returncode == 0
    return Counter(_numbers(log))


def _numbers(log) -> list[str]:
    return [line.split("\t")[1] for line in log.read_text(encoding="utf-8").splitlines()]


def state_of(database: Database) -> list[OutboxMessage]:
    with database.read() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.mark.slow
def test_outbox_when_four_processes_send_200_then_each_once(database, tmp_path):
    fill(database, 200)
    sent = send_in_processes(database, tmp_path / "sent.log", "yes")
    assert sent == {str(number): 1 for number in range(200)}
    assert {message.state for message in state_of(database)} == {OutboxState.SENT}
    assert {message.attempts for message in state_of(database)} == {1}


@pytest.mark.slow
def test_outbox_when_the_claim_is_taken_away_then_messages_leave_twice(database, tmp_path):
    """The control: the same four processes without the guard."""
    fill(database, 200)
    sent = send_in_processes(database, tmp_path / "sent.log", "no")
    assert sum(sent.values()) > 200


def claim(database: Database, worker: str, now=NOW, limit=20) -> list[outbox.Claimed]:
    with database.write() as session:
        return outbox.claim(session, now=now, worker=worker, limit=limit)


def test_claim_when_held_by_another_then_only_after_its_end(database):
    fill(database, 3)
    assert len(claim(database, "a")) == 3
    assert claim(database, "b") == []
    assert len(claim(database, "b", NOW + outbox.LEASE)) == 3


def test_claim_when_not_due_then_waits(database):
    fill(database, 1, due_at=NOW + timedelta(hours=1))
    assert claim(database, "a") == []
    assert len(claim(database, "a", NOW + timedelta(hours=1))) == 1


def test_confirm_when_claim_has_passed_on_then_false_and_the_other_decides(database):
    fill(database, 1)
    (message,) = claim(database, "a")
    claim(database, "b", NOW + outbox.LEASE)
    with database.write() as session:
        assert not outbox.confirm(session, now=NOW, worker="a", message_id=message.id)
    assert state_of(database)[0].state is OutboxState.WAITING
    with database.write() as session:
        assert outbox.confirm(session, now=NOW, worker="b", message_id=message.id)
    assert state_of(database)[0].state is OutboxState.SENT


def test_postpone_when_tried_often_then_failed_and_never_again(database):
    fill(database, 1)
    now = NOW
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        (message,) = claim(database, "a", now)
        assert message.attempts == attempt
        with database.write() as session:
            outbox.postpone(session, now=now, worker="a", message=message, error="channel_refused")
        assert claim(database, "a", now + outbox.pause_after(attempt) / 2) == []
        now += outbox.LONGEST_PAUSE
    (held,) = state_of(database)
    assert held.state is OutboxState.FAILED
    assert held.last_error == "channel_refused"
    assert claim(database, "a", now + timedelta(days=30)) == []


def test_enqueue_when_same_key_twice_then_one(database):
    fill(database, 2)
    fill(database, 2)
    assert len(state_of(database)) == 2


@pytest.mark.parametrize("value", ["王女士的意见", "two words", "139\n", "x" * 81])
def test_enqueue_when_payload_holds_words_then_refused(session, value):
    with pytest.raises(ValueError, match="only codes"):
        outbox.enqueue(session, now=NOW, kind="notice", dedupe_key="k", payload={"text": value})


class Refusing:
    """A channel that is down."""

    name = "down"

    def send(self, title: str, body: str) -> bool:
        raise OSError("13912345678 is not reachable")


class Keeping:
    """A channel that works."""

    name = "up"

    def __init__(self) -> None:
        self.got: list[str] = []

    def send(self, title: str, body: str) -> bool:
        self.got.append(body)
        return True


def test_send_when_one_channel_is_down_then_the_other_gets_it_once(database, monkeypatch):
    monkeypatch.setitem(jobs.TEXTS, "test", "第 %(number)s 号")
    fill(database, 1)
    up = Keeping()
    assert jobs.send_outbox(Turn(database, NOW, "a"), [Refusing(), up]) == 1
    (held,) = state_of(database)
    assert (held.state, held.left_channels) == (OutboxState.WAITING, "down")
    assert "139" not in (held.last_error or "")
    back = Keeping()
    back.name = "down"
    jobs.send_outbox(Turn(database, NOW + timedelta(minutes=1), "a"), [back, up])
    assert (up.got, back.got) == (["第 0 号"], ["第 0 号"])
    assert state_of(database)[0].state is OutboxState.SENT


def test_send_when_event_has_no_text_then_kept_with_its_reason(database):
    fill(database, 1)
    up = Keeping()
    jobs.send_outbox(Turn(database, NOW, "a"), [up])
    assert up.got == []
    assert state_of(database)[0].last_error == "unknown_notice"


@pytest.fixture
def post_box():
    """A web server that keeps what is posted to it."""
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/", got
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # one of the library's channels
def test_channels_when_urls_are_set_then_the_text_arrives(post_box, tmp_path):
    url, got = post_box
    (channel,) = notify.channels_of(Settings(data_dir=tmp_path, notify_urls=(url,)))
    text = notify.compose(jobs.TEXTS, {"event": "reply_issued", "case": "C-1"})
    assert notify.deliver([channel], "街区共绘", text) == []
    assert got[0]["message"] == "事项 C-1 已有正式答复，请凭回执码查看。"
    assert "127.0.0.1" not in channel.name


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_channels_when_a_url_cannot_be_read_then_start_refuses_without_quoting_it(tmp_path):
    with pytest.raises(SettingsError) as caught:
        notify.channels_of(Settings(data_dir=tmp_path, notify_urls=("nonsense://key:secret@x",)))
    assert "secret" not in str(caught.value)


def test_channels_when_none_is_set_then_one_line_in_the_dry_log(tmp_path):
    (channel,) = notify.channels_of(Settings(data_dir=tmp_path))
    notify.deliver([channel], "街区共绘", "事项 C-1")
    assert (tmp_path / "outbox.log").read_text(encoding="utf-8") == "街区共绘\t事项 C-1\n"


def test_texts_when_the_source_announces_an_event_then_it_has_a_text():
    announced = set()
    for path in PACKAGE_DIR.rglob("*.py"):
        announced |= set(re.findall(r'payload=\{"event": "(\w+)"', path.read_text("utf-8")))
    assert announced
    assert announced <= set(jobs.TEXTS)
