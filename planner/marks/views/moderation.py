"""The moderation queue: one decision per mark, by keyboard too."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.errors import PlannerError
from planner.marks import actions, queries
from planner.marks.policies import may_moderate
from planner.marks.terms import MarkStatus, MarkVerb
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .taking import page_number, pages_of, topic_labels

bp = Blueprint("moderation", __name__, template_folder="../templates", url_prefix="/n/<slug>/queue")
Answer = str | Response | tuple[str, int]
SHOWN = {"received": MarkStatus.RECEIVED, "held": MarkStatus.HELD, "hidden": MarkStatus.HIDDEN}


@bp.get("")
@guarded(may_moderate)
def queue(slug: str) -> Answer:
    """Marks waiting for a decision, oldest first on the last page."""
    return _queue({}, "")


@bp.post("/<code>")
@guarded(may_moderate)
def decide(slug: str, code: str) -> Answer:
    """Publish, hold, hide, refer or send back to review."""
    form = request.form
    here = context.here()
    try:
        mark = queries.mark_by_code(context.db(), context.actor(), here.id, code)
        actions.moderate(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            mark=mark,
            verb=MarkVerb(form.get("verb", "")),
            reason=form.get("reason", ""),
            version=int(form["version"]) if form.get("version", "").isdigit() else None,
        )
        if form.get("words", "").strip() and mark.wording is not None:
            actions.redact(
                context.db(),
                actor=context.actor(),
                now=context.now(),
                mark=mark,
                words=form["words"],
            )
    except ValueError:
        return _queue({code: errors.message("not_a_choice")}, code), 422
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"": errors.message(error.code, error.facts)}
        return _queue({code: " ".join(wrong.values())}, code), error.status
    context.commit()
    flash(_("已处理。"))
    return redirect(url_for("moderation.queue", slug=slug, show=form.get("show") or None), 303)


def _queue(wrong: dict[str, str], code: str) -> str:
    here, number = context.here(), page_number(request.args)
    shown = request.values.get("show", "received")
    status = SHOWN.get(shown, MarkStatus.RECEIVED)
    page = queries.marks(
        context.db(),
        context.actor(),
        here.id,
        queries.Filters(statuses=(status,)),
        limit=20,
        offset=(number - 1) * 20,
    )
    counts = {
        name: queries.count(
            context.db(), context.actor(), here.id, queries.Filters(statuses=(each,))
        )
        for name, each in SHOWN.items()
    }
    return render_template(
        "marks/queue.html",
        page=page,
        number=number,
        pages=pages_of(page.total, 20),
        shown=shown,
        counts=counts,
        wrong=wrong,
        wrong_code=code,
        labels=topic_labels(here.id),
        active="queue",
    )
