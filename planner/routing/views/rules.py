"""Rule sets: list, draft from a file, try, put in force."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.clock import local_date
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.web import context
from planner.web.errors import message
from planner.web.guards import guarded
from planner.web.i18n import gettext

from .. import actions, queries
from ..models import RoutingRuleSet
from ..policies import rules_the_routing
from ..sheets import parse_rules, read_text

bp = Blueprint("routing", __name__, template_folder="../templates")
SHIFTS_SHOWN = 200


@bp.get("/n/<slug>/rules")
@guarded(rules_the_routing)
def rule_sets(slug: str) -> str:
    """Every version, newest first, and the form for a new draft."""
    return _list(None)


def _list(error: PlannerError | None) -> str:
    found = queries.rule_sets(context.db(), context.here().id)
    return render_template(
        "routing/rule_sets.html",
        rule_sets=found,
        faults=[(where, message(code)) for where, code in error.fields.items()] if error else [],
        active="rules",
    )


@bp.post("/n/<slug>/rules")
@guarded(rules_the_routing)
def draft(slug: str) -> Response | tuple[str, int]:
    """A new draft from an uploaded CSV; a bad file is refused line by line."""
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("sheet_refused", fields={"rules.csv": "missing"})
        text = read_text(upload.read(), "rules.csv")
        lines = parse_rules(text, queries.known_codes(context.db(), context.here().id))
    except Invalid as error:
        return _list(error), error.status
    made = actions.draft_rules(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        neighborhood=context.here(),
        lines=lines,
        note=request.form.get("note", "").strip()[:500],
    )
    context.commit()
    flash(gettext("已存为草稿，启用以前不影响分派。"), "good")
    return redirect(url_for("routing.rule_set", slug=slug, version=made.version), 303)


def _one(version: int) -> RoutingRuleSet:
    found = queries.rule_sets(context.db(), context.here().id)
    for rule_set in found:
        if rule_set.version == version:
            return rule_set
    raise NotFound()


@bp.get("/n/<slug>/rules/<int:version>")
@guarded(rules_the_routing)
def rule_set(slug: str, version: int) -> str:
    """One version; with `try` also which present cases it would send elsewhere, moving none."""
    found = _one(version)
    trial = None
    if "try" in request.args:
        trial = queries.try_rules(
            context.db(),
            context.here().id,
            queries.rule_lines(found.rules),
            version=version,
            day=local_date(context.now()),
        )
    return render_template(
        "routing/rule_set.html",
        rule_set=found,
        trial=trial,
        shown=SHIFTS_SHOWN,
        active="rules",
    )


@bp.post("/n/<slug>/rules/<int:version>/activate")
@guarded(rules_the_routing)
def activate(slug: str, version: int) -> Response:
    """Put a draft in force for cases that come from now on."""
    actions.activate_rules(
        context.db(), actor=context.actor(), now=context.now(), rule_set=_one(version)
    )
    context.commit()
    flash(gettext("这一版已启用，以后的新事项按它分派。"), "good")
    return redirect(url_for("routing.rule_set", slug=slug, version=version), 303)
