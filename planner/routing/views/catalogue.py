"""The catalogue as it is in force, to look things up."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from planner.core.policies import works_here
from planner.web import context
from planner.web.guards import guarded

from .. import queries

bp = Blueprint("catalogue", __name__, template_folder="../templates")


@bp.get("/n/<slug>/catalogue")
@guarded(works_here)
def index(slug: str) -> str:
    """Every 条目 in force by group; `q` searches code and names."""
    words = request.args.get("q", "").strip()[:60]
    here, session = context.here(), context.db()
    return render_template(
        "routing/catalogue.html",
        catalogue=queries.catalogue_of(session, here.id),
        topics=queries.topics(session, here.id, words),
        plain={topic.code: topic for topic in queries.public_topics(session, here.id)},
        words=words,
        active="rules",
    )
