"""Roster files: what is readable, what is named as wrong."""

from __future__ import annotations

from datetime import date

import pytest

from planner.accounts.sheets import MAX_BYTES, MAX_LINES, read_roster
from planner.accounts.terms import AppointmentKind, DesignerTier, Qualification
from planner.core.errors import Invalid

HEAD = "seat,login,name,qualification,starts_on,planned_until,kind\n"


def lines(text: str):
    return read_roster((HEAD + text).encode())


def test_line_when_complete_then_read():
    (line,) = lines("street-3,tang,唐代表,deputy_or_delegate,2026-01-01,2027-01-01,substitute\n")
    assert (line.tier, line.number, line.qualification, line.kind) == (
        DesignerTier.STREET,
        3,
        Qualification.DEPUTY_OR_DELEGATE,
        AppointmentKind.SUBSTITUTE,
    )
    assert (line.starts_on, line.planned_until) == (date(2026, 1, 1), date(2027, 1, 1))
    assert line.problem == ""


@pytest.mark.parametrize(
    "seat", ["street-3", "STREET-3", "街区设计师3", "街区设计师 3", "街区设计师3号席"]
)
def test_seat_when_written_by_people_then_understood(seat):
    (line,) = lines(f"{seat},tang,,人大代表或单位代表,2026-01-01,,\n")
    assert (line.tier, line.number, line.problem) == (DesignerTier.STREET, 3, "")


@pytest.mark.parametrize("day", ["2026-1-5", "2026/01/05", "2026.1.5", "2026年1月5日"])
def test_day_when_written_by_people_then_understood(day):
    (line,) = lines(f"total-1,gu,,professional,{day},,\n")
    assert line.starts_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("mayor-1,gu,,professional,2026-01-01,,", "bad_seat"),
        (",gu,,professional,2026-01-01,,", "bad_seat"),
        ("total-1,gu,,king,2026-01-01,,", "bad_qualification"),
        ("total-1,gu,,professional,soon,,", "not_a_date"),
        ("total-1,gu,,professional,2026-02-30,,", "not_a_date"),
        ("total-1,gu,,professional,2026-01-01,later,", "not_a_date"),
        ("total-1,gu,,professional,2026-01-01,,guest", "bad_kind"),
    ],
)
def test_line_when_wrong_then_its_problem_is_named(row, problem):
    (line,) = lines(row + "\n")
    assert line.problem == problem


def test_blank_lines_when_between_then_skipped_and_numbers_are_the_files():
    found = lines("total-1,gu,,professional,2026-01-01,,\n,,,,,,\nstreet-1,x,,r,2026-01-01,,\n")
    assert [line.number_in_file for line in found] == [2, 4]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "roster_columns"),
        (HEAD.encode(), "roster_empty"),
        (b"seat,name\ntotal-1,x\n", "roster_columns"),
        ("席位,用户名".encode("gbk"), "roster_encoding"),
        (HEAD.encode() + b"total-1,a\0b,,professional,2026-01-01,,\n", "roster_encoding"),
        (HEAD.encode() + b'total-1,"a,,professional,2026-01-01,,\n', "roster_encoding"),
        (HEAD.encode() + b"x" * MAX_BYTES, "roster_too_large"),
        (HEAD.encode() + b"t,a,b,c,d,e,f\n" * (MAX_LINES + 1), "roster_too_large"),
    ],
)
def test_file_when_unreadable_then_refused_as_a_whole(raw, code):
    with pytest.raises(Invalid) as refused:
        read_roster(raw)
    assert refused.value.fields == {"file": code}
