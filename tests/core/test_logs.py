"""What the log keeps of a person: nothing."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from planner.core.logs import Redacting, redact


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("call 13912345678 now", "13912345678"),
        ("电话139 1234 5678。", "139 1234 5678"),
        ("id 320102199003071234", "320102199003071234"),
        ("id 32010219900307123X", "32010219900307123X"),
        ("车牌苏A12345停在门口", "苏A12345"),
        ("新能源苏AD12345。", "苏AD12345"),
        ("Authorization: Bearer abc.def", "abc.def"),
        ("/x?token=abcdef&y=1", "abcdef"),
        ("receipt 7K29Q-XF3AB-00001 shown", "7K29Q-XF3AB-00001"),
        ("hash " + "ab" * 32, "ab" * 32),
        ("postgresql://planner:hunter2@db/x", "hunter2"),
        ("failed\nDETAIL:  Failing row contains (王女士).", "王女士"),
    ],
)
def test_redact_when_personal_then_gone(line, secret):
    assert secret not in redact(line)


@pytest.mark.parametrize(
    "line",
    ["case C-7K29QXF moved to community-3", "took 1234567890 ns", "2026-11-24T07:08:40.123456Z"],
)
def test_redact_when_nothing_personal_then_unchanged(line):
    assert redact(line) == line


def test_log_when_a_statement_fails_then_neither_values_nor_rows_are_quoted(database):
    with pytest.raises(DBAPIError) as caught, database.write() as session:
        session.execute(
            text("INSERT INTO core_limit_count (key) VALUES (:key)"), {"key": "王女士家门口"}
        )
    record = logging.LogRecord(
        "planner", logging.ERROR, "f", 1, "database error", (), (DBAPIError, caught.value, None)
    )
    line = Redacting("%(message)s").format(record)
    assert "core_limit_count" in line
    assert "王女士" not in line
