"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from planner.accounts import actions
from planner.accounts.models import Person
from planner.core.errors import Invalid
from planner.core.limits import Limit
from planner.core.policies import anyone
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.views import safe_next

from .identity import SignedIn
from .passwords import checked_person

Answer = str | Response | tuple[str, int]
TRIES = Limit("sign-in", 120, 600)
"""From one address; high, because a whole office shares one."""


@guarded(anyone)
def sign_in() -> Answer:
    """The form."""
    return _form({}, request.args.get("next", ""))


def _form(wrong: dict[str, str], target: str) -> str:
    return render_template(
        "accounts/sign_in.html",
        login=request.form.get("login", "")[:120],
        errors=wrong,
        next=safe_next(target, ""),
    )


@guarded(anyone)
def do_sign_in() -> Answer:
    """Check name and password outside any write transaction, then open a session."""
    context.spend((TRIES, request.remote_addr or ""))
    target = request.form.get("next", "")
    try:
        person = checked_person(request.form.get("login", ""), request.form.get("password", ""))
    except Invalid as error:
        return _form(errors.field_messages(error), target), 422
    if current_user.is_authenticated:
        actions.end_sign_in(context.db(), now=context.now(), token=current_user.token)
    begin(person)
    context.commit()
    return redirect(safe_next(target, url_for("accounts.me")), 303)


def begin(person: Person) -> None:
    """Open a session and put its token into an emptied cookie; nothing of an earlier one survives."""
    token = actions.open_sign_in(context.db(), now=context.now(), person=person)
    cookie.clear()
    login_user(SignedIn(token, person, context.now()))


@guarded(anyone)
def sign_out() -> Answer:
    """End the session's row, so that a copied cookie ends too."""
    if current_user.is_authenticated:
        actions.end_sign_in(context.db(), now=context.now(), token=current_user.token)
        context.commit()
    logout_user()
    cookie.clear()
    return redirect(url_for("home.start"), 303)


def add_routes(bp: Blueprint) -> None:
    """Register the pages."""
    bp.add_url_rule("/sign-in", "sign_in", sign_in)
    bp.add_url_rule("/sign-in", "do_sign_in", do_sign_in, methods=["POST"])
    bp.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
