"""What the worker does: every job of the house in one list, and the texts of its notices."""

from __future__ import annotations

import logging
import time

from sqlalchemy.exc import IntegrityError, OperationalError

from planner.accounts.actions import forget_expired
from planner.core import audit, limits, notify, outbox
from planner.core.settings import Settings
from planner.core.worker import Job, Turn
from planner.marks.jobs import delete_files, retag_all
from planner.places.jobs import read_waiting

TITLE = "街区共绘"

TEXTS = {
    "reply_issued": "事项 %(case)s 已有正式答复，请凭回执码查看。",
    "thanked": "事项 %(case)s 已收到感谢并办结，请凭回执码查看。",
}
"""Event of a notice -> what is sent. Codes only: whoever reads along learns nothing about a person."""

HOURLY = 3600
SETTLE_PAUSES = (0.2, 0.5, 1, 2, 4, 8)

log = logging.getLogger("planner.worker")


def jobs(settings: Settings) -> list[Job]:
    """All jobs; the channels are opened once."""
    channels = notify.channels_of(settings)
    return [
        Job("outbox", 1, lambda turn: send_outbox(turn, channels)),
        Job("seal", 1, seal_audit),
        Job("retag", 5, lambda turn: retag_all(turn.database, now=turn.now)),
        Job(
            "delete_files",
            1,
            lambda turn: delete_files(turn.database, settings.storage_url, now=turn.now),
        ),
        Job("seal_late", HOURLY, seal_late),
        Job("read_imports", 1, lambda turn: read_waiting(turn.database, settings, turn.now)),
        Job("forget_limits", HOURLY, lambda turn: limits.forget_old(turn.database, now=turn.now)),
        Job("forget_sign_ins", HOURLY, forget_sign_ins),
    ]


def send_outbox(turn: Turn, channels: list[notify.Channel]) -> int:
    """Claim what is due, send it outside any transaction, and settle each message on its own."""
    with turn.database.write() as session:
        taken = outbox.claim(session, now=turn.now, worker=turn.worker)
    for message in taken:
        error, missed = _send(message, channels)
        _settle(turn, message, error, missed)
    return len(taken)


def _settle(turn: Turn, message: outbox.Claimed, error: str | None, missed: list[str]) -> None:
    """Note what became of a message. It may have left the house, so a busy database is asked again."""
    for pause in SETTLE_PAUSES:
        try:
            with turn.database.write() as session:
                if error is None:
                    outbox.confirm(session, now=turn.now, worker=turn.worker, message_id=message.id)
                else:
                    outbox.postpone(
                        session,
                        now=turn.now,
                        worker=turn.worker,
                        message=message,
                        error=error,
                        left=missed,
                    )
            return
        except OperationalError:
            time.sleep(pause)
    log.error("message %s left the house and could not be noted; it will be sent again", message.id)


def _send(message: outbox.Claimed, channels: list[notify.Channel]) -> tuple[str | None, list[str]]:
    try:
        body = notify.compose(TEXTS, message.payload)
    except notify.UnknownNotice:
        return "unknown_notice", []
    missed = notify.deliver(channels, TITLE, body, only=message.left)
    return ("channel_refused", missed) if missed else (None, [])


def seal_audit(turn: Turn) -> int:
    """Chain the audit rows of the last second. Another worker's sealing at the same moment wins."""
    return _seal(turn, audit.RECENT)


def seal_late(turn: Turn) -> int:
    """Look through the whole log for rows that were committed long after their number was given."""
    return _seal(turn, None)


def _seal(turn: Turn, recent: int | None) -> int:
    with turn.database.read() as session:
        if not audit.has_unsealed(session, recent=recent):
            return 0
    try:
        with turn.database.write() as session:
            return audit.seal(session, recent=recent)
    except IntegrityError:
        return 0


def forget_sign_ins(turn: Turn) -> int:
    """Drop sessions and attempts that have run out."""
    with turn.database.write() as session:
        return forget_expired(session, now=turn.now)
