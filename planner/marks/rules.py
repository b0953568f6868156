"""Decisions about marks, without database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from planner.core.errors import Invalid, InvalidTransition
from planner.routing.terms import MarkKind

from .terms import KIND_LABELS, TRANSITIONS, MarkStatus, MarkVerb

MAX_ADDITIONS = 10
BELIEVED = timedelta(days=7)
"""How old a client's own time of making may be before ours counts instead."""

LATE_BY = timedelta(hours=48)
"""How long after making a mark may arrive although collecting has ended in between."""


def check_window(opens: datetime | None, closes: datetime | None, now: datetime) -> None:
    """Refuse outside [opens, closes) and say when; None is open."""
    if opens is not None and now < opens:
        raise Invalid("not_collecting_yet", opens=opens)
    if closes is not None and now >= closes:
        raise Invalid("no_longer_collecting", closed=closes)


def happened_at(made_at: datetime | None, now: datetime) -> datetime:
    """When a mark was made: the client's time if it can be believed, else its receipt."""
    is_believed = made_at is not None and now - BELIEVED <= made_at <= now
    return made_at if made_at is not None and is_believed else now


def counts_from(
    opens: datetime | None, closes: datetime | None, made_at: datetime | None, now: datetime
) -> datetime:
    """The instant the window is asked about: receipt, or the making of one that waited for network."""
    made = happened_at(made_at, now)
    waited = now - made <= LATE_BY and is_collecting(opens, closes, made)
    return made if waited else now


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


NEAR_SHOWN = 5
CHIP_REACH_M = 120
"""How far the marks lie that rank the ready reasons: about a minute's walk."""


def voices(
    said: Collection[tuple[bytes | None, int | None]], authors: Collection[bytes | None]
) -> int:
    """How many others say the same of one case, each counted once.

    Args:
        said: (device, person) of every endorsement of the case's marks.
        authors: devices of those marks; who wrote one of them is no further voice.
    """
    devices: dict[int, set[bytes | None]] = {}
    for device, person in said:
        if person is not None:
            devices.setdefault(person, set()).add(device)
    people = [own for own in devices.values() if not (own - {None}) & set(authors)]
    known = set().union(*devices.values(), authors)
    return len(people) + len({device for device, person in said if person is None} - known)


def ranked_chips(
    chips: Sequence[tuple[str, str, bool]],
    chips_near: Counter[str],
    topics_near: Counter[str],
) -> list[str]:
    """Codes of ready reasons: those met nearby first, then those of topics met nearby, then as listed.

    Args:
        chips: (code, public topic, helps) in the catalogue's order; 请帮我归类 (`helps`) closes the row.
    """
    place = {code: number for number, (code, _, _) in enumerate(chips)}
    ordered = sorted(
        chips,
        key=lambda chip: (chip[2], -chips_near[chip[0]], -topics_near[chip[1]], place[chip[0]]),
    )
    return [code for code, _, _ in ordered]


SIZES = ("small", "large")


def photo_name(key: str, size: str) -> str:
    """Where one size of a photo lies in the store."""
    return f"{key[:2]}/{key}-{size}.jpg"


def photo_names(key: str) -> list[str]:
    """Where both sizes lie."""
    return [photo_name(key, size) for size in SIZES]
