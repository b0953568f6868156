"""Names people use, places where people consult, and areas where no pin may stand."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.errors import PlannerError
from planner.core.geo import to_geom
from planner.places import actions, forms, queries, terms
from planner.places.policies import may_draw
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

from .options import OPTIONS

bp = Blueprint(
    "naming", __name__, template_folder="../templates", url_prefix="/n/<slug>/places/names"
)
Answer = str | Response | tuple[str, int]
SHOWN = 300


@bp.get("")
@guarded(may_draw)
def index(slug: str) -> Answer:
    """The lists, with a form for each."""
    return _page({}, {})


@bp.post("")
@guarded(may_draw)
def add(slug: str) -> Answer:
    """Add a name."""
    form = request.form
    try:
        actions.add_place(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=context.here(),
            name=form.get("name", ""),
            kind=form.get("kind", ""),
            aliases=form.get("aliases", ""),
            point=forms.spot_form(form).point,
        )
    except PlannerError as error:
        return _refused(error, "place")
    context.commit()
    flash(_("地名已添加。"))
    return redirect(url_for("naming.index", slug=slug), 303)


@bp.post("/<int:place_id>/remove")
@guarded(may_draw)
def remove(slug: str, place_id: int) -> Answer:
    """Remove a name."""
    actions.remove_place(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        neighborhood=context.here(),
        place_id=place_id,
    )
    context.commit()
    flash(_("地名已删除。"))
    return redirect(url_for("naming.index", slug=slug), 303)


@bp.post("/masks")
@guarded(may_draw)
def add_mask(slug: str) -> Answer:
    """Refuse pins round a point."""
    form = request.form
    try:
        actions.add_mask(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=context.here(),
            reason=form.get("reason", ""),
            point=forms.spot_form(form).point,
            radius_m=forms.radius(form),
        )
    except PlannerError as error:
        return _refused(error, "mask")
    context.commit()
    flash(_("已设为不便标注的区域。"))
    return redirect(url_for("naming.index", slug=slug, _anchor="masks"), 303)


@bp.post("/masks/<int:mask_id>/remove")
@guarded(may_draw)
def remove_mask(slug: str, mask_id: int) -> Answer:
    """Allow pins there again."""
    actions.remove_mask(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        neighborhood=context.here(),
        mask_id=mask_id,
    )
    context.commit()
    flash(_("这里可以标注了。"))
    return redirect(url_for("naming.index", slug=slug, _anchor="masks"), 303)


def _refused(error: PlannerError, part: str) -> tuple[str, int]:
    context.db().rollback()
    return _page(request.form, errors.field_messages(error), part), error.status


def _page(given: Mapping[str, str], wrong: Mapping[str, str], part: str = "") -> str:
    here, session = context.here(), context.db()
    words = request.args.get("q", "").strip()[:60]
    if words:
        names = queries.search_places(session, here, words, SHOWN)
    else:
        names = queries.named_places(session, here)[:SHOWN]
    metric = queries.metric_of(here)
    masks = [
        (mask, round(metric.area_m2(to_geom(mask.geom))))
        for mask in queries.masks_of(session, here)
    ]
    middle = to_geom(here.boundary).representative_point()
    return render_template(
        "places/names.html",
        centre=(round(middle.x, 4), round(middle.y, 4)),
        terms=terms,
        **OPTIONS,
        words=words,
        names=names,
        shown=SHOWN,
        venues=queries.venues_of(session, here),
        masks=masks,
        place=given if part == "place" else {},
        place_errors=wrong if part == "place" else {},
        mask_given=given if part == "mask" else {},
        mask_errors=wrong if part == "mask" else {},
        active="places",
    )
