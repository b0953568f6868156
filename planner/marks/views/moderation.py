"""The moderation queue: one decision per mark, by button or by key, and each can be taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.errors import Invalid, NotFound, PlannerError
from planner.marks import actions, queries
from planner.marks.models import Mark
from planner.marks.policies import may_moderate
from planner.marks.terms import TRANSITIONS, MarkStatus, MarkVerb
from planner.web import context, errors
from planner.web.guards import guarded

from .taking import page_number, pages_of, topic_labels

bp = Blueprint("moderation", __name__, template_folder="../templates", url_prefix="/n/<slug>/queue")
Answer = str | Response | tuple[str, int]
SHOWN = {
    "received": MarkStatus.RECEIVED,
    "held": MarkStatus.HELD,
    "hidden": MarkStatus.HIDDEN,
    "published": MarkStatus.PUBLISHED,
}
OFFERED = (
    MarkVerb.PUBLISH,
    MarkVerb.HOLD,
    MarkVerb.REFER,
    MarkVerb.HIDE,
    MarkVerb.RETURN_TO_REVIEW,
)
PAGE = 20


@bp.get("")
@guarded(may_moderate)
def queue(slug: str) -> Answer:
    """Marks waiting for a decision, or those decided one way."""
    return _queue({}, "")


@bp.post("/<code>")
@guarded(may_moderate)
def decide(slug: str, code: str) -> Answer:
    """Publish, hold, hide, refer or send back to review; the page then offers to take it back."""
    form = request.form
    try:
        mark = queries.mark_by_code(context.db(), context.actor(), context.here().id, code)
        _moderate(mark, form)
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"": errors.message(error.code, error.facts)}
        return _queue(wrong, code), error.status
    context.commit()
    shown = form.get("show") if form.get("show") in SHOWN else None
    return redirect(url_for("moderation.queue", slug=slug, show=shown, done=code), 303)


def _moderate(mark: Mark, form: Any) -> None:
    if form.get("verb") not in OFFERED:
        raise Invalid(fields={"verb": "not_a_choice"})
    who: dict[str, Any] = {"actor": context.actor(), "now": context.now(), "mark": mark}
    words = form.get("words", "").replace("\r\n", "\n").strip()
    version = form.get("version", "")
    actions.moderate(
        context.db(),
        verb=MarkVerb(form["verb"]),
        reason=form.get("reason", ""),
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
        **who,
    )
    if words and mark.wording is not None and words != mark.wording.reason:
        actions.redact(context.db(), words=words, **who)
    for addition in list(mark.additions):
        said = form.get(f"addition-{addition.id}", "").replace("\r\n", "\n").strip()
        if said and said != addition.text:
            actions.redact_addition(context.db(), addition_id=addition.id, words=said, **who)


def _queue(wrong: dict[str, str], code: str) -> str:
    here, number = context.here(), page_number(request.args)
    shown = request.values.get("show", "received")
    shown = shown if shown in SHOWN else "received"
    session, who = context.db(), context.actor()
    page = queries.marks(
        session,
        who,
        here.id,
        queries.Filters(statuses=(SHOWN[shown],)),
        limit=PAGE,
        offset=(number - 1) * PAGE,
    )
    return render_template(
        "marks/queue.html",
        page=page,
        additions=queries.additions_of(session, [row.id for row in page.rows]),
        photos=queries.photos_of(session, who, [row.id for row in page.rows]),
        number=number,
        pages=pages_of(page.total, PAGE),
        shown=shown,
        counts={
            name: queries.count(session, who, here.id, queries.Filters(statuses=(status,)))
            for name, status in SHOWN.items()
        },
        verbs={
            name: [verb for verb in OFFERED if status in TRANSITIONS[verb]]
            for name, status in SHOWN.items()
        }[shown],
        done=_done(),
        wrong=wrong,
        wrong_code=code,
        typed=request.form,
        labels=topic_labels(here.id),
        active="queue",
    )


def _done() -> Mark | None:
    """The mark decided a moment ago, when that can be taken back."""
    code = request.args.get("done", "")
    if not code:
        return None
    try:
        mark = queries.mark_by_code(context.db(), context.actor(), context.here().id, code)
    except NotFound:
        return None
    return mark if mark.status in TRANSITIONS[MarkVerb.RETURN_TO_REVIEW] else None
