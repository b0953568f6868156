"""Residents' pages: the map, the form without script, the list, one mark and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from planner.core.codes import receipt_hash
from planner.core.errors import Invalid, PlannerError
from planner.core.geo import to_geojson, to_geom
from planner.core.policies import anyone
from planner.marks import actions, forms, queries
from planner.marks.models import Mark
from planner.marks.policies import owns, sees_all
from planner.marks.rules import is_collecting
from planner.places.queries import named_places, poster_point, settings_of
from planner.routing.answers import explain
from planner.routing.queries import chips, public_answers
from planner.routing.terms import MarkKind
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.i18n import locale

from .taking import page_number, pages_of, take, topic_labels

bp = Blueprint("marks", __name__, template_folder="../templates", url_prefix="/n/<slug>")
Answer = str | AnyResponse | tuple[str, int]
KEPT_RECEIPTS = 40


@bp.get("/")
@guarded(anyone)
def map(slug: str) -> Answer:
    """The marking map: kind, reason, done."""
    here = context.here()
    return render_template(
        "marks/map.html", config=_map_config(here), is_open=_is_open(), **_counts()
    )


def _is_open() -> bool:
    here = context.here()
    return is_collecting(here.collecting_from, here.collecting_until, context.now())


def _counts() -> dict[str, Any]:
    here = context.here()
    total = queries.count(context.db(), context.actor(), here.id, queries.Filters())
    return {"total": total}


def _map_config(here: Any) -> dict[str, Any]:
    boundary = to_geom(here.boundary)
    poster = poster_point(context.db(), request.args.get("p", ""))
    start = boundary.representative_point()
    if poster is not None and poster.neighborhood_id == here.id:
        start = to_geom(poster.geom)
    return {
        "slug": here.slug,
        "center": [round(start.y, 6), round(start.x, 6)],
        "bounds": [round(part, 6) for part in boundary.bounds],
        "boundary": to_geojson(boundary, 6),
        "poster": poster.code if poster else None,
        "chips": _chips(here.id),
        "urls": {
            "base": url_for("places.base", slug=here.slug),
            "places": url_for("places.places", slug=here.slug),
            "marks": url_for("marks_api.index_marks", slug=here.slug),
            "cells": url_for("marks_api.cells", slug=here.slug),
            "mark": url_for("marks.show", slug=here.slug, code="CODE"),
        },
        "minReason": settings_of(here).min_reason,
        "words": _words(),
    }


def _chips(neighborhood_id: int) -> list[dict[str, Any]]:
    english = locale() == "en"
    return [
        {
            "code": chip.code,
            "kind": chip.kind.value,
            "topic": chip.public_topic_code,
            "text": (chip.text_en or chip.text) if english else chip.text,
            "helps": chip.topic_code is None,
        }
        for chip in chips(context.db(), neighborhood_id)
    ]


def _words() -> dict[str, str]:
    return {
        "here": _("图钉所指的位置"),
        "sending": _("正在提交…"),
        "submit": _("提交意见"),
        "offline": _("现在没有网络。您写的内容还在，联网后请再点一次提交。"),
        "choose": _("请选一个原因，或写几个字。"),
        "located": _("已移到您所在的位置"),
        "notLocated": _("找不到您的位置，请拖动地图或从列表选地点。"),
        "outside": _("这里已超出街区范围，请往里移一点。"),
        "noPlace": _("没有找到这个地点，换个说法试试。"),
    }


@bp.get("/marks")
@guarded(anyone)
def index(slug: str) -> Answer:
    """The list, with the filters of map, export and API."""
    here, number = context.here(), page_number(request.args)
    wrong: dict[str, str] = {}
    try:
        asked = forms.filters_from(request.args)
    except Invalid as error:
        asked, wrong = forms.FilterForm(queries.Filters()), errors.field_messages(error)
    page = queries.marks(
        context.db(),
        context.actor(),
        here.id,
        asked.filters,
        offset=(number - 1) * queries.PAGE,
    )
    return render_template(
        "marks/index.html",
        page=page,
        number=number,
        pages=pages_of(page.total, queries.PAGE),
        counts=queries.kind_counts(context.db(), context.actor(), here.id, asked.filters),
        asked=asked.args,
        errors=wrong,
        labels=topic_labels(here.id),
        staff=sees_all(context.actor(), here.id),
        active="marks",
    )


@bp.get("/mine")
@guarded(anyone)
def mine(slug: str) -> Answer:
    """One's own marks in this browser."""
    here = context.here()
    found = queries.own_marks(context.db(), context.actor(), here.id)
    return render_template(
        "marks/mine.html", marks=found, labels=topic_labels(here.id), active="receipt"
    )


