"""Which column of a foreign table means what for a mark, and which of its words stand for ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from planner.core.clock import LOCAL_ZONE
from planner.core.errors import Invalid
from planner.marks.terms import KIND_LABELS, STATUS_LABELS, MarkStatus
from planner.routing.terms import MarkKind

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "种类"),
    "topic": ("item", "目录条目", "topic", "topic_code", "类别代码"),
    "reason": ("reason", "具体原因", "comment", "comments", "text", "意见", "内容", "原因"),
    "occurred_at": ("occurred_at", "发生时间", "date", "created_at", "时间", "日期"),
    "external_id": ("external_id", "外部编号", "id", "标识", "编号"),
    "status": (),
}
"""Our field -> columns looked into by default; the first that is not empty wins.

A publication state is only taken when its column is named: what is public elsewhere is not public here."""

REST = "*"
"""In a table of values: everything that is not named."""

_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[Tt ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? *([Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_KINDS = {label: code for code, label in KIND_LABELS.items()}
_STATUSES = {label: status.value for status, label in STATUS_LABELS.items()}
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Per field: the columns looked into, a table of values, a default. `named` are the explicit ones."""

    named: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def text(self, tags: Mapping[str, str], name: str) -> str:
        """The row's word for a field, put into our words where a table says so; empty when there is none."""
        columns = (self.named[name],) if name in self.named else COLUMNS[name]
        raw = next((tags[each] for each in columns if tags.get(each)), "")
        table = self.values.get(name, {})
        if raw:
            return table.get(raw.casefold(), table.get(REST, raw))
        return self.defaults.get(name, "")

    def refuse_absent(self, columns: Iterable[str]) -> None:
        """Refuse when a column that was named is not in the file."""
        known = set(columns)
        for column in self.named.values():
            if column not in known:
                raise Invalid("column_missing", column=column)

    def as_json(self) -> dict[str, Any]:
        """For the record of the import."""
        return {
            "columns": dict(self.named),
            "values": {name: dict(table) for name, table in self.values.items()},
            "defaults": dict(self.defaults),
        }


def column_map(
    columns: Sequence[str] = (), values: Sequence[str] = (), defaults: Sequence[str] = ()
) -> ColumnMap:
    """From words as typed: ``kind=request_type``, ``kind:Double parking=dislike``, ``topic=other``."""
    tables: dict[str, dict[str, str]] = {}
    for text in values:
        head, _, ours = text.rpartition("=")
        name, _, theirs = head.partition(":")
        _known(name, text)
        if not theirs or not ours:
            raise Invalid("mapping_unclear", text=text)
        tables.setdefault(name, {})[theirs.strip().casefold()] = ours.strip()
    named = {name: column.casefold() for name, column in map(_pair, columns)}
    return ColumnMap(named, tables, dict(map(_pair, defaults)))


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    _known(name, text)
    if not value.strip():
        raise Invalid("mapping_unclear", text=text)
    return name.strip(), value.strip()


def _known(name: str, text: str) -> None:
    if name.strip() not in COLUMNS:
        raise Invalid("mapping_unclear", text=text)


def kind_of(text: str) -> MarkKind:
    """One of our kinds, by code or by Chinese label."""
    return _member(MarkKind, _KINDS.get(text, text.casefold()), "kind", "kind_missing")


def status_of(text: str) -> MarkStatus:
    """A publication state by code or by label; none is 'received', and withdrawn marks are not taken."""
    code = _STATUSES.get(text, text.casefold()) or MarkStatus.RECEIVED.value
    status = _member(MarkStatus, code, "status", "not_a_choice")
    if status is MarkStatus.WITHDRAWN:
        raise Invalid(fields={"status": "mark_withdrawn"})
    return status


def _member(kind: type[Member], code: str, name: str, wrong: str) -> Member:
    try:
        return kind(code)
    except ValueError as error:
        raise Invalid(fields={name: wrong}) from error


def instant_of(text: str, now: datetime) -> datetime | None:
    """A date or time, local when it names no zone; None for an empty cell; never after `now`."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        raise Invalid(fields={"occurred_at": "not_a_date"})
    year, month, day, hour, minute, second, zone = found.groups()
    offset = (zone or "").upper().replace("Z", "+00:00")
    clock = f"{int(hour or 0):02}:{minute or '00'}:{second or '00'}"
    try:
        made = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{clock}{offset}")
    except ValueError as error:
        raise Invalid(fields={"occurred_at": "not_a_date"}) from error
    moment = made if made.tzinfo else made.replace(tzinfo=LOCAL_ZONE)
    if moment > now or moment.year < 1900:
        raise Invalid(fields={"occurred_at": "not_in_the_past"})
    return moment
