"""Form fields of the accounts pages as plain values; each wrong one is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from planner.core.errors import Invalid

Choice = TypeVar("Choice", bound=StrEnum)


def choice(form: Mapping[str, str], name: str, kind: type[Choice]) -> Choice:
    """A member of an enum."""
    value = form.get(name, "")
    if value not in tuple(kind):
        raise Invalid(fields={name: "missing" if not value else "not_a_choice"})
    return kind(value)


def number(form: Mapping[str, str], name: str) -> int:
    """A whole number of at most 6 digits."""
    value = form.get(name, "").strip()
    if not (value.isascii() and value.isdigit()) or len(value) > 6:
        raise Invalid(fields={name: "not_a_number"})
    return int(value)


def day(form: Mapping[str, str], name: str, default: date | None = None) -> date:
    """An ISO date."""
    value = form.get(name, "").strip()
    if not value and default is not None:
        return default
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Invalid(fields={name: "not_a_date"}) from error


def optional_day(form: Mapping[str, str], name: str) -> date | None:
    """An ISO date or nothing."""
    return day(form, name) if form.get(name, "").strip() else None
