"""Decisions about marks without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planner.core.errors import Invalid, InvalidTransition
from planner.marks.rules import (
    check_window,
    counts_from,
    happened_at,
    is_collecting,
    next_status,
    title_of,
)
from planner.marks.terms import TRANSITIONS, MarkStatus, MarkVerb
from planner.routing.terms import MarkKind
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (None, None, ""),
        (NOW, None, ""),
        (None, NOW + DAY, ""),
        (NOW + timedelta(seconds=1), None, "not_collecting_yet"),
        (None, NOW, "no_longer_collecting"),
        (NOW - 2 * DAY, NOW - DAY, "no_longer_collecting"),
    ],
)
def test_window_is_half_open_and_says_when(opens, closes, code) -> None:
    assert is_collecting(opens, closes, NOW) is (code == "")
    if not code:
        check_window(opens, closes, NOW)
        return
    with pytest.raises(Invalid) as refused:
        check_window(opens, closes, NOW)
    assert refused.value.code == code
    assert list(refused.value.facts.values()) == [opens if code == "not_collecting_yet" else closes]


@pytest.mark.parametrize(
    ("ago", "is_believed"),
    [
        (timedelta(hours=1), True),
        (timedelta(days=7), True),
        (timedelta(days=7, seconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_happened_when_the_client_says_so_then_only_the_last_week_is_believed(ago, is_believed):
    assert happened_at(NOW - ago, NOW) == (NOW - ago if is_believed else NOW)
    assert happened_at(None, NOW) == NOW


@pytest.mark.parametrize(
    ("opens", "closed", "made", "counts"),
    [
        (None, timedelta(hours=1), timedelta(hours=2), True),
        (None, timedelta(hours=1), timedelta(minutes=30), False),
        (None, timedelta(hours=47), timedelta(hours=48), True),
        (None, timedelta(hours=47), timedelta(hours=48, seconds=1), False),
        (timedelta(hours=3), timedelta(hours=1), timedelta(hours=4), False),
        (None, timedelta(hours=1), timedelta(hours=-2), False),
    ],
)
def test_window_when_a_mark_waited_for_network_then_its_making_counts(opens, closed, made, counts):
    window = NOW - opens if opens else None, NOW - closed
    instant = counts_from(*window, NOW - made, NOW)
    assert instant == (NOW - made if counts else NOW)
    assert is_collecting(*window, instant) is counts


@pytest.mark.parametrize("verb", MarkVerb)
@pytest.mark.parametrize("status", MarkStatus)
def test_every_verb_leads_where_the_table_says_or_is_refused(verb, status) -> None:
    target = TRANSITIONS[verb].get(status)
    if target is not None:
        assert next_status(verb, status) is target
        return
    with pytest.raises(InvalidTransition) as refused:
        next_status(verb, status)
    assert refused.value.facts == {"verb": verb.value, "status": status.value}


def test_nothing_leads_out_of_withdrawn() -> None:
    assert not any(MarkStatus.WITHDRAWN in table for table in TRANSITIONS.values())


def test_title_takes_the_chip_before_the_words_and_names_the_place() -> None:
    assert title_of(MarkKind.DISLIKE, ["乱停堵了路"], "车太多", "槐荫巷") == "槐荫巷：乱停堵了路"
    assert title_of(MarkKind.DISLIKE, [], "车太多\n第二行", "") == "车太多"
    long = title_of(MarkKind.LIKE, [], "很长的话" * 30, "地" * 50)
    assert len(long) == 60
    assert title_of(MarkKind.LIKE, [], "", "") == "喜欢"
