"""Every column that could hold something about a person is in the table of docs/privacy.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, Float, LargeBinary, MetaData, String, Table, Text

from planner.app import all_metadata
from planner.core.db import EnumText

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
HEADINGS = ["字段", "内容", "目的", "依据", "保留", "公开"]

CODES = frozenset(
    [
        "code", "slug", "digest", "file_digest", "body_digest", "hash", "declared_datum", "datum", "status",
        "kind", "subject_kind", "verb", "seat_code", "topic_code", "public_topic_code", "group_code",
        "area_code", "unit_code", "default_unit", "icon", "paint", "layer", "source", "text_version",
        "from_state", "to_state", "from_status", "to_status", "dedupe_key", "claimed_by",
    ]
)  # fmt: skip
"""Names that mean a code, a state or a digest of public content wherever they occur."""

ABOUT_PLACES = frozenset(
    [
        "core_work_calendar_day.name", "places_subdistrict.name", "places_subdistrict.district",
        "places_neighborhood.name", "places_neighborhood.name_en", "places_neighborhood.office_name",
        "places_neighborhood.settings", "places_base_layer.name", "places_community.name",
        "places_estate.name", "places_grid_revision.reason", "places_named_place.name",
        "places_named_place.aliases", "places_poster_point.name", "places_restricted_area.reason",
        "places_venue.name", "places_base_feature.name", "places_base_feature.facts",
        "places_building.name", "places_grid_cell.name", "accounts_seat.title",
        "accounts_handling_unit.name", "routing_catalogue.name", "routing_catalogue_version.note",
        "routing_chip.text", "routing_chip.text_en", "routing_public_topic.label",
        "routing_public_topic.label_en", "routing_topic.name", "routing_topic.group_name",
        "routing_rule_set.note", "routing_rule.note",
    ]
)  # fmt: skip
"""Names and notes of places, offices, topics and rules: public facts, not personal ones."""

PEOPLE = ("person_id",)
LINKED = re.compile(r"(_by|_ref)$")


def told() -> dict[str, list[str]]:
    """`table.column` -> cells of its row."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == len(HEADINGS):
            for name in re.findall(r"`(\w+\.\w+)`", cells[0]):
                found[name] = cells
    return found


def needs_telling(table: Table, column: Column[object]) -> bool:
    """Whether a column could hold something about a person, by its type and name."""
    if column.name in PEOPLE or LINKED.search(column.name):
        return True
    if isinstance(column.type, EnumText | Float):
        return False
    is_text = isinstance(column.type, String | Text | JSON | LargeBinary)
    return (
        is_text and column.name not in CODES and f"{table.name}.{column.name}" not in ABOUT_PLACES
    )


def untold(metadata: MetaData) -> set[str]:
    rows = told()
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if needs_telling(table, column) and f"{table.name}.{column.name}" not in rows
    }


def test_columns_when_they_could_be_personal_then_in_the_table() -> None:
    assert untold(all_metadata()) == set()


def test_columns_when_a_new_text_appears_then_the_test_sees_it() -> None:
    metadata = MetaData()
    Table("marks_new", metadata, Column("nickname", String(40)), Column("code", String(8)))
    assert untold(metadata) == {"marks_new.nickname"}


def test_table_when_read_then_every_row_is_whole_and_real() -> None:
    columns = {
        f"{table.name}.{column.name}"
        for table in all_metadata().sorted_tables
        for column in table.columns
    }
    rows = told()
    assert set(rows) - columns == set()
    assert all(cell for cells in rows.values() for cell in cells)


@pytest.mark.parametrize(
    "forbidden", ["phone", "email", "contact", "ip_address", "plate", "id_card"]
)
def test_marks_when_stored_then_no_contact_in_any_of_their_tables(forbidden: str) -> None:
    names = {
        column.name
        for table in all_metadata().sorted_tables
        if table.name.startswith(("marks_", "routing_"))
        for column in table.columns
    }
    assert not any(forbidden in name for name in names)


def test_public_fields_when_listed_then_none_is_told_as_private() -> None:
    from planner.marks.serializer import FIELDS, Reader

    public = {name for name, least in FIELDS.items() if least is Reader.PUBLIC}
    private = {
        name.split(".")[1]
        for name, cells in told().items()
        if name.startswith("marks_") and cells[5] == "否"
    }
    assert public & (private - {"reason"}) == set()
