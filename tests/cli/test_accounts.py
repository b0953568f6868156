"""`planner user …` on both databases: no password in arguments or output, a token printed once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from planner.accounts import queries, rules
from planner.accounts.models import Appointment, Person
from planner.cli import cli, context
from planner.core.actor import Role
from planner.core.clock import utc_now
from planner.core.db import Database
from planner.core.errors import Conflict, Invalid, PlannerError
from tests.factories.places import make_neighborhood

SECRET = "long-enough-1"
Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command itself, on the test's database, with a neighborhood `here`."""
    monkeypatch.setenv("PLANNER_DATABASE_URL", database.url)
    monkeypatch.setenv("PLANNER_DATA_DIR", str(tmp_path))
    context.settings.cache_clear()
    context.database.cache_clear()
    with database.write() as session:
        make_neighborhood(session)

    def call(*arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(cli, ["user", *arguments], input=given)

    yield call
    context.database().dispose()
    context.settings.cache_clear()
    context.database.cache_clear()


def answer(result: Result) -> dict[str, Any]:
    assert result.exception is None, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def create(run: Run, login: str = "li", *more: str) -> Result:
    return run("create", login, "--password-stdin", "--json", *more, given=f"{SECRET}\n")


def test_create_when_a_role_is_named_then_holds_it_there_and_the_password_is_never_shown(
    run, database
):
    made = create(run, "li", "--role", "moderator", "--neighborhood", "here")
    assert SECRET not in made.output
    assert answer(made)["has_password"] is True
    with database.read() as session:
        person = queries.person_by_key(session, "li")
        assert rules.password_fits(person.password_hash, SECRET)
        actor = queries.actor_for(session, person, utc_now().date())
        assert actor.has_role(1, Role.MODERATOR)
        assert not actor.has_role(None, Role.MODERATOR)


def test_create_when_the_password_is_common_then_refused_and_nobody_made(run, database):
    refused = run("create", "li", "--password-stdin", given="12345678\n")
    assert isinstance(refused.exception, Invalid)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_create_when_the_login_is_taken_in_other_letters_then_refused(run):
    create(run, "li")
    assert isinstance(create(run, "ＬＩ").exception, Conflict)


def test_ninth_street_seat_when_the_number_is_unchanged_then_refused_until_changed_with_a_reason(
    run, database
):
    for number in range(1, 9):
        answer(create(run, f"s{number}", "--seat", f"street-{number}", "--neighborhood", "here"))
    refused = create(run, "s9", "--seat", "street-9", "--neighborhood", "here")
    assert refused.exception.code == "seat_number_exceeded"
    with database.read() as session:
        assert queries.person_by_key(session, "s9") is None, "all or nothing"
    change = ("seats", "here", "--tier", "street", "--number", "9")
    assert run(*change).exit_code == 2
    assert isinstance(run(*change, "--reason", "  ").exception, Invalid)
    answer(run(*change, "--reason", "新增滨水片区", "--json"))
    answer(create(run, "s9", "--seat", "street-9", "--neighborhood", "here"))


@pytest.mark.parametrize("seat", ["street", "mayor-1", "street-x"])
def test_seat_when_it_is_none_then_refused(run, seat):
    refused = create(run, "li", "--seat", seat, "--neighborhood", "here")
    assert refused.exception.fields == {"seat": "bad_seat"}


def test_grant_and_end_when_done_then_listed_and_gone(run):
    create(run)
    answer(run("grant", "li", "--role", "street_office", "--neighborhood", "here", "--json"))
    held = answer(run("list", "--neighborhood", "here", "--json"))["users"]
    assert [(row["login"], row["holds"]) for row in held] == [("li", ["street_office"])]
    answer(
        run("grant", "li", "--role", "street_office", "--neighborhood", "here", "--end", "--json")
    )
    assert answer(run("list", "--neighborhood", "here", "--json"))["users"] == []


def test_unknown_login_or_place_when_named_then_refused(run):
    create(run)
    assert isinstance(run("token", "nobody").exception, PlannerError)
    refused = run("grant", "li", "--role", "moderator", "--neighborhood", "nowhere")
    assert refused.exception.code == "neighborhood_not_found"


def test_token_when_made_then_works_and_is_stored_as_its_hash(run, database):
    create(run)
    token = answer(run("token", "li", "--days", "2", "--json"))["token"]
    with database.read() as session:
        assert queries.bearer(session, token, utc_now()).login == "li"
    for days in ("0", "367"):
        assert run("token", "li", "--days", days).exit_code == 2


def test_disable_when_done_then_neither_token_nor_seat_works(run, database):
    create(run, "li", "--seat", "street-1", "--neighborhood", "here")
    token = answer(run("token", "li", "--json"))["token"]
    answer(run("disable", "li", "--json"))
    with database.read() as session:
        assert queries.bearer(session, token, utc_now()) is None
        seat = queries.seat_by_code(session, 1, "street-1")
        state = queries.staffing(session, [seat.id], utc_now().date())[seat.id]
        assert not state.is_staffed


def test_password_when_set_then_the_old_one_is_over(run, database):
    create(run)
    assert run("password", "li").exception.fields == {"password": "missing"}
    answer(run("password", "li", "--password-stdin", "--json", given="another-one-2\n"))
    with database.read() as session:
        stored = queries.person_by_key(session, "li").password_hash
    assert rules.password_fits(stored, "another-one-2")
    assert not rules.password_fits(stored, SECRET)


ROSTER = """席位,用户名,姓名,身份,起始日期,截止日期,方式
total-1,gu,顾工,专业设计人员,2026-01-01,,
街区设计师3,tang,唐代表,人大代表或单位代表,2026-01-01,2027-01-01,任职
community-12,he,何阿姨,居民,2026/1/1,,代理
"""


def test_roster_when_every_line_is_good_then_taken(run, database, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8-sig")
    tried = answer(run("roster", str(file), "--neighborhood", "here", "--dry-run", "--json"))
    assert (tried["taken"], tried["lines"], tried["new_people"]) == (False, 3, 3)
    taken = answer(run("roster", str(file), "--neighborhood", "here", "--json"))
    assert taken["taken"] is True
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Appointment)) == 3


def test_roster_when_one_line_is_wrong_then_nothing_is_taken(run, database, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER + "street-9,wu,吴,人大代表或单位代表,2026-01-01,,\n", encoding="utf-8")
    refused = run("roster", str(file), "--neighborhood", "here", "--json")
    assert refused.exception.code == "roster_refused"
    faults = json.loads(refused.stdout)["faults"]
    assert [(fault["line"], fault["problem"]) for fault in faults] == [(5, "seat_number_exceeded")]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0
