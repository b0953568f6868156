"""Decisions about marks, without database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from planner.core.errors import Invalid, InvalidTransition
from planner.routing.terms import MarkKind

from .terms import KIND_LABELS, TRANSITIONS, MarkStatus, MarkVerb

MAX_ADDITIONS = 10


def check_window(opens: datetime | None, closes: datetime | None, now: datetime) -> None:
    """Refuse outside [opens, closes) and say when; None is open."""
    if opens is not None and now < opens:
        raise Invalid("not_collecting_yet", opens=opens)
    if closes is not None and now >= closes:
        raise Invalid("no_longer_collecting", closed=closes)


def is_collecting(opens: datetime | None, closes: datetime | None, now: datetime) -> bool:
    """Whether marks are taken now."""
    return (opens is None or now >= opens) and (closes is None or now < closes)


def next_status(verb: MarkVerb, status: MarkStatus) -> MarkStatus:
    """Where a verb leads from a status; InvalidTransition when it does not."""
    try:
        return TRANSITIONS[verb][status]
    except KeyError as error:
        raise InvalidTransition(verb=verb.value, status=status.value) from error


def title_of(kind: MarkKind, chips: Sequence[str], words: str, place: str) -> str:
    """A short title for trays, from the reason and the place's name; Chinese, at most 60 characters."""
    subject = chips[0] if chips else words.split("\n")[0]
    short = subject if len(subject) <= 24 else subject[:23] + "…"
    head = f"{place}：{short}" if place else short
    return head[:60] or KIND_LABELS[kind.value]
