"""A whole roster from a file: read, looked at line by line, then taken as a whole or not at all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.accounts import actions
from planner.accounts.actions import RosterFinding
from planner.accounts.policies import may_grant, may_manage_seats
from planner.accounts.sheets import read_roster
from planner.core.errors import Invalid
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("roster", __name__, template_folder="../templates", url_prefix="/n/<slug>/roster")
Answer = str | Response | tuple[str, int]


@bp.get("")
@guarded(may_manage_seats)
def form(slug: str) -> Answer:
    """Where to choose the file."""
    return _page()


@bp.post("")
@guarded(may_manage_seats, fresh=True)
def take(slug: str) -> Answer:
    """Preview the file, or take the previewed text: every line, or none."""
    try:
        raw = _given()
        findings = actions.take_roster(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood_id=context.here().id,
            lines=read_roster(raw),
        )
    except Invalid as error:
        context.db().rollback()
        return _page(wrong=errors.field_messages(error)), error.status
    faults = sum(bool(each.problem) for each in findings)
    if faults or request.form.get("sure") != "yes":
        context.db().rollback()
        return _page(findings, raw.decode("utf-8-sig")), 422 if faults else 200
    context.commit()
    flash(_("名册已录入，共 %(n)s 行。", n=len(findings)))
    return redirect(url_for("seats.index", slug=slug), 303)


def _given() -> bytes:
    """The uploaded file, or the text that came back from the preview."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return bytes(upload.read())
    text = request.form.get("text", "")
    if not text:
        raise Invalid(fields={"file": "file_missing"})
    return text.encode()


def _page(
    findings: list[RosterFinding] | None = None,
    text: str = "",
    wrong: dict[str, str] | None = None,
) -> str:
    return render_template(
        "accounts/roster.html",
        findings=[
            (each, errors.message(each.problem, each.facts) if each.problem else "")
            for each in findings or ()
        ],
        faults=sum(bool(each.problem) for each in findings or ()),
        text=text,
        errors=wrong or {},
        manages_people=may_grant(context.actor(), context.here().id),
        active="seats",
    )
