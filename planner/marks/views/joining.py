"""我也是 on a mark's page, its way back, and asking to look again after an answer; forms without script."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for

from planner.core.errors import PlannerError
from planner.core.limits import Limit
from planner.core.policies import anyone
from planner.marks import actions, queries
from planner.marks.models import Mark
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .blueprint import Answer, bp
from .showing import show_page

PER_DEVICE = Limit("endorse-device", 60, 600)
PER_ADDRESS = Limit("endorse-address", 3_000, 600)
"""As with marks: all phones of a festival share one address."""


def spend() -> None:
    """Count one 我也是, or one taken back, for the device and for its address; before anything is written."""
    device = context.actor().device
    own = [(PER_DEVICE, device)] if device else []
    context.spend(*own, (PER_ADDRESS, request.remote_addr or "none"))


@bp.post("/marks/<code>/endorse")
@guarded(anyone)
def endorse(slug: str, code: str) -> Answer:
    """Say 我也是; once more changes nothing."""
    return _done(code, _endorse)


@bp.post("/marks/<code>/take-back")
@guarded(anyone)
def take_back(slug: str, code: str) -> Answer:
    """Take one's 我也是 back."""
    return _done(code, _take_back)


@bp.post("/marks/<code>/ask-again")
@guarded(anyone)
def ask_again(slug: str, code: str) -> Answer:
    """还没解决，请再看看; what was typed is kept when it is refused."""
    return _done(code, _ask_again)


def _endorse(mark: Mark) -> str:
    actions.endorse(context.db(), actor=context.actor(), now=context.now(), mark=mark)
    return _("已记下：您也这么认为。")


def _take_back(mark: Mark) -> str:
    actions.take_back(context.db(), actor=context.actor(), now=context.now(), mark=mark)
    return _("已收回。")


def _ask_again(mark: Mark) -> str:
    actions.ask_again(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        mark=mark,
        reason=request.form.get("again", ""),
    )
    return _("已请工作人员再看一看，办理时限重新计算。")


def _mark(code: str) -> Mark:
    return queries.mark_by_code(context.db(), context.actor(), context.here().id, code)


def _done(code: str, act: Callable[[Mark], str]) -> Answer:
    """Do it and lead back to the mark; a refusal is said on the page, next to what was pressed."""
    spend()
    try:
        words = act(_mark(code))
    except PlannerError as error:
        if error.status not in (409, 422):
            raise
        context.db().rollback()
        context.db().expire_all()
        return _refused(code, error), error.status
    context.commit()
    flash(words)
    return redirect(url_for("marks.show", slug=context.here().slug, code=code) + "#join", 303)


def _refused(code: str, error: PlannerError) -> str:
    wrong = next(iter(errors.field_messages(error).values()), "")
    said = wrong or errors.message(error.code, error.facts)
    return show_page(_mark(code), refusal=said, again=request.form.get("again", ""))
