"""Setting up a neighborhood: the administrator's page."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from shapely.geometry.base import BaseGeometry
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from planner.core.errors import Invalid, PlannerError
from planner.places import actions, forms, terms
from planner.places.drafting import agreed_datum, boundary_from
from planner.places.policies import may_found
from planner.places.reading import Bounds, read_foreign
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.security import open_upload

from .options import OPTIONS
from .others import others

bp = Blueprint("founding", __name__, template_folder="../templates", url_prefix="/neighborhoods")
Answer = str | Response | tuple[str, int]
BOUNDS = Bounds(
    file_bytes=forms.BOUNDARY_BYTES,
    features=2_000,
    vertices=200_000,
    wall_seconds=15,
    cpu_seconds=10,
)
"""A boundary is small; its reading is waited for, without a transaction open."""


@bp.get("/new")
@guarded(may_found)
def form() -> Answer:
    """The empty form."""
    return _page({}, {})


@bp.post("/new")
@guarded(may_found)
def create() -> Answer:
    """Read the boundary, then set everything up in one transaction."""
    given: Mapping[str, str] = {}
    try:
        file = open_upload(forms.BOUNDARY_BYTES)
        given = request.form
        boundary = _boundary(given, file)
        made = actions.create_neighborhood(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            slug=given.get("slug", "").strip().lower(),
            name=given.get("name", ""),
            name_en=given.get("name_en", "").strip()[:120],
            office_name=given.get("office", "").strip()[:120],
            boundary=boundary,
        )
        others().furnish(context.db(), actor=context.actor(), now=context.now(), neighborhood=made)
    except PlannerError as error:
        context.db().rollback()
        return _page(given, _beside(error), error), error.status
    context.commit()
    flash(_("街区已建立。接下来导入底图和网格，再设定征集时间。"))
    return redirect(url_for("upkeep.overview", slug=made.slug), 303)


def _boundary(given: Mapping[str, str], file: FileStorage | None) -> BaseGeometry:
    _, content = forms.received(file, forms.BOUNDARY_BYTES)
    with tempfile.TemporaryDirectory(prefix="planner-boundary-") as held:
        path = Path(held) / "given"
        path.write_bytes(content)
        reading = read_foreign(path, bounds=BOUNDS)
    datum = agreed_datum(given.get("crs", ""), reading.crs, reading.format)
    return boundary_from(list(reading.features()), datum)


def _beside(error: PlannerError) -> dict[str, str]:
    """Words beside the fields; faults of the boundary stand beside the file, the first by its line."""
    told = errors.field_messages(error)
    faults = error.facts.get("faults")
    if isinstance(faults, list) and faults:
        reason = errors.message(faults[0]["code"], faults[0]["facts"])
        told["file"] = errors.message("feature_line", {"line": faults[0]["line"], "reason": reason})
    if "boundary" in told:
        told["file"] = told.pop("boundary")
    return told


def _page(
    given: Mapping[str, str], wrong: Mapping[str, str], error: PlannerError | None = None
) -> str:
    is_general = error is not None and not wrong and not isinstance(error, Invalid)
    return render_template(
        "places/new.html",
        terms=terms,
        **OPTIONS,
        given=given,
        errors=wrong,
        failure=errors.message(error.code, error.facts) if error and is_general else "",
    )
