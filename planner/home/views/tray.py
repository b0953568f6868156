"""The tray of a seat or unit, its copy to take along, batch thanks, and the office's two lists."""

from __future__ import annotations

from base64 import b64encode
from enum import StrEnum
from functools import cache
from typing import TypeVar

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.errors import PlannerError
from planner.core.policies import works_here
from planner.core.settings import resource_dir
from planner.marks.queries import case_supporters
from planner.routing import actions
from planner.routing import queries as routing
from planner.routing.policies import is_office, rules_the_routing
from planner.routing.queries import TrayList, TrayOrder
from planner.web import context
from planner.web.errors import field_messages, message
from planner.web.guards import guarded
from planner.web.i18n import gettext

from .. import queries
from ..forms import number_of
from ..minimap import minimap

Member = TypeVar("Member", bound=StrEnum)

LIST_LABELS = {
    TrayList.MINE: "待办",
    TrayList.SIGN: "待签发",
    TrayList.HELPING: "协办",
    TrayList.PRAISE: "表扬",
    TrayList.DONE: "已答复",
    TrayList.PUBLISHED: "全部公开事项",
}
ORDER_LABELS = {
    TrayOrder.DUE: "先到期的在前",
    TrayOrder.NEWEST: "新来的在前",
    TrayOrder.TOPIC: "按类别",
}


TAKEN_ALONG = 40
"""Cases in the copy for the way, the most urgent first."""


def _chosen(name: str, kind: type[Member], default: Member) -> Member:
    value = request.args.get(name, "")
    return kind(value) if value in tuple(kind) else default


def _page() -> int:
    value = request.args.get("page", "1")
    return int(value) if value.isdecimal() and len(value) < 6 else 1


@guarded(works_here)
def tray(slug: str) -> str:
    """Cases of the actor's own seats and units, by default those waiting."""
    return _tray("")


def _tray(refusal: str) -> str:
    here, session, viewer = context.here(), context.db(), context.actor()
    which = _chosen("list", TrayList, TrayList.MINE)
    order = _chosen("order", TrayOrder, TrayOrder.DUE)
    found = routing.tray(
        session, viewer, here.id, now=context.now(), which=which, order=order, page=_page()
    )
    return render_template(
        "home/tray.html",
        tray=found,
        dues=queries.dues(session, found.cases, context.now()),
        supporters=case_supporters(session, [case.id for case in found.cases]),
        which=which,
        order=order,
        lists=LIST_LABELS,
        orders=ORDER_LABELS,
        is_office=is_office(viewer, here.id),
        waits=queries.unassigned_count(session, viewer, here.id),
        thankable=queries.thankable(viewer, found.cases) if which is TrayList.PRAISE else set(),
        refusal=refusal,
        active="tray",
    )


@guarded(works_here)
def thank(slug: str) -> Response | tuple[str, int]:
    """感谢并办结 for the chosen praise, all or none."""
    session, actor, here = context.db(), context.actor(), context.here()
    codes = request.form.getlist("case")
    if not codes:
        return _tray(message("choose_praise")), 422
    try:
        for code in dict.fromkeys(codes):
            case = routing.case_by_code(session, actor, here.id, code)
            actions.thank(session, actor=actor, now=context.now(), case=case)
    except PlannerError as error:
        if error.status not in (409, 422):
            raise
        session.rollback()
        return _tray(message(error.code, error.facts)), error.status
    context.commit()
    flash(gettext("已感谢并办结 %(n)s 件。", n=len(set(codes))))
    return redirect(url_for("home.tray", slug=slug, list=TrayList.PRAISE.value), 303)


@guarded(works_here)
def offline(slug: str) -> Response:
    """The waiting cases as one file that opens without network."""
    here, session, viewer = context.here(), context.db(), context.actor()
    found = routing.tray(session, viewer, here.id, now=context.now(), size=TAKEN_ALONG)
    page = render_template(
        "home/tray_offline.html",
        tray=found,
        dues=queries.dues(session, found.cases, context.now()),
        maps={case.id: minimap(session, here, case) for case in found.cases},
        sheets=_sheets(),
        now=context.now(),
    )
    answer = make_response(page)
    answer.headers["Content-Disposition"] = f'attachment; filename="tray-{here.slug}.html"'
    return answer


@cache
def _sheets() -> list[str]:
    """Our style sheets as addresses that hold them, so that the copy needs no second file."""
    folder = resource_dir("static") / "app" / "css"
    return [
        "data:text/css;base64," + b64encode((folder / f"{name}.css").read_bytes()).decode()
        for name in ("tokens", "base", "components")
    ]


@guarded(rules_the_routing)
def workload(slug: str) -> str:
    """Load and response of every seat."""
    figures = routing.seat_figures(context.db(), context.here().id, context.now())
    return render_template("home/tray_workload.html", figures=figures, active="tray")


@guarded(rules_the_routing)
def unassigned(slug: str) -> str:
    """Cases without a seat or a unit, each with one-step assignment."""
    return _unassigned(None, "")


def _unassigned(error: PlannerError | None, code: str) -> str:
    here, session, viewer = context.here(), context.db(), context.actor()
    found = routing.unassigned(session, viewer, here.id, page=_page())
    return render_template(
        "home/tray_unassigned.html",
        tray=found,
        dues=queries.dues(session, found.cases, context.now()),
        seats=queries.staffed_seats(session, here.id, context.now()),
        units=queries.working_units(session, here.id),
        errors=field_messages(error) if error else {},
        wrong=code,
        active="tray",
    )


@guarded(rules_the_routing)
def assign(slug: str, code: str) -> Response | tuple[str, int]:
    """One step: give the case a seat, a unit or both."""
    session = context.db()
    try:
        case = routing.case_by_code(session, context.actor(), context.here().id, code)
        actions.assign(
            session,
            actor=context.actor(),
            now=context.now(),
            case=case,
            seat_id=number_of(request.form, "seat"),
            unit_id=number_of(request.form, "unit"),
            seen_version=number_of(request.form, "version"),
        )
    except PlannerError as error:
        if error.status not in (409, 422):
            raise
        session.rollback()
        return _unassigned(error, code), error.status
    context.commit()
    flash(gettext("已分派。"))
    return redirect(url_for("home.unassigned", slug=slug), 303)


def add_routes(bp: Blueprint) -> None:
    """Put the pages on the room's blueprint."""
    bp.add_url_rule("/n/<slug>/tray", "tray", tray)
    bp.add_url_rule("/n/<slug>/tray/offline", "offline", offline)
    bp.add_url_rule("/n/<slug>/tray/thanks", "thank", thank, methods=["POST"])
    bp.add_url_rule("/n/<slug>/workload", "workload", workload)
    bp.add_url_rule("/n/<slug>/unassigned", "unassigned", unassigned)
    bp.add_url_rule("/n/<slug>/unassigned/<code>", "assign", assign, methods=["POST"])
