"""Documents tell the truth: settings, commands, links and addresses exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def words_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_operators_when_read_then_every_setting_is_in_the_table() -> None:
    read = set(re.findall(r"PLANNER_[A-Z_]+", words_of(ROOT / "planner/core/settings.py")))
    told = set(re.findall(r"PLANNER_[A-Z_]+", words_of(ROOT / "docs/operators.md")))
    assert read - told == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_when_followed_then_the_file_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", words_of(page))
    gone = [
        target
        for target in targets
        if not target.startswith(("http://", "https://", "mailto:"))
        and not (page.parent / target).exists()
    ]
    assert gone == []


def test_commands_when_named_in_documents_then_they_exist() -> None:
    from planner.cli import GROUPS

    named = {
        word
        for page in PAGES
        for line in re.findall(r"`(?:\.venv/bin/)?planner ([a-z]+)", words_of(page))
        for word in [line]
    }
    assert named - set(GROUPS) == set()


def test_help_when_asked_then_every_command_answers() -> None:
    from planner.cli import GROUPS

    done = subprocess.run(
        [sys.executable, "-c", "from planner.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name in GROUPS:
        assert name in done.stdout


def test_decisions_when_listed_then_numbered_without_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_files_when_read_then_no_download_address_is_recorded() -> None:
    lock = words_of(ROOT / "requirements.lock")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
