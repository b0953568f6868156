"""Every table's word stands in the glossary, once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from planner.app import all_metadata
from planner.core.db import Base

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_glossary_when_read_then_every_table_has_its_word() -> None:
    all_metadata()
    words = GLOSSARY.read_text(encoding="utf-8")
    names = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert len(names) > 40
    assert sorted(name for name in names if f"`{name}`" not in words) == []


def test_glossary_when_read_then_no_identifier_is_explained_twice() -> None:
    rows = [
        line.split("|")[2]
        for line in GLOSSARY.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.count("|") >= 4
    ]
    seen = Counter(
        word.strip(" `") for row in rows for word in row.replace(",", "·").split("·") if "`" in word
    )
    assert [word for word, number in seen.items() if number > 1] == []
