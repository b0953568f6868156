"""The list of marks, which shares its filters with map, export and API; and one's own marks."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request

from planner.core.errors import Invalid
from planner.core.policies import anyone
from planner.marks import forms, queries
from planner.marks.policies import sees_all
from planner.places.queries import current_grid
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .blueprint import Answer, bp
from .keeping import seen_addresses
from .taking import page_number, pages_of, topic_labels


@bp.get("/marks")
@guarded(anyone)
def index(slug: str) -> Answer:
    """The list under the filters; a filter that cannot be read is named beside its field."""
    here, number = context.here(), page_number(request.args)
    wrong: dict[str, str] = {}
    try:
        asked = forms.filters_from(request.args)
    except Invalid as error:
        asked, wrong = forms.FilterForm(queries.Filters()), errors.field_messages(error)
    session, who = context.db(), context.actor()
    offset = (number - 1) * queries.PAGE
    page = queries.marks(session, who, here.id, asked.filters, offset=offset)
    every_kind = replace(asked.filters, kinds=())
    return render_template(
        "marks/index.html",
        page=page,
        photos=seen_addresses(page.rows),
        number=number,
        pages=pages_of(page.total, queries.PAGE),
        counts=queries.kind_counts(session, who, here.id, every_kind),
        asked=asked.args,
        typed=request.args,
        errors=wrong,
        labels=topic_labels(here.id),
        grids=[
            (cell.number, _("网格 %(n)s", n=cell.number)) for cell in current_grid(session, here)
        ],
        staff=sees_all(who, here.id),
        active="marks",
    )


@bp.get("/mine")
@guarded(anyone)
def mine(slug: str) -> Answer:
    """One's own marks in this browser, and those one joined."""
    here = context.here()
    session, who = context.db(), context.actor()
    return render_template(
        "marks/mine.html",
        marks=queries.own_marks(session, who, here.id),
        joined=queries.joined_marks(session, who, here.id),
        active="mine",
    )
