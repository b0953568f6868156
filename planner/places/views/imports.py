"""Uploading a map file, looking at what was read, and taking or dropping it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.core.actor import SYSTEM
from planner.core.errors import Conflict, NotFound, PlannerError
from planner.places import actions, forms, jobs, queries, terms
from planner.places.drafting import Draft
from planner.places.models import BaseImport
from planner.places.policies import may_draw
from planner.places.terms import ImportState, ImportTarget
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.security import open_upload

from . import upkeep
from .others import others

bp = Blueprint(
    "imports", __name__, template_folder="../templates", url_prefix="/n/<slug>/places/imports"
)
Answer = str | Response | tuple[str, int]


@bp.post("")
@guarded(may_draw)
def receive(slug: str) -> Answer:
    """Keep a file for the worker to read."""
    given: Mapping[str, str] = {}
    try:
        file = open_upload(forms.UPLOAD_BYTES)
        given = request.form
        upload = forms.upload_form(given, file)
        made = actions.receive_import(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=context.here(),
            upload=upload,
        )
    except PlannerError as error:
        context.db().rollback()
        return upkeep.page(given, errors.field_messages(error), "upload"), error.status
    context.commit()
    return redirect(url_for("imports.show", slug=slug, uuid=made.uuid), 303)


@bp.get("/<uuid:uuid>")
@guarded(may_draw)
def show(slug: str, uuid: UUID) -> Answer:
    """How far the reading is, or what was read; htmx asks for the card alone."""
    return _page(_wanted(uuid), {})


@bp.post("/<uuid:uuid>/confirm")
@guarded(may_draw)
def confirm(slug: str, uuid: UUID) -> Answer:
    """Put the file into force."""
    here = context.here()
    try:
        draft = _draft(uuid)
        counts = actions.confirm_import(
            context.db(),
            actor=context.actor(),
            now=context.now(),
            neighborhood=here,
            base_import=_wanted(uuid, lock=True),
            draft=draft,
            accept_doubt=request.form.get("accept") == "yes",
        )
        others().follow_map(
            context.db(),
            actor=SYSTEM,
            now=context.now(),
            neighborhood=here,
            target=draft.target,
        )
    except PlannerError as error:
        context.db().rollback()
        return _page(_wanted(uuid), errors.field_messages(error), error), error.status
    context.commit()
    flash(_("已采用 %(number)s 个图形。", number=sum(counts.values())))
    return redirect(url_for("upkeep.overview", slug=slug), 303)


@bp.post("/<uuid:uuid>/drop")
@guarded(may_draw)
def drop(slug: str, uuid: UUID) -> Answer:
    """Give the file up."""
    actions.drop_import(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        neighborhood=context.here(),
        base_import=_wanted(uuid, lock=True),
    )
    context.commit()
    flash(_("文件已放弃，地图没有变动。"))
    return redirect(url_for("upkeep.overview", slug=slug), 303)


def _draft(uuid: UUID) -> Draft:
    """The draft, drawn up before the request's own transaction takes the write lock."""
    here = context.here()
    with context.services().database.read() as session:
        found = queries.import_by_uuid(session, here, uuid)
        if found is None:
            raise NotFound()
        if found.state is not ImportState.READY:
            ended = found.state in (ImportState.TAKEN, ImportState.DROPPED)
            raise Conflict("import_gone" if ended else "import_not_ready")
        return jobs.draft_of(session, here, found)


def _wanted(uuid: UUID, *, lock: bool = False) -> BaseImport:
    found = queries.import_by_uuid(context.db(), context.here(), uuid, lock=lock)
    if found is None:
        raise NotFound()
    return found


def _page(found: BaseImport, wrong: Mapping[str, str], error: PlannerError | None = None) -> str:
    is_fragment = request.headers.get("HX-Request") == "true"
    return render_template(
        "places/_import.html" if is_fragment else "places/import.html",
        found=found,
        terms=terms,
        lines=[_line(found, finding) for finding in found.findings],
        moved=_moved(found),
        errors=wrong,
        failure=errors.message(error.code, error.facts) if error else "",
        active="places",
    )


def _moved(found: BaseImport) -> int | None:
    """How many marks a new grid would move to another number."""
    if found.target is not ImportTarget.GRID or found.state is not ImportState.READY:
        return None
    session, here = context.db(), context.here()
    draft = jobs.draft_of(session, here, found)
    cells = [(item.number, item.geom) for item in draft.items]
    return others().marks_moved(session, here, cells)


def _line(found: BaseImport, finding: Mapping[str, Any]) -> tuple[str, str]:
    """Level and words of one finding."""
    named = {
        key: _(terms.DATUM_LABELS[value]) if value and value in terms.DATUM_LABELS else value
        for key, value in finding["facts"].items()
    }
    words = errors.message(finding["code"], named)
    if finding["line"]:
        kind = "row_line" if found.filename.lower().endswith(".csv") else "feature_line"
        words = errors.message(kind, {"line": finding["line"], "reason": words})
    return str(finding["level"]), words
