"""Columns and words of foreign tables, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from planner.core.errors import Invalid
from planner.interop.columns import column_map, instant_of, kind_of, status_of
from planner.marks.terms import KIND_LABELS, STATUS_LABELS, MarkStatus
from planner.routing.terms import MarkKind
from tests.conftest import NOW


def test_columns_when_not_named_then_common_names_are_looked_into() -> None:
    chosen = column_map()
    assert chosen.text({"kind": "like"}, "kind") == "like"
    assert chosen.text({"种类": "喜欢"}, "kind") == "喜欢"
    assert chosen.text({"item": "", "topic": "green"}, "topic") == "green"
    assert chosen.text({"item": "ENV20", "topic": "green"}, "topic") == "ENV20"
    assert chosen.text({"external_id": "", "id": "7"}, "external_id") == "7"
    assert chosen.text({"other": "x"}, "reason") == ""


def test_columns_when_named_then_that_one_alone() -> None:
    chosen = column_map(["kind=Request_Type"])
    assert chosen.text({"request_type": "a", "kind": "like"}, "kind") == "a"
    assert chosen.text({"kind": "like"}, "kind") == ""


def test_status_when_not_named_then_never_taken() -> None:
    assert column_map().text({"status": "published"}, "status") == ""
    assert column_map(["status=status"]).text({"status": "published"}, "status") == "published"


def test_values_when_in_the_table_then_ours_without_regard_to_case_else_the_rest() -> None:
    chosen = column_map(
        ["kind=type"],
        ["kind:Double parking=dislike", "kind:a=b: c=like", "kind:*=improve"],
        ["kind=like", "topic=green"],
    )
    assert chosen.text({"type": "double PARKING"}, "kind") == "dislike"
    assert chosen.text({"type": "a=b: c"}, "kind") == "like"
    assert chosen.text({"type": "anything"}, "kind") == "improve"
    assert chosen.text({"type": ""}, "kind") == "like"
    assert chosen.text({}, "topic") == "green"


@pytest.mark.parametrize(
    "typed",
    [
        {"columns": ["nonsense=x"]},
        {"columns": ["kind"]},
        {"columns": ["kind="]},
        {"values": ["kind=like"]},
        {"values": ["kind:x="]},
        {"values": ["other:x=y"]},
        {"defaults": ["owner=me"]},
    ],
)
def test_mapping_when_unclear_then_refused_with_its_text(typed) -> None:
    with pytest.raises(Invalid) as caught:
        column_map(**typed)
    assert caught.value.code == "mapping_unclear"
    assert caught.value.facts["text"] in next(iter(typed.values()))


def test_column_when_named_and_absent_then_refused() -> None:
    with pytest.raises(Invalid) as caught:
        column_map(["reason=words"]).refuse_absent(["comment"])
    assert caught.value.facts == {"column": "words"}


@pytest.mark.parametrize("kind", MarkKind)
def test_kind_when_code_or_label_then_known(kind) -> None:
    assert kind_of(kind.value.upper()) is kind_of(KIND_LABELS[kind.value]) is kind


@pytest.mark.parametrize("status", MarkStatus)
def test_status_when_code_or_label_then_known_but_withdrawn_is_refused(status) -> None:
    for text in (status.value, STATUS_LABELS[status]):
        if status is MarkStatus.WITHDRAWN:
            with pytest.raises(Invalid):
                status_of(text)
        else:
            assert status_of(text) is status
    assert status_of("") is MarkStatus.RECEIVED
    with pytest.raises(Invalid):
        status_of("Unassigned")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2015-06-29T19:56:28.000Z", datetime(2015, 6, 29, 19, 56, 28, tzinfo=UTC)),
        ("2026-09-01", datetime(2026, 8, 31, 16, tzinfo=UTC)),
        ("2026/9/1 8:05", datetime(2026, 9, 1, 0, 5, tzinfo=UTC)),
        ("2026年9月1日", datetime(2026, 8, 31, 16, tzinfo=UTC)),
        ("2026-09-01 08:00:00+0800", datetime(2026, 9, 1, tzinfo=UTC)),
        ("2026-09-01T08:00:00+08:00", datetime(2026, 9, 1, tzinfo=UTC)),
    ],
)
def test_instant_when_a_common_form_then_read(text, wanted) -> None:
    assert instant_of(text, NOW) == wanted


def test_instant_when_empty_then_none() -> None:
    assert instant_of("", NOW) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yesterday", "not_a_date"),
        ("2026-02-30", "not_a_date"),
        ("2026-09-01T25:00", "not_a_date"),
        ("2026-09-22", "not_in_the_past"),
        ("1899-12-30", "not_in_the_past"),
    ],
)
def test_instant_when_none_or_to_come_then_refused(text, code) -> None:
    with pytest.raises(Invalid) as caught:
        instant_of(text, NOW)
    assert caught.value.fields == {"occurred_at": code}
