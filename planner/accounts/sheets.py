"""A roster file: CSV text to lines of appointments, each with what makes it unreadable. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from planner.core.errors import Invalid
from planner.core.text import restore_cell

from .rules import RosterLine
from .terms import (
    APPOINTMENT_LABELS,
    QUALIFICATION_LABELS,
    TIER_LABELS,
    AppointmentKind,
    DesignerTier,
    Qualification,
)

MAX_LINES = 400
MAX_BYTES = 48 * 1024
"""It travels through the preview page as a form field, whose limit is 64 KiB."""

COLUMNS = {
    "seat": ("seat", "席位"),
    "login": ("login", "用户名"),
    "name": ("name", "姓名"),
    "qualification": ("qualification", "身份"),
    "starts_on": ("starts_on", "起始日期"),
    "planned_until": ("planned_until", "截止日期"),
    "kind": ("kind", "方式"),
}
REQUIRED = ("seat", "login", "qualification", "starts_on")
_SEAT = re.compile(r"(total|street|community)-([0-9]{1,3})")
Member = TypeVar("Member", bound=StrEnum)


def read_roster(raw: bytes) -> list[RosterLine]:
    """Lines of a CSV file in UTF-8 (with or without mark), with Chinese or English column names.

    Raises:
        Invalid: the file as a whole is unreadable; single lines are never a reason.
    """
    if len(raw) > MAX_BYTES:
        raise Invalid(fields={"file": "roster_too_large"}, maximum=MAX_LINES)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(fields={"file": "roster_encoding"}) from error
    if "\0" in text:
        raise Invalid(fields={"file": "roster_encoding"})
    return parse_roster(text)


def parse_roster(text: str) -> list[RosterLine]:
    """Lines of a roster from its text; see `read_roster`."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = {str(name or "").strip(): name for name in reader.fieldnames or ()}
        chosen = {
            column: next((names[alias] for alias in aliases if alias in names), None)
            for column, aliases in COLUMNS.items()
        }
        missing = [COLUMNS[column][1] for column in REQUIRED if chosen[column] is None]
        if missing:
            raise Invalid(fields={"file": "roster_columns"}, columns="、".join(missing))
        rows = [(reader.line_num, row) for row in reader if any((c or "") for c in _cells(row))]
    except csv.Error as error:
        raise Invalid(fields={"file": "roster_encoding"}) from error
    if not rows:
        raise Invalid(fields={"file": "roster_empty"})
    if len(rows) > MAX_LINES:
        raise Invalid(fields={"file": "roster_too_large"}, maximum=MAX_LINES)
    return [_line(number, _chosen(row, chosen)) for number, row in rows]


def _cells(row: Mapping[Any, Any]) -> list[str]:
    return [cell for cell in row.values() if isinstance(cell, str)]


def _chosen(row: Mapping[Any, Any], chosen: Mapping[str, str | None]) -> dict[str, str]:
    values = {}
    for column, name in chosen.items():
        cell = row.get(name) if name is not None else None
        values[column] = restore_cell(cell.strip()) if isinstance(cell, str) else ""
    return values


def _line(number: int, cells: Mapping[str, str]) -> RosterLine:
    problems: list[str] = []
    seat = _SEAT.fullmatch(_seat_code(cells["seat"]))
    if seat is None:
        problems.append("bad_seat")
    qualification = _member(cells["qualification"], Qualification, QUALIFICATION_LABELS)
    if qualification is None:
        problems.append("bad_qualification")
    kind = _member(cells["kind"] or "holder", AppointmentKind, APPOINTMENT_LABELS)
    if kind is None:
        problems.append("bad_kind")
    starts_on, until = _day(cells["starts_on"]), _day(cells["planned_until"])
    if starts_on is None or (until is None and cells["planned_until"]):
        problems.append("not_a_date")
    return RosterLine(
        number_in_file=number,
        login=cells["login"],
        name=cells["name"],
        tier=DesignerTier(seat[1]) if seat else None,
        number=int(seat[2]) if seat else 0,
        qualification=qualification,
        starts_on=starts_on,
        planned_until=until,
        kind=kind or AppointmentKind.HOLDER,
        problem=problems[0] if problems else "",
    )


def _seat_code(text: str) -> str:
    """``街区设计师3`` or ``street-3`` as ``street-3``."""
    code = text.strip().lower()
    for tier, label in TIER_LABELS.items():
        code = code.replace(label, f"{tier.value}-")
    return re.sub(r"-+", "-", code.removesuffix("号席").replace(" ", ""))


def _member(text: str, kind: type[Member], labels: Mapping[Member, str]) -> Member | None:
    wanted = text.strip()
    return next((each for each in kind if wanted in (each.value, labels[each])), None)


def _day(text: str) -> date | None:
    parts = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", text.strip())
    if parts is None:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        return None
