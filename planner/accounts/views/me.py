"""One's own account: duties, absence, contact, consents, password, tokens, own data, the end."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from planner.accounts import actions, forms, queries, rules
from planner.accounts.models import Absence, ApiToken, Appointment, Person
from planner.accounts.terms import (
    CONSENT_LABELS,
    CONSENT_TEXT,
    AppointmentKind,
    ConsentKind,
)
from planner.core.clock import local_date
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.core.policies import signed_in
from planner.places.queries import neighborhoods
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .passwords import checked_person
from .session import begin

Answer = str | Response | tuple[str, int]


def _self() -> Person:
    """The signed-in person in the request's session."""
    return context.db().get_one(Person, context.actor().person_id)


def _acting() -> dict[str, Any]:
    return {"actor": context.actor(), "now": context.now()}


@guarded(signed_in)
def me() -> Answer:
    """Own account on one page."""
    return _page()


@guarded(signed_in)
def change_password() -> Answer:
    """Set a new password; all other sessions end and this one begins anew."""
    login = current_user.person.login
    try:
        hashed = rules.hash_password(rules.checked_password(request.form.get("password", "")))
        checked_person(login, request.form.get("old", ""), field="old")
    except PlannerError as error:
        return _page(wrong=errors.field_messages(error), part="password"), error.status
    person = _self()
    actions.set_password(context.db(), person=person, password_hash=hashed, **_acting())
    begin(person)
    context.commit()
    return _back(_("密码已修改，其他设备上的登录都已退出，脚本令牌也已失效。"))


@guarded(signed_in)
def end_sessions() -> Answer:
    """End every session of this account, this one included."""
    actions.end_all_sign_ins(context.db(), person=_self(), **_acting())
    context.commit()
    logout_user()
    cookie.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@guarded(signed_in)
def contact() -> Answer:
    """Keep, change or forget how to be reached."""
    form = request.form
    try:
        actions.set_contact(
            context.db(),
            person=_self(),
            phone=form.get("phone", ""),
            email=form.get("email", ""),
            **_acting(),
        )
    except PlannerError as error:
        context.db().rollback()
        return _page(wrong=errors.field_messages(error), given=form, part="contact"), error.status
    context.commit()
    return _back(_("联系方式已保存，只有您自己看得到。"))


@guarded(signed_in)
def consents() -> Answer:
    """Give or withdraw each consent by itself; what stays as it was writes nothing."""
    held = queries.consents_of(context.db(), _self().id)
    for kind in (ConsentKind.CONTACT,):
        is_given = request.form.get(kind.value) == "yes"
        if is_given != (kind in held and held[kind].is_given):
            actions.record_consent(
                context.db(),
                now=context.now(),
                kind=kind,
                is_given=is_given,
                text_version=CONSENT_TEXT,
                person_id=_self().id,
            )
    context.commit()
    return _back(_("您的选择已保存，随时可以再改。"))


@guarded(signed_in, fresh=True)
def make_token() -> Answer:
    """A token for a script, shown on this answer only."""
    form = request.form
    try:
        token = actions.create_token(
            context.db(),
            person=_self(),
            label=form.get("label", ""),
            days=forms.number(form, "days"),
            **_acting(),
        )
    except PlannerError as error:
        context.db().rollback()
        return _page(wrong=errors.field_messages(error), given=form, part="token"), error.status
    context.commit()
    return _page(token=token)


@guarded(signed_in)
def revoke_token(token_id: int) -> Answer:
    """End one of one's own tokens."""
    held = context.db().get(ApiToken, token_id)
    if held is None or held.person_id != context.actor().person_id:
        raise NotFound()
    actions.revoke_token(context.db(), token=held, **_acting())
    context.commit()
    return _back(_("令牌已停用。"))


