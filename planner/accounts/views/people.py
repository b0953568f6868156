"""People and their roles in one neighborhood: for administrators alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.accounts import actions, forms, queries, rules
from planner.accounts.models import Person, RoleGrant
from planner.accounts.policies import may_grant, may_manage_people
from planner.core.actor import Role
from planner.core.clock import local_date
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("people", __name__, template_folder="../templates", url_prefix="/n/<slug>/people")
Answer = str | Response | tuple[str, int]

GIVEN_HERE = [role for role in Role if role not in (Role.ADMIN, Role.DESIGNER, Role.RESIDENT)]
"""Roles handed out here; designers get theirs by appointment, residents need none."""


@bp.get("")
@guarded(may_manage_people)
def index(slug: str) -> Answer:
    """Who has a role, a seat or a duty in this neighborhood."""
    return _page()


@bp.post("")
@guarded(may_manage_people, fresh=True)
def create(slug: str) -> Answer:
    """Open an account with a role here."""
    form = request.form
    try:
        hashed = rules.hash_password(rules.checked_password(form.get("password", "")))
    except PlannerError as error:
        return _page("create", form, errors.field_messages(error)), error.status

    def do() -> None:
        role = forms.choice(form, "role", Role)
        person = actions.create_person(
            context.db(),
            login=form.get("login", ""),
            name=form.get("name", ""),
            password_hash=hashed,
            **_acting(),
        )
        _grant(person, role, form)

    return _done("create", do, _("已开通账号。"))


@bp.post("/grants")
@guarded(may_manage_people, fresh=True)
def grant(slug: str) -> Answer:
    """Give somebody who has an account a role here."""
    form = request.form

    def do() -> None:
        person = queries.person_by_key(context.db(), rules.login_key(form.get("login", "")))
        if person is None:
            raise Invalid(fields={"login": "person_not_found"})
        _grant(person, forms.choice(form, "role", Role), form)

    return _done("grant", do, _("已授予权限，下一次操作起生效。"))


def _grant(person: Person, role: Role, form: Mapping[str, str]) -> None:
    actions.grant_role(
        context.db(),
        person=person,
        role=role,
        neighborhood_id=context.here().id,
        ends_on=forms.optional_day(form, "ends_on"),
        reason=form.get("reason", "")[:1000],
        **_acting(),
    )


@bp.post("/grants/<int:grant_id>/end")
@guarded(may_manage_people)
def end(slug: str, grant_id: int) -> Answer:
    """End a role of this neighborhood today."""
    grant = context.db().get(RoleGrant, grant_id)
    if grant is None or grant.neighborhood_id != context.here().id:
        raise NotFound()
    actions.end_grant(context.db(), grant=grant, **_acting())
    context.commit()
    flash(_("权限已收回，下一次操作起生效。"))
    return redirect(url_for("people.index", slug=slug), 303)


@bp.post("/<uuid:person>/password")
@guarded(may_manage_people, fresh=True)
def password(slug: str, person: Any) -> Answer:
    """Give somebody of this neighborhood a new first password; all of that person's sessions end."""
    part = f"password-{person}"
    try:
        hashed = rules.hash_password(rules.checked_password(request.form.get("password", "")))
    except PlannerError as error:
        return _page(part, {}, errors.field_messages(error)), error.status
    found = _colleague(person)

    def do() -> None:
        actions.set_password(context.db(), person=found, password_hash=hashed, **_acting())

    return _done(part, do, _("已设新密码，请本人登录后立即修改。"))


@bp.post("/<uuid:person>/disable")
@guarded(may_manage_people, fresh=True)
def disable(slug: str, person: Any) -> Answer:
    """Close an account: it signs in no more, and its seats count as vacant."""
    found = _colleague(person)
    if found.id == context.actor().person_id:
        raise Invalid("not_oneself")
    actions.disable_person(context.db(), person=found, **_acting())
    context.commit()
    flash(_("账号已停用。"))
    return redirect(url_for("people.index", slug=slug), 303)


def _colleague(uuid: Any) -> Person:
    """Somebody who has something to do in this neighborhood; anybody else is not found."""
    here, today = context.here(), local_date(context.now())
    for each in queries.colleagues(context.db(), here.id, today):
        if each.person.uuid == uuid:
            return each.person
    raise NotFound()


def _acting() -> dict[str, Any]:
    return {"actor": context.actor(), "now": context.now()}


def _done(part: str, do: Callable[[], None], words: str) -> Answer:
    try:
        do()
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error)
        if not wrong:
            raise
        return _page(part, request.form, wrong), error.status
    context.commit()
    flash(words)
    return redirect(url_for("people.index", slug=context.here().slug), 303)


def _page(
    part: str = "", given: Mapping[str, str] | None = None, wrong: dict[str, str] | None = None
) -> str:
    session, here, actor = context.db(), context.here(), context.actor()
    is_wide = may_grant(actor, None)
    return render_template(
        "accounts/people.html",
        colleagues=queries.colleagues(session, here.id, local_date(context.now())),
        roles=[*GIVEN_HERE, Role.ADMIN] if is_wide else GIVEN_HERE,
        is_wide=is_wide,
        part=part,
        given=given or {},
        errors=wrong or {},
        active="people",
    )
