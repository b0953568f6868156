"""The street office's page for one neighborhood: facts, layers, settings, a new grid."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from planner.core.clock import LOCAL_ZONE
from planner.core.errors import Invalid, PlannerError
from planner.places import actions, queries
from planner.places.models import BaseLayer, Building, NamedPlace
from planner.places.policies import may_draw
from planner.places.rules import NeighborhoodSettings
from planner.places.terms import LAYER_LABELS
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _

bp = Blueprint("upkeep", __name__, template_folder="../templates", url_prefix="/n/<slug>/places")
Answer = str | Response | tuple[str, int]


@bp.get("")
@guarded(may_draw)
def overview(slug: str) -> Answer:
    """What this neighborhood is made of."""
    return _page({}, {})


@bp.post("/settings")
@guarded(may_draw)
def settings(slug: str) -> Answer:
    """Change settings, tolerance and the collecting window."""
    form = request.form
    try:
        actions.update_settings(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=context.here(),
            settings=_settings(form),
            tolerance_m=_whole(form, "tolerance_m"),
            collecting_from=_instant(form, "collecting_from"),
            collecting_until=_instant(form, "collecting_until"),
        )
    except PlannerError as error:
        context.db().rollback()
        return _page(form, errors.field_messages(error)), error.status
    context.commit()
    flash(_("设置已保存。"))
    return redirect(url_for("upkeep.overview", slug=slug), 303)


@bp.post("/layers/<code>")
@guarded(may_draw)
def layer(slug: str, code: str) -> Answer:
    """Show, hide or move one layer."""
    actions.set_layer(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        neighborhood=context.here(),
        code=code,
        is_visible=request.form.get("visible") == "yes",
        position=_whole(request.form, "position"),
    )
    context.commit()
    flash(_("图层已更新。"))
    return redirect(url_for("upkeep.overview", slug=slug), 303)


def _settings(form: Any) -> NeighborhoodSettings:
    made: dict[str, Any] = {}
    current = queries.settings_of(context.here())
    for each in fields(NeighborhoodSettings):
        held = getattr(current, each.name)
        if isinstance(held, bool):
            made[each.name] = form.get(each.name) == "yes"
        elif each.name not in form:
            made[each.name] = held
        elif isinstance(held, int):
            made[each.name] = _whole(form, each.name)
        else:
            made[each.name] = form[each.name].strip()[:240]
    return NeighborhoodSettings(**made)


def _whole(form: Any, name: str) -> int:
    text = form.get(name, "").strip()
    if not text.isdigit() or len(text) > 9:
        raise Invalid(fields={name: "not_a_number"})
    return int(text)


def _instant(form: Any, name: str) -> datetime | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL_ZONE)
    except ValueError as error:
        raise Invalid(fields={name: "not_a_date"}) from error


def _page(given: Any, wrong: dict[str, str]) -> str:
    here, session = context.here(), context.db()
    layers = session.scalars(
        select(BaseLayer)
        .where(BaseLayer.neighborhood_id == here.id)
        .order_by(BaseLayer.position, BaseLayer.id)
    ).all()
    buildings, households = session.execute(
        select(func.count(), func.coalesce(func.sum(Building.households), 0)).where(
            Building.neighborhood_id == here.id
        )
    ).one()
    names = session.scalar(
        select(func.count()).select_from(NamedPlace).where(NamedPlace.neighborhood_id == here.id)
    )
    local = {
        "collecting_from": _local(here.collecting_from),
        "collecting_until": _local(here.collecting_until),
    }
    return render_template(
        "places/overview.html",
        layers=layers,
        layer_labels=LAYER_LABELS,
        cells=queries.current_grid(session, here),
        revision=queries.current_revision(session, here.id),
        buildings=buildings,
        households=households,
        names=names,
        settings=queries.settings_of(here),
        local=local,
        given=given,
        errors=wrong,
        active="places",
    )


def _local(instant: datetime | None) -> str:
    return instant.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M") if instant else ""
