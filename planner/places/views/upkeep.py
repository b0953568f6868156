"""The street office's page for one neighborhood: facts, files, layers, settings."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.clock import LOCAL_ZONE
from planner.core.errors import PlannerError
from planner.places import actions, forms, queries, terms
from planner.places.models import Neighborhood
from planner.places.policies import may_draw
from planner.places.rules import LIMITS
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .options import OPTIONS

bp = Blueprint("upkeep", __name__, template_folder="../templates", url_prefix="/n/<slug>/places")
Answer = str | Response | tuple[str, int]


@bp.get("")
@guarded(may_draw)
def overview(slug: str) -> Answer:
    """What this neighborhood is made of."""
    return page({}, {})


@bp.post("/settings")
@guarded(may_draw)
def settings(slug: str) -> Answer:
    """Change settings, tolerance and the collecting window."""
    here = context.here()
    try:
        given = forms.settings_form(request.form, queries.settings_of(here))
        actions.update_settings(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=here,
            settings=given.settings,
            tolerance_m=given.tolerance_m,
            collecting_from=given.collecting_from,
            collecting_until=given.collecting_until,
        )
    except PlannerError as error:
        context.db().rollback()
        return page(request.form, errors.field_messages(error), "settings"), error.status
    context.commit()
    flash(_("设置已保存。"))
    return redirect(url_for("upkeep.overview", slug=slug), 303)


@bp.post("/layers/<code>")
@guarded(may_draw)
def layer(slug: str, code: str) -> Answer:
    """Show, hide or move one layer."""
    try:
        actions.set_layer(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=context.here(),
            code=code,
            is_visible=request.form.get("visible") == "yes",
            position=forms.whole(request.form.get("position", "").strip()),
        )
    except PlannerError as error:
        context.db().rollback()
        flash(errors.message(error.code, error.facts), "bad")
        return page({}, {}, "layers"), error.status
    context.commit()
    flash(_("图层已更新。"))
    return redirect(url_for("upkeep.overview", slug=slug, _anchor="layers"), 303)


def page(given: Mapping[str, str], wrong: Mapping[str, str], part: str = "") -> str:
    """The overview; `part` says whose form `given` and `wrong` belong to."""
    here, session = context.here(), context.db()
    return render_template(
        "places/overview.html",
        terms=terms,
        **OPTIONS,
        limits=LIMITS,
        layers=queries.layers_of(session, here),
        imports=queries.imports_of(session, here),
        cells=queries.current_grid(session, here),
        revision=queries.current_revision(session, here.id),
        totals=queries.totals_of(session, here),
        settings=queries.settings_of(here),
        local=_window(here),
        given=given if part == "settings" else {},
        errors=wrong if part == "settings" else {},
        sent=given if part == "upload" else {},
        refused=wrong if part == "upload" else {},
        active="places",
    )


def _window(here: Neighborhood) -> dict[str, str]:
    """The collecting window as the browser's own fields want it, in local time."""
    instants = {"collecting_from": here.collecting_from, "collecting_until": here.collecting_until}
    return {
        name: each.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M") if each else ""
        for name, each in instants.items()
    }
