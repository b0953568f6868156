"""Every place that asks for a password counts the attempt first, each in a transaction of its own."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from planner.accounts import actions, queries, rules
from planner.accounts.models import Person
from planner.accounts.policies import is_fresh
from planner.core.errors import Invalid, NotAllowed
from planner.web import context, errors

CARRIED = 40
"""Fields of a form that wait on the confirmation page, at most."""


def checked_person(login: str, password: str, *, field: str = "password") -> Person:
    """The person behind a name and a password; an unknown name costs the same words and time.

    Three transactions: the attempt is committed before it is counted, or two hundred parallel guesses
    would not see each other; the password is hashed outside any of them.
    """
    database, now, key = context.services().database, context.now(), rules.login_key(login)
    with database.write() as session:
        attempt = actions.note_attempt(session, now=now, key=key)
    with database.read() as session:
        locked = actions.is_locked(session, now=now, key=key)
        person = queries.person_by_key(session, key)
    if locked:
        with database.write() as session:
            actions.forget_attempt(session, attempt_id=attempt)
        raise Invalid(fields={field: "sign_in_locked"})
    stored = person.password_hash if person and person.disabled_at is None else None
    if not rules.password_fits(stored, password) or person is None:
        raise Invalid(fields={field: "sign_in_wrong" if field == "password" else "password_wrong"})
    with database.write() as session:
        actions.forget_attempts(session, key=key)
    return person


def confirm() -> Response | None:
    """Before a view that needs a fresh session: ask for the password again, carrying what was typed."""
    if not current_user.is_authenticated:
        raise NotAllowed("confirm_needed")
    if is_fresh(current_user.confirmed_at, context.now()):
        return None
    given = request.form.get("confirm_password")
    wrong: dict[str, str] = {}
    if given is not None:
        try:
            checked_person(current_user.person.login, given, field="confirm_password")
        except Invalid as error:
            wrong = errors.field_messages(error)
        else:
            with context.services().database.write() as session:
                actions.confirm_sign_in(session, now=context.now(), token=current_user.token)
            return None
    page = render_template("accounts/confirm.html", kept=_typed(), errors=wrong)
    return make_response(page, 401)


def _typed() -> list[tuple[str, str]]:
    """What was typed, but no password and no file: those are given again."""
    fields = [(name, value) for name, value in request.form.items(multi=True)]
    return [
        (name, value)
        for name, value in fields
        if "password" not in name and name not in ("csrf_token", "old")
    ][:CARRIED]
