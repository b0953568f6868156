"""Signing in, being locked out, staying fresh, signing out: by page, on both databases."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from planner.accounts import actions, rules
from planner.accounts.models import FailedSignIn, Person, SignIn
from planner.core.actor import Role
from planner.core.db import Database
from tests.conftest import NOW
from tests.factories.accounts import make_grant, make_person
from tests.factories.places import make_neighborhood
from tests.factories.web import PASSWORD, browser, give_password, later, set_clock

WRONG = "用户名或密码不对"
LOCKED = "试错次数太多"


@pytest.fixture
def somebody(app: Flask, database: Database) -> int:
    """An administrator of `here` with a password."""
    set_clock(app)
    with database.write() as session:
        here = make_neighborhood(session)
        person = make_person(session, login="Zhou", login_key="zhou", name="周工")
        make_grant(session, person, Role.ADMIN, here)
        made = person.id
    give_password(app, made)
    return made


def post(client, login="zhou", password=PASSWORD, **more):
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def test_sign_in_when_right_then_own_page_and_a_token_of_its_own(app, somebody):
    client = browser(app)
    answer = post(client, "ＺＨＯＵ")
    assert (answer.status_code, answer.location) == (303, "/me")
    assert "周工" in client.get("/me").text
    first = client.get_cookie("session").value
    post(client)
    assert client.get_cookie("session").value != first


def test_sign_in_when_signed_in_again_then_the_earlier_session_is_over(app, database, somebody):
    client = browser(app)
    post(client)
    with client.session_transaction() as cookie:
        old = cookie["_user_id"]
    assert post(client).status_code == 303
    with database.read() as session:
        ended = session.scalars(select(SignIn).order_by(SignIn.id)).first()
    assert ended.token_hash == rules.token_hash(old)
    assert ended.ended_at is not None


def test_cookie_when_planted_before_sign_in_then_nothing_of_it_survives(app, somebody):
    client = browser(app)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "chosen-by-somebody-else"
        cookie["planted"] = "x"
    post(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "chosen-by-somebody-else"
        assert "planted" not in cookie


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_sign_in_when_next_leads_away_then_own_page(app, somebody, target):
    assert post(browser(app), next=target).location == "/me"
    page = browser(app).get("/sign-in", query_string={"next": target})
    assert 'name="next" value=""' in page.text


def test_page_when_nobody_is_signed_in_then_sign_in_leads_back(app, somebody):
    client = browser(app)
    answer = client.get("/n/here/people")
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert 'name="next" value="/n/here/people"' in page.text
    assert post(client, next="/n/here/people").location == "/n/here/people"


def test_wrong_words_when_the_account_is_unknown_then_the_same(app, somebody):
    for login in ("zhou", "nobody"):
        answer = post(browser(app), login, "wrong-password")
        assert answer.status_code == 422
        assert WRONG in answer.text


def test_wrong_time_when_the_account_is_unknown_then_the_same(app, somebody):
    spent = {"zhou": [], "nobody": []}
    post(browser(app), "warm", "wrong-password")
    for _ in range(4):
        for login, times in spent.items():
            start = time.perf_counter()
            post(browser(app), login, "wrong-password")
            times.append(time.perf_counter() - start)
    known, unknown = min(spent["zhou"]), min(spent["nobody"])
    assert unknown > known / 3
    assert known > unknown / 3


@pytest.mark.parametrize("login", ["zhou", "nobody"])
def test_lockout_when_five_failed_then_the_right_password_waits_too(app, somebody, login):
    for _ in range(rules.LOCK_AFTER):
        assert WRONG in post(browser(app), login, "wrong-password").text
    assert LOCKED in post(browser(app), login.upper()).text
    later(app, minutes=16)
    answer = post(browser(app), login)
    assert (answer.status_code == 303) is (login == "zhou")


def test_lockout_when_refused_attempts_go_on_then_the_wait_still_ends(app, somebody):
    for _ in range(rules.LOCK_AFTER):
        post(browser(app), "zhou", "wrong-password")
    for _ in range(3):
        later(app, minutes=4)
        assert LOCKED in post(browser(app)).text
    later(app, minutes=4)
    assert post(browser(app)).status_code == 303


def test_right_password_when_given_then_failures_are_forgotten(app, database, somebody):
    post(browser(app), "zhou", "wrong-password")
    post(browser(app))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(FailedSignIn)) == 0


def guesses_that_reach_the_password(database: Database, *, counted_before_commit: bool) -> int:
    """Thirty guesses at once; how many of them would have been compared with the password."""
    reached, gate = [], threading.Barrier(30)

    def guess() -> None:
        gate.wait()
        with database.write() as session:
            attempt = actions.note_attempt(session, now=NOW, key="zhou")
            locked = actions.is_locked(session, now=NOW, key="zhou")
            if counted_before_commit:
                time.sleep(0.2)
        if not counted_before_commit:
            with database.read() as session:
                locked = actions.is_locked(session, now=NOW, key="zhou")
        if not locked:
            reached.append(attempt)

    threads = [threading.Thread(target=guess) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(reached)


def test_guesses_when_thirty_come_at_once_then_at_most_five_reach_the_password(database):
    assert guesses_that_reach_the_password(database, counted_before_commit=False) <= 5


def test_guesses_when_counted_before_the_commit_then_the_lockout_leaks(database):
    if database.is_sqlite:
        pytest.skip("SQLite lets only one writer in")
    database.engine.pool._max_overflow = 40
    assert guesses_that_reach_the_password(database, counted_before_commit=True) > 5


def test_address_when_it_tries_too_often_then_429(app, somebody):
    from planner.accounts.views import session as signing_in

    client = browser(app)
    with app.app_context(), app.test_request_context():
        from planner.core.limits import spend

        spend(
            app.extensions["planner"].database,
            signing_in.TRIES,
            "127.0.0.1",
            now=NOW,
            cost=signing_in.TRIES.count,
        )
    answer = post(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]


def test_copied_cookie_when_signed_out_then_dead(app, somebody):
    client = browser(app)
    post(client)
    copied = client.get_cookie("session").value
    assert client.post("/sign-out").status_code == 303
    thief = browser(app)
    thief.set_cookie("session", copied)
    assert thief.get("/me").status_code == 303


def test_session_when_twelve_hours_old_then_over(app, somebody):
    client = browser(app)
    post(client)
    later(app, hours=11)
    assert client.get("/me").status_code == 200
    later(app, hours=2)
    assert client.get("/me").status_code == 303


def test_disabled_account_when_signing_in_then_the_same_words_as_unknown(app, database, somebody):
    client = browser(app)
    post(client)
    with database.write() as session:
        session.get_one(Person, somebody).disabled_at = NOW
    assert client.get("/me").status_code == 303
    assert WRONG in post(browser(app)).text


NEW = {"name": "新来的", "login": "newcomer", "password": "long-enough-1", "role": "moderator"}


def test_granting_when_the_session_is_not_fresh_then_asks_and_carries_on(app, database, somebody):
    client = browser(app)
    post(client)
    later(app, minutes=20)
    typed = {"login": "zhou", "role": "moderator", "reason": '"><script>x</script>'}
    asked = client.post("/n/here/people/grants", data=typed)
    assert asked.status_code == 401
    assert "请再输入一次密码" in asked.text
    assert "<script>x" not in asked.text
    assert 'name="role" value="moderator"' in asked.text
    refused = client.post("/n/here/people/grants", data={**typed, "confirm_password": "wrong"})
    assert refused.status_code == 401
    assert "当前密码不对" in refused.text
    done = client.post("/n/here/people/grants", data={**typed, "confirm_password": PASSWORD})
    assert done.status_code == 303
    assert client.post("/n/here/people/grants", data=typed).status_code == 303, "fresh again"


def test_confirmation_when_a_new_password_was_typed_then_it_is_not_sent_back(app, somebody):
    client = browser(app, somebody)
    later(app, minutes=20)
    asked = client.post("/n/here/people", data=NEW)
    assert asked.status_code == 401
    assert NEW["password"] not in asked.text
    done = client.post("/n/here/people", data={**NEW, "confirm_password": PASSWORD})
    assert done.status_code == 303


def test_confirmation_when_guessed_at_then_locked_like_sign_in(app, somebody):
    client = browser(app, somebody)
    later(app, minutes=20)
    for _ in range(rules.LOCK_AFTER):
        client.post("/n/here/people", data={**NEW, "confirm_password": "wrong"})
    answer = client.post("/n/here/people", data={**NEW, "confirm_password": PASSWORD})
    assert answer.status_code == 401
    assert LOCKED in answer.text


def test_forms_when_the_token_is_missing_then_refused(app, somebody):
    app.config["WTF_CSRF_ENABLED"] = True
    client = browser(app, somebody)
    for address in ("/sign-in", "/sign-out", "/me/password", "/n/here/people", "/n/here/roster"):
        assert client.post(address, data={}).status_code == 400, address


def test_signed_in_person_when_signing_in_again_then_no_lock_is_waited_for(app, somebody):
    client = browser(app, somebody)
    start = time.perf_counter()
    assert post(client).status_code == 303
    assert time.perf_counter() - start < 3
