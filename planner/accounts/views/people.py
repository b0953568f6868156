"""People and their roles: for administrators, and the street office inside its neighborhood."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from planner.accounts import actions, forms, queries, rules
from planner.accounts.models import Person, RoleGrant
from planner.accounts.policies import may_manage_people
from planner.core.actor import Role
from planner.core.errors import NotFound, PlannerError
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("people", __name__, template_folder="../templates", url_prefix="/n/<slug>/people")
Answer = str | Response | tuple[str, int]

GIVEN_HERE = [
    Role.STREET_OFFICE,
    Role.COMMUNITY_STAFF,
    Role.MODERATOR,
    Role.GRID_WORKER,
    Role.DISTRICT_VIEWER,
]
"""Roles a street office hands out here; designers get theirs by appointment."""


@bp.get("")
@guarded(may_manage_people)
def index(slug: str) -> Answer:
    """Who has a role in this neighborhood."""
    return _page({}, {})


@bp.post("")
@guarded(may_manage_people)
def create(slug: str) -> Answer:
    """Open an account with a role here."""
    form = request.form
    try:
        role = forms.choice(form, "role", Role)
        hashed = rules.hash_password(rules.checked_password(form.get("password", "")))
        person = actions.create_person(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            login=form.get("login", ""),
            name=form.get("name", ""),
            password_hash=hashed,
        )
        actions.grant_role(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            person=person,
            role=role,
            neighborhood_id=context.here().id,
        )
    except PlannerError as error:
        context.db().rollback()
        return _page(form, errors.field_messages(error)), error.status
    context.commit()
    flash(_("已开通账号。"))
    return redirect(url_for("people.index", slug=slug), 303)


@bp.post("/<int:grant_id>/end")
@guarded(may_manage_people)
def end(slug: str, grant_id: int) -> Answer:
    """End a role of this neighborhood today."""
    grant = context.db().get(RoleGrant, grant_id)
    if grant is None or grant.neighborhood_id != context.here().id:
        raise NotFound()
    actions.end_grant(context.db(), actor=context.actor(), now=context.now(), grant=grant)
    context.commit()
    flash(_("权限已收回，下一次操作起生效。"))
    return redirect(url_for("people.index", slug=slug), 303)


def _page(given: dict[str, str] | object, wrong: dict[str, str]) -> str:
    rows = context.db().execute(
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.neighborhood_id == context.here().id, RoleGrant.ends_on.is_(None))
        .order_by(Person.name, RoleGrant.id)
    )
    return render_template(
        "accounts/people.html",
        rows=rows.all(),
        given=given,
        errors=wrong,
        roles=GIVEN_HERE,
        units=queries.units(context.db(), context.here().id),
        active="people",
    )
