"""Signing in and out, and one's own account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from planner.accounts import actions, queries, rules
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.core.policies import anyone, signed_in
from planner.places.queries import neighborhoods
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.views import safe_next

from .identity import SignedIn

bp = Blueprint("accounts", __name__, template_folder="../templates")
Answer = str | Response | tuple[str, int]


@bp.get("/sign-in")
@guarded(anyone)
def sign_in() -> Answer:
    """The form."""
    return render_template(
        "accounts/sign_in.html", login="", errors={}, next=request.args.get("next", "")
    )


@bp.post("/sign-in")
@guarded(anyone)
def do_sign_in() -> Answer:
    """Check name and password outside any write transaction, then open a session."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    try:
        token = _checked_sign_in(login, password)
    except Invalid as error:
        page = render_template(
            "accounts/sign_in.html",
            login=login,
            errors=errors.field_messages(error),
            next=request.form.get("next", ""),
        )
        return page, 422
    found = queries.live_sign_in(context.db(), token, context.now())
    if found is None:
        raise NotFound()
    cookie.clear()
    login_user(SignedIn(token, found[1]))
    return redirect(safe_next(request.form.get("next"), url_for("accounts.me")), 303)


def _checked_sign_in(login: str, password: str) -> str:
    database, now, key = context.services().database, context.now(), rules.login_key(login)
    with database.write() as session:
        attempt = actions.note_attempt(session, now=now, key=key)
        locked = actions.is_locked(session, now=now, key=key)
        if locked:
            actions.forget_attempt(session, attempt_id=attempt)
        person = queries.person_by_key(session, key)
        stored = person.password_hash if person and person.disabled_at is None else None
    if locked:
        raise Invalid(fields={"password": "sign_in_locked"})
    if not rules.password_fits(stored, password):
        raise Invalid(fields={"password": "sign_in_wrong"})
    person = queries.person_by_key(context.db(), key)
    if person is None:
        raise NotFound()
    actions.forget_attempts(context.db(), key=key)
    token = actions.open_sign_in(context.db(), now=now, person=person)
    context.commit()
    return token


@bp.post("/sign-out")
@guarded(anyone)
def sign_out() -> Answer:
    """End the session's row, so that a copied cookie ends too."""
    if current_user.is_authenticated:
        actions.end_sign_in(context.db(), now=context.now(), token=current_user.token)
        context.commit()
    logout_user()
    cookie.clear()
    return redirect(url_for("home.start"), 303)


@bp.get("/me")
@guarded(signed_in)
def me() -> Answer:
    """Own account: roles, seats, password, sessions."""
    return _me({})


@bp.post("/me/password")
@guarded(signed_in)
def change_password() -> Answer:
    """Set a new password; all other sessions end and this one begins anew."""
    old, new = request.form.get("old", ""), request.form.get("password", "")
    token, now = current_user.token, context.now()
    try:
        if not rules.password_fits(current_user.person.password_hash, old):
            raise Invalid(fields={"old": "password_wrong"})
        hashed = rules.hash_password(rules.checked_password(new))
    except PlannerError as error:
        return _me(errors.field_messages(error)), 422
    person = queries.person_by_key(context.db(), current_user.person.login_key)
    if person is None:
        raise NotFound()
    actions.end_sign_in(context.db(), now=now, token=token)
    actions.set_password(
        context.db(), actor=context.actor(), now=now, person=person, password_hash=hashed
    )
    fresh = actions.open_sign_in(context.db(), now=now, person=person)
    context.commit()
    login_user(SignedIn(fresh, person))
    flash(_("密码已修改，其他设备上的登录都已退出。"))
    return redirect(url_for("accounts.me"), 303)


@bp.post("/me/end-sessions")
@guarded(signed_in)
def end_sessions() -> Answer:
    """End every session of this account, this one included."""
    person = queries.person_by_key(context.db(), current_user.person.login_key)
    if person is None:
        raise NotFound()
    actions.end_all_sign_ins(context.db(), actor=context.actor(), now=context.now(), person=person)
    context.commit()
    logout_user()
    return redirect(url_for("accounts.sign_in"), 303)


def _me(wrong: dict[str, str]) -> str:
    names: dict[Any, Any] = {each.id: each for each in neighborhoods(context.db())}
    return render_template("accounts/me.html", errors=wrong, places=names)