@bp.get("/marks/<code>")
@guarded(anyone)
def show(slug: str, code: str) -> Answer:
    """One mark and everything that became of it."""
    return _show(_mark(code), {}, "")


def _mark(code: str) -> Mark:
    return queries.mark_by_code(context.db(), context.actor(), context.here().id, code)


def _show(mark: Mark, wrong: dict[str, str], typed: str) -> str:
    who = context.actor()
    return render_template(
        "marks/show.html",
        mark=mark,
        answers=public_answers(context.db(), mark.case),
        why=explain(mark.case.explanation),
        is_own=owns(who, mark),
        staff=sees_all(who, mark.neighborhood_id),
        history=queries.moderation_history(context.db(), mark)
        if sees_all(who, mark.neighborhood_id)
        else [],
        labels=topic_labels(mark.neighborhood_id),
        geometry=to_geojson(to_geom(mark.geom), 6),
        may_edit=mark.triaged_at is None and mark.case.acknowledged_at is None,
        errors=wrong,
        typed=typed,
        base_url=url_for("places.base", slug=context.here().slug),
    )


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
        return _show(_mark(code), wrong, words), error.status
    context.commit()
    if verb == "erase":
        flash(_("您的意见已删除，不能恢复。"))
        return redirect(url_for("marks.map", slug=slug), 303)
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


@bp.get("/marks/new")
@guarded(anyone)
def new(slug: str) -> Answer:
    """The form without script: place from a list, kind, reason."""
    return _form(request.args, {}, str(uuid4()))


@bp.post("/marks/new")
@guarded(anyone)
def create(slug: str) -> Answer:
    """Take a mark from the form; what was typed stays when something is wrong."""
    form = request.form
    try:
        given = forms.mark_from_form(form, _place(form))
        made = take(given)
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"kind": errors.message(error.code, error.facts)}
        return _form(form, wrong, form.get("key", "")), error.status
    remember(made.receipt_code)
    return redirect(url_for("marks.thanks", slug=slug, receipt=made.receipt_code), 303)


def _place(form: Any) -> dict[str, Any] | None:
    chosen = form.get("place", "")
    if not chosen.isdigit():
        raise Invalid(fields={"place": "place_missing"})
    for place in named_places(context.db(), context.here()):
        if place.id == int(chosen):
            return to_geojson(to_geom(place.geom))
    raise Invalid(fields={"place": "place_missing"})


def _form(given: Any, wrong: dict[str, str], key: str) -> str:
    here = context.here()
    kind = given.get("kind") if given.get("kind") in tuple(MarkKind) else ""
    offered = [chip for chip in _chips(here.id) if chip["kind"] == kind]
    return render_template(
        "marks/new.html",
        given=given,
        chosen=given.getlist("chips") if hasattr(given, "getlist") else [],
        kind=kind,
        chips=offered,
        place_options=[(each.id, each.name) for each in named_places(context.db(), here)],
        labels=topic_labels(here.id),
        errors=wrong,
        key=key or str(uuid4()),
        is_open=_is_open(),
    )


@bp.get("/thanks/<receipt>")
@guarded(anyone)
def thanks(slug: str, receipt: str) -> Answer:
    """Receipt code and QR after submitting; the code itself is the key to this page."""
    mark = queries.mark_by_receipt(context.db(), receipt_hash(receipt))
    if mark is None or mark.neighborhood_id != context.here().id:
        raise Invalid("receipt_unknown")
    address = url_for("home.open_receipt", code=receipt, _external=True)
    return render_template(
        "marks/thanks.html",
        mark=mark,
        receipt=receipt,
        qr=qr_svg(address),
        why=explain(mark.case.explanation),
    )


@bp.get("/thanks/<receipt>/qr.svg")
@guarded(anyone)
def qr(slug: str, receipt: str) -> Response:
    """The receipt's QR as a picture, for the page with script."""
    address = url_for("home.open_receipt", code=receipt, _external=True)
    return Response(str(qr_svg(address)), mimetype="image/svg+xml")


def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG (level Q, made by segno from our own address)."""
    drawn = segno.make(text, error="q", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=2, svgclass=None))  # noqa: S704


def remember(receipt: str) -> None:
    """Keep a receipt's hash in this browser's signed cookie, so that the mark opens again."""
    kept = [*cookie.get("receipts", []), receipt_hash(receipt).hex()]
    cookie["receipts"] = list(dict.fromkeys(kept))[-KEPT_RECEIPTS:]
    cookie.permanent = True
