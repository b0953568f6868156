"""The three tiers of seats: the public roster, and the upkeep of each seat by the street office."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.accounts import actions, forms, queries, rules
from planner.accounts.models import Absence, Appointment, Seat
from planner.accounts.policies import may_appoint, may_grant, may_manage_seats
from planner.accounts.terms import QUALIFIES, AppointmentKind, DesignerTier, Qualification
from planner.core.clock import local_date
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.core.policies import anyone
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("seats", __name__, template_folder="../templates", url_prefix="/n/<slug>/designers")
Answer = str | Response | tuple[str, int]
Given = Mapping[str, str]


@bp.get("")
@guarded(anyone)
def index(slug: str) -> Answer:
    """Seats with remit and vacancy; who sits there only for those who look after them."""
    return _roster()


@bp.get("/<code>")
@guarded(anyone)
def show(slug: str, code: str) -> Answer:
    """One seat."""
    return _one(_seat(code))


@bp.post("/number")
@guarded(may_manage_seats)
def number(slug: str) -> Answer:
    """Change how many seats a tier has, with a reason."""
    form = request.form

    def do() -> None:
        actions.set_seat_number(
            context.db(),
            neighborhood_id=context.here().id,
            tier=forms.choice(form, "tier", DesignerTier),
            number=forms.number(form, "number"),
            reason=form.get("reason", ""),
            **_acting(),
        )

    return _done(do, "number", _("席位数已调整。"))


@bp.post("/add")
@guarded(may_manage_seats)
def add(slug: str) -> Answer:
    """Set up one more seat."""
    form = request.form

    def do() -> None:
        actions.add_seat(
            context.db(),
            neighborhood_id=context.here().id,
            tier=forms.choice(form, "tier", DesignerTier),
            number=forms.number(form, "number"),
            title=form.get("title", ""),
            **_acting(),
        )

    return _done(do, "number", _("席位已设立。"))


@bp.post("/<code>/title")
@guarded(may_manage_seats)
def title(slug: str, code: str) -> Answer:
    """Name a seat after its work, never after a person."""
    seat, words = _seat(code), request.form.get("title", "")

    def do() -> None:
        actions.set_title(context.db(), seat=seat, title=words, **_acting())

    return _done(do, "title", _("席位名称已保存。"), seat)


@bp.post("/<code>/appoint")
@guarded(may_manage_seats, fresh=True)
def appoint(slug: str, code: str) -> Answer:
    """Appoint a holder or substitute by login name."""
    seat, form = _seat(code), request.form

    def do() -> None:
        person = queries.person_by_key(context.db(), rules.login_key(form.get("login", "")))
        if person is None:
            raise Invalid(fields={"login": "person_not_found"})
        actions.appoint(
            context.db(),
            seat=seat,
            person=person,
            qualification=forms.choice(form, "qualification", Qualification),
            starts_on=forms.day(form, "starts_on", local_date(context.now())),
            planned_until=forms.optional_day(form, "planned_until"),
            kind=forms.choice(form, "kind", AppointmentKind),
            **_acting(),
        )

    return _done(do, "login", _("已聘任。"), seat)


@bp.post("/<code>/appointments/<int:appointment_id>/end")
@guarded(may_manage_seats)
def end(slug: str, code: str, appointment_id: int) -> Answer:
    """End an appointment with a reason."""
    seat, form = _seat(code), request.form
    made = _appointment(seat, appointment_id)

    def do() -> None:
        actions.end_appointment(
            context.db(),
            appointment=made,
            ended_on=forms.day(form, "ended_on", local_date(context.now())),
            reason=form.get("reason", ""),
            **_acting(),
        )

    return _done(do, "reason", _("已办理离任。"), seat, f"end-{appointment_id}")


@bp.post("/<code>/appointments/<int:appointment_id>/absence")
@guarded(may_manage_seats)
def absence(slug: str, code: str, appointment_id: int) -> Answer:
    """Note that the holder is away."""
    seat, form = _seat(code), request.form
    made = _appointment(seat, appointment_id)

    def do() -> None:
        actions.note_absence(
            context.db(),
            appointment=made,
            starts_on=forms.day(form, "starts_on"),
            ends_on=forms.day(form, "ends_on"),
            **_acting(),
        )

    return _done(do, "ends_on", _("离岗已登记。"), seat, f"away-{appointment_id}")


@bp.post("/<code>/appointments/<int:appointment_id>/absence/<int:absence_id>/end")
@guarded(may_manage_seats)
def back(slug: str, code: str, appointment_id: int, absence_id: int) -> Answer:
    """The holder is back earlier."""
    seat = _seat(code)
    made = _appointment(seat, appointment_id)
    away = context.db().get(Absence, absence_id)
    if away is None or away.appointment_id != made.id:
        raise NotFound()

    def do() -> None:
        actions.end_absence(context.db(), appointment=made, absence=away, **_acting())

    return _done(do, "ends_on", _("已登记返岗。"), seat)


def _acting() -> dict[str, Any]:
    return {"actor": context.actor(), "now": context.now()}


def _seat(code: str) -> Seat:
    found = queries.seat_by_code(context.db(), context.here().id, code)
    if found is None:
        raise NotFound()
    return found


def _appointment(seat: Seat, appointment_id: int) -> Appointment:
    made = context.db().get(Appointment, appointment_id)
    if made is None or made.seat_id != seat.id:
        raise NotFound()
    return made


def _done(
    do: Callable[[], None], field: str, words: str, seat: Seat | None = None, part: str = ""
) -> Answer:
    """Do it and come back to the page, or show the page with what was wrong beside `field`."""
    form, slug = request.form, context.here().slug
    code = seat.code if seat else ""
    try:
        do()
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {field: errors.message(error.code, error.facts)}
        part = part or str(request.endpoint).partition(".")[2]
        page = _one(_seat(code), part, form, wrong) if code else _roster(part, form, wrong)
        return page, error.status
    context.commit()
    flash(words)
    target = url_for("seats.show", slug=slug, code=code) if code else None
    return redirect(target or url_for("seats.index", slug=slug), 303)


def _roster(part: str = "", given: Given | None = None, wrong: dict[str, str] | None = None) -> str:
    session, here, today = context.db(), context.here(), local_date(context.now())
    seats = queries.seats(session, here.id)
    manages = may_appoint(context.actor(), here.id)
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
        manages_people=may_grant(context.actor(), here.id),
        tiers=list(DesignerTier),
        part=part,
        given=given or {},
        errors=wrong or {},
        active="seats",
    )


def _one(
    seat: Seat, part: str = "", given: Given | None = None, wrong: dict[str, str] | None = None
) -> str:
    session, here, today = context.db(), context.here(), local_date(context.now())
    manages = may_appoint(context.actor(), here.id)
    history = queries.appointments_of(session, seat.id) if manages else []
    return render_template(
        "accounts/seat.html",
        seat=seat,
        staffing=queries.staffing(session, [seat.id], today)[seat.id],
        manages=manages,
        history=history,
        absences=queries.absences_from(session, [made.id for made in history], today),
        needed=QUALIFIES[seat.tier],
        kinds=list(AppointmentKind),
        today=today,
        part=part,
        given=given or {},
        errors=wrong or {},
        active="seats",
    )