@guarded(signed_in)
def note_absence(appointment_id: int) -> Answer:
    """Say that one is away; the substitute acts meanwhile."""
    form = request.form
    held = _own_appointment(appointment_id)
    try:
        actions.note_absence(
            context.db(),
            appointment=held,
            starts_on=forms.day(form, "starts_on"),
            ends_on=forms.day(form, "ends_on"),
            **_acting(),
        )
    except PlannerError as error:
        context.db().rollback()
        part = f"absence-{appointment_id}"
        return _page(wrong=errors.field_messages(error), given=form, part=part), error.status
    context.commit()
    return _back(_("离岗已登记，期间由代理人办理。"))


@guarded(signed_in)
def end_absence(appointment_id: int, absence_id: int) -> Answer:
    """Back earlier than planned."""
    held = _own_appointment(appointment_id)
    absence = context.db().get(Absence, absence_id)
    if absence is None or absence.appointment_id != held.id:
        raise NotFound()
    actions.end_absence(context.db(), appointment=held, absence=absence, **_acting())
    context.commit()
    return _back(_("已登记返岗，今天起仍由您办理。"))


def _own_appointment(appointment_id: int) -> Appointment:
    held = context.db().get(Appointment, appointment_id)
    if held is None or held.person_id != context.actor().person_id:
        raise NotFound()
    return held


@guarded(signed_in)
def own_data() -> Answer:
    """Everything this room knows of oneself, as a file."""
    answer = make_response(orjson.dumps(queries.own_data(context.db(), _self())))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@guarded(signed_in)
def erase() -> Answer:
    """Delete the account after the password was given once more."""
    login = current_user.person.login
    try:
        if request.form.get("sure") != "yes":
            raise Invalid(fields={"sure": "missing"})
        checked_person(login, request.form.get("erase_password", ""), field="erase_password")
        actions.erase_person(context.db(), person=_self(), **_acting())
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"sure": errors.message(error.code, error.facts)}
        return _page(wrong=wrong, part="erase"), error.status
    context.commit()
    logout_user()
    cookie.clear()
    flash(_("账号已删除。您办过的事项只保留不含姓名的记录。"))
    return redirect(url_for("home.start"), 303)


def _back(words: str) -> Response:
    flash(words)
    return redirect(url_for("accounts.me"), 303)


def _page(
    *,
    wrong: dict[str, str] | None = None,
    given: Any = None,
    part: str = "",
    token: str = "",
) -> str:
    session, now = context.db(), context.now()
    person, today = _self(), local_date(now)
    held = [
        made
        for made in queries.appointments_held(session, person.id, today)
        if made.kind is AppointmentKind.HOLDER
    ]
    return render_template(
        "accounts/me.html",
        person=person,
        places={each.id: each for each in neighborhoods(session)},
        appointments=held,
        absences=queries.absences_from(session, [made.id for made in held], today),
        contact=queries.contact_of(session, person.id),
        consents=queries.consents_of(session, person.id),
        consent_labels={ConsentKind.CONTACT: CONSENT_LABELS[ConsentKind.CONTACT]},
        tokens=queries.live_tokens(session, person.id, now),
        sessions=queries.live_sessions(session, person, now),
        token=token,
        errors=wrong or {},
        given=given or {},
        part=part,
        today=today,
    )


def add_routes(bp: Blueprint) -> None:
    """Register the pages."""
    bp.add_url_rule("/me", "me", me)
    bp.add_url_rule("/me/data.json", "own_data", own_data)
    for rule, view in (
        ("/me/password", change_password),
        ("/me/end-sessions", end_sessions),
        ("/me/contact", contact),
        ("/me/consents", consents),
        ("/me/tokens", make_token),
        ("/me/tokens/<int:token_id>/revoke", revoke_token),
        ("/me/seats/<int:appointment_id>/absence", note_absence),
        ("/me/seats/<int:appointment_id>/absence/<int:absence_id>/end", end_absence),
        ("/me/erase", erase),
    ):
        bp.add_url_rule(rule, view.__name__, view, methods=["POST"])
