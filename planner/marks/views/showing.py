"""One mark with what became of it, and what its author may do with it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from planner.core.errors import Invalid, PlannerError
from planner.core.geo import to_geojson, to_geom
from planner.core.policies import anyone
from planner.marks import actions, queries
from planner.marks.models import Mark
from planner.marks.policies import may_endorse, may_rewrite, owns, sees_all
from planner.places.queries import map_source
from planner.routing.actions import reopen_until
from planner.routing.answers import explain
from planner.routing.queries import public_answers
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .blueprint import Answer, bp
from .keeping import seen_of
from .taking import topic_labels


@bp.get("/marks/<code>")
@guarded(anyone)
def show(slug: str, code: str) -> Answer:
    """One mark; 404 also when the reader may not know of it."""
    return show_page(_mark(code))


def _mark(code: str) -> Mark:
    return queries.mark_by_code(context.db(), context.actor(), context.here().id, code)


def show_page(
    mark: Mark,
    wrong: dict[str, str] | None = None,
    typed: str = "",
    *,
    refusal: str = "",
    again: str = "",
) -> str:
    """The page of a mark; `refusal` and `again` are about 我也是 and asking to look again."""
    who = context.actor()
    here, staff = context.here(), sees_all(who, mark.neighborhood_id)
    return render_template(
        "marks/show.html",
        mark=mark,
        answers=public_answers(context.db(), mark.case),
        why=explain(mark.case.explanation),
        is_own=owns(who, mark),
        staff=staff,
        history=queries.moderation_history(context.db(), mark) if staff else [],
        labels=topic_labels(mark.neighborhood_id),
        geometry=to_geojson(to_geom(mark.geom), 6),
        may_edit=may_rewrite(who, mark),
        errors=wrong or {},
        typed=typed,
        photos=seen_of(mark),
        refusal=refusal,
        again=again,
        **_joining(mark),
        ground={
            "base": url_for("places.base", slug=here.slug),
            "source": map_source(here, context.services().settings),
        },
        active="marks",
    )


def _joining(mark: Mark) -> dict[str, Any]:
    """How many say the same, whether the reader does, and until when one may ask to look again."""
    session, who = context.db(), context.actor()
    stands = actions.is_answered(mark) and queries.stands_behind(session, who, mark)
    until = reopen_until(mark.case, context.here()) if stands else None
    return {
        "supporters": queries.supporters(session, mark),
        "may_join": may_endorse(who, mark),
        "is_joined": bool(queries.own_endorsements(session, who, mark)),
        "again_until": until,
        "is_too_late": until is not None and context.now() > until,
    }


@bp.post("/marks/<code>/<verb>")
@guarded(anyone)
def own(slug: str, code: str, verb: str) -> Answer:
    """What the author does: rewrite, add, withdraw, erase."""
    mark = _mark(code)
    words = request.form.get("words", "")
    given = {"actor": context.actor(), "now": context.now(), "mark": mark}
    try:
        _act(verb, given, words)
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"reason": errors.message(error.code, error.facts)}
        return show_page(_mark(code), wrong, words), error.status
    context.commit()
    if verb == "erase":
        flash(_("您的意见已删除，不能恢复。"))
        return redirect(url_for("marks.mine", slug=slug), 303)
    flash(_("已更新。"))
    return redirect(url_for("marks.show", slug=slug, code=code), 303)


def _act(verb: str, given: dict[str, Any], words: str) -> None:
    if verb == "rewrite":
        actions.rewrite(context.db(), words=words, **given)
    elif verb == "add":
        actions.add_words(context.db(), words=words, **given)
    elif verb == "withdraw":
        actions.withdraw(context.db(), **given)
    elif verb == "erase":
        actions.erase_mark(context.db(), **given)
    else:
        raise Invalid()
