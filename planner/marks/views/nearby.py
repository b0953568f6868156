"""The page between form and receipt: similar marks close by, to join instead of handing in one's own."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from planner.core.geo import from_geojson
from planner.marks import actions, queries
from planner.marks.actions import MarkInput
from planner.marks.actions.creating import about
from planner.places.queries import settings_of
from planner.web import context, errors
from planner.web.i18n import gettext as _

from .blueprint import Answer
from .joining import spend
from .taking import topic_labels


def offered(given: MarkInput, form: MultiDict[str, str]) -> Answer | None:
    """What stands between the form and a new mark: the question, or the mark joined; None to go on."""
    choice = form.get("join", "")
    if choice == "none" or any(each.filename for each in request.files.values()):
        # Files cannot travel through another page; who sends photos has something of their own to say.
        return None
    if choice:
        return _join(choice)
    found, topic = _near(given)
    if not found.total:
        return None
    wrong = errors.message("join_missing") if form.get("asked") else ""
    page = render_template("marks/near.html", near=found, topic=topic, given=form, wrong=wrong)
    return (page, 422) if wrong else page


def _near(given: MarkInput) -> tuple[queries.Near, str]:
    here, session = context.here(), context.db()
    within = settings_of(here).near_m
    topic = about(session, here, given.kind, given.chips[0], "") if given.chips else None
    if topic is None:
        return queries.Near(within), ""
    found = queries.near_marks(
        session,
        context.actor(),
        here,
        at=from_geojson(given.geometry).representative_point(),
        kind=given.kind,
        public_topic=topic,
        within_m=within,
    )
    return found, topic_labels(here.id).get(topic, topic)


def _join(code: str) -> Answer:
    """Say 我也是 to the chosen mark and show it."""
    spend()
    session, here = context.db(), context.here()
    mark = queries.mark_by_code(session, context.actor(), here.id, code)
    actions.endorse(session, actor=context.actor(), now=context.now(), mark=mark)
    context.commit()
    flash(_("已记下：您也这么认为。"))
    return redirect(url_for("marks.show", slug=here.slug, code=code) + "#join", 303)
