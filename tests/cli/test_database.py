"""`planner db|backup|restore|audit`: answers for people and programs, exit codes for scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from planner.cli import GROUPS, cli, context
from planner.core import audit
from planner.core.actor import SYSTEM
from planner.core.backup import BackupRefused
from planner.core.db import Database
from tests.conftest import NOW
from tests.serving import planner

Run = Callable[..., Result]
DATA = {"marks export"}
"""Commands whose output is data for programs already."""


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command itself on the test's database."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database.url)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path / "data"))
    context.settings.cache_clear()
    context.database.cache_clear()
    yield lambda *words: CliRunner().invoke(cli, list(words))
    context.database().dispose()
    context.settings.cache_clear()
    context.database.cache_clear()


def facts(result: Result) -> dict:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


def note(database: Database) -> None:
    with database.write() as session:
        audit.record(session, actor=SYSTEM, now=NOW, verb="a", subject_kind="b", subject_id=1)


def test_check_when_current_then_0_and_says_so(run: Run) -> None:
    told = run("db", "check", "--json")
    assert told.exit_code == 0, told.output
    assert facts(told)["behind"] is False
    assert "schema is current" in run("db", "check").stdout


def test_schema_when_taken_down_and_up_then_check_follows(run: Run, database: Database) -> None:
    assert facts(run("db", "downgrade", "base", "--json"))["revision"] is None
    down = run("db", "check", "--json")
    assert (down.exit_code, facts(down)["behind"]) == (1, True)
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "check").exit_code == 0


def test_check_when_a_table_differs_then_1_and_names_it(run: Run, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE core_limit_count ADD COLUMN extra INTEGER")
    told = run("db", "check", "--json")
    assert told.exit_code == 1
    assert "extra" in str(facts(told)["differences"])


def test_backup_when_restored_then_the_content_is_back(
    run: Run, database: Database, tmp_path: Path
) -> None:
    note(database)
    file = tmp_path / "one.zip"
    made = facts(run("backup", str(file), "--json"))
    assert made["tables"]["core_audit_event"] == 1
    assert made["has_receipt_key"] is True
    assert made["bytes"] == file.stat().st_size
    note(database)
    refused = run("restore", str(file))
    assert isinstance(refused.exception, BackupRefused)
    back = facts(run("restore", str(file), "--force", "--json"))
    assert (back["rows"], back["behind"], back["receipts_fit"]) == (made["rows"], False, True)
    with database.read() as session:
        assert audit.verify(session).unsealed == 1


def test_verify_when_intact_then_0_and_its_head_can_be_held_against_it(
    run: Run, database: Database
) -> None:
    note(database)
    with database.write() as session:
        audit.seal(session)
    told = run("audit", "verify", "--json")
    assert told.exit_code == 0
    head = facts(told)["head"]
    assert run("audit", "verify", "--head", head).exit_code == 0
    other = run("audit", "verify", "--head", "1:" + "0" * 64, "--json")
    assert (other.exit_code, facts(other)["broken_seq"]) == (1, 1)


@pytest.mark.parametrize("head", ["nonsense", "1:xyz", ":"])
def test_verify_when_head_cannot_be_read_then_refused(run: Run, head: str) -> None:
    assert run("audit", "verify", "--head", head).exit_code == 2


@pytest.mark.slow
def test_command_when_database_is_away_then_one_line_and_not_0(tmp_path: Path) -> None:
    for words in (("db", "check"), ("audit", "verify"), ("seed", "reference")):
        ended = planner(*words, url="postgresql+psycopg://x@127.0.0.1:9/x", data_dir=tmp_path)
        assert ended.returncode != 0
        assert ended.stderr.startswith("planner: the database does not answer")
        assert len(ended.stderr.splitlines()) == 1


def leaves(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    for word, below in command.commands.items():
        yield from leaves(f"{name} {word}", below)


def test_commands_when_listed_then_each_has_help_and_an_answer_for_programs() -> None:
    top = click.Context(cli)
    found = [
        pair
        for name in GROUPS
        if (command := cli.get_command(top, name)) is not None
        for pair in leaves(name, command)
    ]
    assert len(found) > len(GROUPS)
    for name, command in found:
        assert command.help, f"planner {name} has no help"
        options = {option for param in command.params for option in param.opts}
        assert "--json" in options or name in DATA, f"planner {name} has no --json"
