"""The three tiers of seats: the public roster, and their upkeep by the street office."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.accounts import actions, forms, queries, rules
from planner.accounts.models import Appointment
from planner.accounts.policies import may_grant, may_manage_people
from planner.accounts.terms import AppointmentKind, DesignerTier, Qualification
from planner.core.clock import local_date
from planner.core.errors import NotFound, PlannerError
from planner.core.policies import anyone
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("seats", __name__, template_folder="../templates", url_prefix="/n/<slug>/designers")
Answer = str | Response | tuple[str, int]


@bp.get("", endpoint="index")
@guarded(anyone)
def index(slug: str) -> Answer:
    """Seats with remit and vacancy; who sits there only for those who look after them."""
    return _page({}, {})


@bp.post("/number")
@guarded(may_manage_people)
def number(slug: str) -> Answer:
    """Change how many seats a tier has, with a reason."""
    return _do("set_seat_number", slug)


@bp.post("/add")
@guarded(may_manage_people)
def add(slug: str) -> Answer:
    """Set up one more seat."""
    return _do("add_seat", slug)


def _do(verb: str, slug: str) -> Answer:
    form = request.form
    given = {"actor": context.actor(), "now": context.now(), "neighborhood_id": context.here().id}
    try:
        given["tier"] = forms.choice(form, "tier", DesignerTier)
        given["number"] = forms.number(form, "number")
        if verb == "set_seat_number":
            actions.set_seat_number(context.db(), reason=form.get("reason", ""), **given)
        else:
            actions.add_seat(context.db(), title=form.get("title", "")[:80], **given)
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"number": errors.message(error.code, error.facts)}
        return _page(form, wrong), error.status
    context.commit()
    flash(_("席位已更新。"))
    return redirect(url_for("seats.index", slug=slug), 303)


@bp.post("/<code>/appoint")
@guarded(may_manage_people)
def appoint(slug: str, code: str) -> Answer:
    """Appoint a holder or substitute by login name."""
    form = request.form
    seat = queries.seat_by_code(context.db(), context.here().id, code)
    if seat is None:
        raise NotFound()
    person = queries.person_by_key(context.db(), rules.login_key(form.get("login", "")))
    try:
        if person is None:
            raise NotFound("person_not_found")
        actions.appoint(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            seat=seat,
            person=person,
            qualification=forms.choice(form, "qualification", Qualification),
            starts_on=forms.day(form, "starts_on", local_date(context.now())),
            planned_until=forms.optional_day(form, "planned_until"),
            kind=forms.choice(form, "kind", AppointmentKind),
        )
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"login": errors.message(error.code, error.facts)}
        return _page(form, wrong), error.status
    context.commit()
    flash(_("已聘任。"))
    return redirect(url_for("seats.index", slug=slug), 303)


@bp.post("/appointments/<int:appointment_id>/end")
@guarded(may_manage_people)
def end(slug: str, appointment_id: int) -> Answer:
    """End an appointment with a reason."""
    made = context.db().get(Appointment, appointment_id)
    if made is None or made.seat.neighborhood_id != context.here().id:
        raise NotFound()
    try:
        actions.end_appointment(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            appointment=made,
            ended_on=forms.day(request.form, "ended_on", local_date(context.now())),
            reason=request.form.get("reason", ""),
        )
    except PlannerError as error:
        context.db().rollback()
        return _page(request.form, errors.field_messages(error)), error.status
    context.commit()
    flash(_("已办理离任。"))
    return redirect(url_for("seats.index", slug=slug), 303)


def _page(given: object, wrong: dict[str, str]) -> str:
    session, here, today = context.db(), context.here(), local_date(context.now())
    seats = queries.seats(session, here.id)
    manages = may_grant(context.actor(), here.id)
    holders: dict[int, list[Appointment]] = {}
    for made in queries.live_appointments(session, here.id, today) if manages else []:
        holders.setdefault(made.seat_id, []).append(made)
    return render_template(
        "accounts/seats.html",
        seats=seats,
        staffing=queries.staffing(session, [seat.id for seat in seats], today),
        numbers={tier: queries.seat_number(session, here.id, tier) for tier in DesignerTier},
        holders=holders,
        manages=manages,
        tiers=list(DesignerTier),
        given=given,
        errors=wrong,
        active="seats",
    )
