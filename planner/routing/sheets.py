"""Catalogue and rule files: CSV text to frozen rows; every refusal names file, line and column. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from planner.accounts.terms import DesignerTier, RemitArea, RemitTopic
from planner.core.errors import Invalid

from .rules import RuleLine
from .terms import Handling, MarkKind, Scale

MAX_ROWS = 2_000
MAX_PUBLIC_TOPICS = 12
FILES = ("catalogue.csv", "public_topics.csv", "chips.csv")
Row = TypeVar("Row")
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class PublicTopicRow:
    """One plain topic for residents."""

    code: str
    label: str
    label_en: str
    tier: DesignerTier
    position: int
    icon: str


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One 条目 of the catalogue."""

    code: str
    group_code: str
    group_name: str
    name: str
    tier: DesignerTier
    handling: Handling
    public_topic_code: str
    is_statutory: bool
    default_unit: str
    opinion_days: int
    reply_days: int


@dataclass(frozen=True, slots=True)
class ChipRow:
    """One ready reason; an empty `topic_code` asks staff to classify."""

    code: str
    kind: MarkKind
    public_topic_code: str
    topic_code: str | None
    text: str
    text_en: str
    position: int


@dataclass(frozen=True, slots=True)
class CatalogueSheet:
    """A whole catalogue as it stands in three files."""

    public_topics: tuple[PublicTopicRow, ...]
    topics: tuple[TopicRow, ...]
    chips: tuple[ChipRow, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the content: the same content gives no new version."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Line:
    """One line of a file, read field by field; what is wrong is noted with file, line and column."""

    def __init__(self, file: str, number: int, cells: Mapping[str, Any], wrong: dict[str, str]):
        self.file, self.number, self.cells, self.wrong = file, number, cells, wrong

    def fault(self, column: str, code: str) -> None:
        """Note a fault of this line."""
        self.wrong.setdefault(f"{self.file}:{self.number}:{column}", code)

    def text(self, column: str, *, limit: int = 40, required: bool = True) -> str:
        """A cell without blank ends."""
        value = str(self.cells.get(column) or "").strip()
        if required and not value:
            self.fault(column, "missing")
        elif len(value) > limit:
            self.fault(column, "too_long")
        return value

    def member(self, column: str, kind: type[Member], default: Member) -> Member:
        """A member of an enum."""
        return self.optional(column, kind, required=True) or default

    def optional(self, column: str, kind: type[Member], *, required: bool = False) -> Member | None:
        """A member of an enum, or None for an empty cell."""
        value = self.text(column, required=required)
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            self.fault(column, "not_a_choice")
            return None

    def number_of(self, column: str, *, default: int | None = None, high: int = 999) -> int:
        """A whole number of 1 to `high`."""
        value = self.text(column, required=default is None)
        if not value:
            return default or 1
        if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= high:
            self.fault(column, "not_a_number")
            return 1
        return int(value)

    def flag(self, column: str) -> bool:
        """A yes or no; an empty cell is no."""
        value = self.text(column, required=False).lower()
        if value not in ("", "0", "1", "true", "false", "yes", "no", "是", "否"):
            self.fault(column, "not_a_choice")
        return value in ("1", "true", "yes", "是")


def read_text(raw: bytes, file: str) -> str:
    """UTF-8 text of a file (a byte-order mark is taken off), or a refusal."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("sheet_refused", fields={f"{file}:1:": "not_utf8"}) from error


def _lines(text: str, file: str, columns: Iterable[str], wrong: dict[str, str]) -> list[Line]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = set(columns) - set(reader.fieldnames or ())
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error:
        wrong[f"{file}:{reader.line_num + 1}:"] = "bad_csv"
        return []
    for name in sorted(missing):
        wrong[f"{file}:1:{name}"] = "missing_column"
    if len(rows) > MAX_ROWS:
        wrong[f"{file}:{MAX_ROWS + 2}:"] = "too_many_rows"
    return [] if missing else [Line(file, at, row, wrong) for at, row in rows[:MAX_ROWS]]


def _read(
    text: str,
    file: str,
    columns: Iterable[str],
    make: Callable[[Line, int], Row],
    wrong: dict[str, str],
) -> list[tuple[Line, Row]]:
    lines = _lines(text, file, columns, wrong)
    return [(line, make(line, place)) for place, line in enumerate(lines, start=1)]


def _public_topic(line: Line, place: int) -> PublicTopicRow:
    return PublicTopicRow(
        code=line.text("code"),
        label=line.text("label", limit=60),
        label_en=line.text("label_en", limit=80, required=False),
        tier=line.member("tier", DesignerTier, DesignerTier.COMMUNITY),
        position=line.number_of("position", default=place),
        icon=line.text("icon", required=False),
    )


def _topic(line: Line, place: int) -> TopicRow:
    return TopicRow(
        code=line.text("topic_code"),
        group_code=line.text("group_code"),
        group_name=line.text("group", limit=80),
        name=line.text("topic", limit=120),
        tier=line.member("tier", DesignerTier, DesignerTier.COMMUNITY),
        handling=line.member("handling", Handling, Handling.COORDINATED),
        public_topic_code=line.text("public_topic"),
        is_statutory=line.flag("statutory"),
        default_unit=line.text("default_unit", required=False),
        opinion_days=line.number_of("opinion_days", default=5, high=250),
        reply_days=line.number_of("reply_days", default=15, high=250),
    )


def _chip(line: Line, place: int) -> ChipRow:
    return ChipRow(
        code=line.text("code"),
        kind=line.member("kind", MarkKind, MarkKind.IMPROVE),
        public_topic_code=line.text("public_topic"),
        topic_code=line.text("topic_code", required=False) or None,
        text=line.text("text", limit=60),
        text_en=line.text("text_en", limit=80, required=False),
        position=line.number_of("position", default=place, high=MAX_ROWS),
    )


def _refuse_doubles(rows: Iterable[tuple[Line, Any]], column: str, attribute: str = "code") -> None:
    seen: set[Any] = set()
    for line, row in rows:
        value = getattr(row, attribute)
        if value in seen:
            line.fault(column, "double")
        seen.add(value)


def _refuse_unknown(
    rows: Iterable[tuple[Line, Any]], column: str, attribute: str, known: set[str]
) -> None:
    for line, row in rows:
        value = getattr(row, attribute)
        if value and value not in known:
            line.fault(column, "unknown_code")


def parse_catalogue(texts: Mapping[str, str]) -> CatalogueSheet:
    """The three files of a catalogue (names in `FILES`), all or nothing.

    Raises:
        Invalid: ``sheet_refused``; `fields` maps ``file:line:column`` to what is wrong there.
    """
    wrong: dict[str, str] = {}
    publics = _read(
        texts["public_topics.csv"],
        "public_topics.csv",
        ("code", "label", "tier"),
        _public_topic,
        wrong,
    )
    topics = _read(
        texts["catalogue.csv"],
        "catalogue.csv",
        ("group_code", "group", "topic_code", "topic", "tier", "handling", "public_topic"),
        _topic,
        wrong,
    )
    chips = _read(
        texts["chips.csv"],
        "chips.csv",
        ("code", "kind", "public_topic", "topic_code", "text"),
        _chip,
        wrong,
    )
    _cross_check(publics, topics, chips)
    if len(publics) > MAX_PUBLIC_TOPICS:
        publics[MAX_PUBLIC_TOPICS][0].fault("code", "too_many_public_topics")
    if wrong or not publics or not topics:
        raise Invalid("sheet_refused", fields=wrong or {"catalogue.csv:1:": "missing"})
    return CatalogueSheet(
        tuple(row for _, row in publics),
        tuple(row for _, row in topics),
        tuple(row for _, row in chips),
    )


def _cross_check(
    publics: list[tuple[Line, PublicTopicRow]],
    topics: list[tuple[Line, TopicRow]],
    chips: list[tuple[Line, ChipRow]],
) -> None:
    plain = {row.code for _, row in publics}
    for rows, column in ((publics, "code"), (topics, "topic_code"), (chips, "code")):
        _refuse_doubles(rows, column)
    _refuse_unknown(topics, "public_topic", "public_topic_code", plain)
    _refuse_unknown(chips, "public_topic", "public_topic_code", plain)
    _refuse_unknown(chips, "topic_code", "topic_code", {row.code for _, row in topics})


def read_catalogue(folder: Path) -> CatalogueSheet:
    """The catalogue lying in a folder; a missing file is a refusal."""
    absent = {f"{name}:1:": "missing" for name in FILES if not (folder / name).is_file()}
    if absent:
        raise Invalid("sheet_refused", fields=absent)
    return parse_catalogue({name: read_text((folder / name).read_bytes(), name) for name in FILES})


def _rule(line: Line, place: int) -> RuleLine:
    rule = RuleLine(
        number=line.number_of("number", default=place, high=MAX_ROWS),
        topic_kind=line.member("topic_kind", RemitTopic, RemitTopic.ANY),
        topic_code=line.text("topic", required=False),
        area_kind=line.optional("area_kind", RemitArea) or RemitArea.WHOLE,
        area_code=line.text("area", limit=60, required=False),
        scale=line.optional("scale", Scale),
        tier=line.member("tier", DesignerTier, DesignerTier.TOTAL),
        seat_number=line.number_of("seat_number", default=0)
        if line.text("seat_number", required=False)
        else None,
        unit_code=line.text("unit", required=False),
        assist_tier=line.optional("assist_tier", DesignerTier),
        note=line.text("note", limit=240, required=False),
    )
    if rule.area_kind is RemitArea.GEOMETRY:
        line.fault("area_kind", "not_a_choice")
    if (rule.area_kind is RemitArea.WHOLE) == bool(rule.area_code):
        line.fault("area", "missing" if not rule.area_code else "must_be_empty")
    if (rule.topic_kind is RemitTopic.ANY) == bool(rule.topic_code):
        line.fault("topic", "missing" if not rule.topic_code else "must_be_empty")
    return rule


def parse_rules(text: str, known: Mapping[RemitTopic, set[str]]) -> tuple[RuleLine, ...]:
    """A rule set's lines; `known` holds the catalogue's codes per kind.

    Raises:
        Invalid: ``sheet_refused``; `fields` maps ``rules.csv:line:column`` to what is wrong there.
    """
    wrong: dict[str, str] = {}
    rows = _read(text, "rules.csv", ("topic_kind", "topic", "tier"), _rule, wrong)
    _refuse_doubles(rows, "number", "number")
    for line, rule in rows:
        if rule.topic_code and rule.topic_code not in known.get(rule.topic_kind, set()):
            line.fault("topic", "unknown_code")
    if wrong or not rows:
        raise Invalid("sheet_refused", fields=wrong or {"rules.csv:1:": "missing"})
    return tuple(rule for _, rule in rows)
