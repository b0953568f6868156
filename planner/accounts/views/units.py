"""Handling units of one neighborhood: names, issuing chains and who drafts, checks and issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from planner.accounts import actions, forms, queries, rules
from planner.accounts.models import HandlingUnit, UnitMember
from planner.accounts.policies import may_manage_people
from planner.accounts.terms import UnitDuty
from planner.core.clock import local_date
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.places.models import Community
from planner.places.terms import AdminLevel, IssuingChain
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("units", __name__, template_folder="../templates", url_prefix="/n/<slug>/units")
Answer = str | Response | tuple[str, int]


@bp.get("")
@guarded(may_manage_people)
def index(slug: str) -> Answer:
    """Every unit with its chain and members."""
    return _page()


@bp.post("")
@guarded(may_manage_people)
def create(slug: str) -> Answer:
    """Set up a unit of the office or of one community."""
    form = request.form

    def do() -> None:
        actions.create_unit(
            context.db(),
            neighborhood_id=context.here().id,
            code=form.get("code", "").strip(),
            name=form.get("name", ""),
            level=forms.choice(form, "level", AdminLevel),
            community_id=_community(form),
            can_decide=form.get("can_decide") == "yes",
            chain=forms.choice(form, "chain", IssuingChain),
            **_acting(),
        )

    return _done("create", do, _("单位已设立。"))


@bp.post("/<int:unit_id>")
@guarded(may_manage_people, fresh=True)
def change(slug: str, unit_id: int) -> Answer:
    """Rename a unit and set its issuing chain."""
    unit, form = _unit(unit_id), request.form

    def do() -> None:
        if form.get("name", "").strip() != unit.name:
            actions.rename_unit(context.db(), unit=unit, name=form.get("name", ""), **_acting())
        chain = forms.choice(form, "chain", IssuingChain)
        actions.set_chain(context.db(), unit=unit, chain=chain, **_acting())

    return _done(f"unit-{unit_id}", do, _("单位已更新。"))


@bp.post("/<int:unit_id>/retire")
@guarded(may_manage_people)
def retire(slug: str, unit_id: int) -> Answer:
    """Give the unit nothing new."""
    unit = _unit(unit_id)
    return _done(
        f"unit-{unit_id}",
        lambda: actions.retire_unit(context.db(), unit=unit, **_acting()),
        _("单位已停用，原有事项仍在它名下。"),
    )


@bp.post("/<int:unit_id>/members")
@guarded(may_manage_people, fresh=True)
def add_member(slug: str, unit_id: int) -> Answer:
    """Give somebody a duty in the unit's chain."""
    unit, form = _unit(unit_id), request.form

    def do() -> None:
        person = queries.person_by_key(context.db(), rules.login_key(form.get("login", "")))
        if person is None:
            raise Invalid(fields={"login": "person_not_found"})
        duty = forms.choice(form, "duty", UnitDuty)
        actions.add_member(context.db(), unit=unit, person=person, duty=duty, **_acting())

    return _done(f"member-{unit_id}", do, _("职责已登记，下一次操作起生效。"))


@bp.post("/<int:unit_id>/members/<int:member_id>/end")
@guarded(may_manage_people)
def end_member(slug: str, unit_id: int, member_id: int) -> Answer:
    """End a duty today."""
    unit = _unit(unit_id)
    member = context.db().get(UnitMember, member_id)
    if member is None or member.unit_id != unit.id:
        raise NotFound()
    return _done(
        f"member-{unit_id}",
        lambda: actions.end_member(context.db(), unit=unit, member=member, **_acting()),
        _("职责已收回，下一次操作起生效。"),
    )


def _unit(unit_id: int) -> HandlingUnit:
    unit = context.db().get(HandlingUnit, unit_id)
    if unit is None or unit.neighborhood_id != context.here().id:
        raise NotFound()
    return unit


def _communities() -> list[Community]:
    wanted = select(Community).where(Community.neighborhood_id == context.here().id)
    return list(context.db().scalars(wanted.order_by(Community.code)))


def _community(form: Mapping[str, str]) -> int | None:
    code = form.get("community", "")
    if not code:
        return None
    found = next((each for each in _communities() if each.code == code), None)
    if found is None:
        raise Invalid(fields={"community": "not_a_choice"})
    return found.id


def _acting() -> dict[str, Any]:
    return {"actor": context.actor(), "now": context.now()}


def _done(part: str, do: Callable[[], object], words: str) -> Answer:
    try:
        do()
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"form": errors.message(error.code, error.facts)}
        return _page(part, request.form, wrong), error.status
    context.commit()
    flash(words)
    return redirect(url_for("units.index", slug=context.here().slug), 303)


def _page(
    part: str = "", given: Mapping[str, str] | None = None, wrong: dict[str, str] | None = None
) -> str:
    session, here = context.db(), context.here()
    return render_template(
        "accounts/units.html",
        units=queries.all_units(session, here.id),
        members=queries.members(session, here.id, local_date(context.now())),
        communities=_communities(),
        duties=list(UnitDuty),
        part=part,
        given=given or {},
        errors=wrong or {},
        active="units",
    )
