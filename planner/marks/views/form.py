"""The form without script: kind, place from a list, reason. It does what the map does."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict

from planner.core import images
from planner.core.errors import Invalid, PlannerError
from planner.core.geo import to_geojson, to_geom
from planner.core.images import Picture
from planner.core.policies import anyone
from planner.marks import actions, forms
from planner.marks.actions import PhotoInput
from planner.places.queries import named_places, settings_of
from planner.routing.terms import MarkKind
from planner.web import context, errors
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.security import mark_upload, open_upload

from . import keeping
from .blueprint import Answer, bp, remember
from .nearby import offered
from .offering import chip_list, places_by_kind, window_words
from .taking import take, topic_labels

MOST_PHOTOS = 4
"""So many of the largest allowed size fit in one form."""

HOME = {"geometry": "place", "file": "photo"}
"""Field of an error -> field of this form that says it."""


@bp.get("/marks/new")
@guarded(anyone)
def new(slug: str) -> Answer:
    """First the kind, then place and reason."""
    return _form(request.args, {}, "")


@bp.post("/marks/new")
@guarded(anyone)
def create(slug: str) -> Answer:
    """Take a mark from the form; what was typed stays when something is wrong."""
    form: MultiDict[str, str] = MultiDict()
    try:
        open_upload(MOST_PHOTOS * images.MAX_BYTES)
        form = request.form
        photos = _photos(form)
        given = forms.mark_from_form(_with_help(form), _place(form))
        between = offered(given, form)
        if between is not None:
            return between
        made = take(given)
    except PlannerError as error:
        context.db().rollback()
        return _form(form, _beside(error), form.get("key", "")), error.status
    remember(made.receipt_code)
    _keep(made.mark.uuid, photos)
    return redirect(url_for("marks.thanks", slug=slug, receipt=made.receipt_code), 303)


mark_upload(create)


def _photos(form: MultiDict[str, str]) -> list[tuple[PhotoInput, Picture]]:
    """The chosen photos, decoded before anything is stored; the same form again names them the same."""
    files = [each for each in request.files.getlist("photos") if each.filename]
    most = settings_of(context.here()).photo_count
    if len(files) > most:
        raise Invalid("too_many_photos", fields={"photo": "too_many_photos"}, number=most)
    if not files:
        return []
    keeping.spend()
    key, is_public = forms.key_from(form.get("key")), form.get("public") == "1"
    return [_photo(key, file, is_public) for file in files]


def _photo(key: UUID, file: FileStorage, is_public: bool) -> tuple[PhotoInput, Picture]:
    with contextlib.closing(file):
        raw = file.read(images.MAX_BYTES + 1)
    digest = actions.digest_of(raw)
    given = PhotoInput(uuid5(key, digest.hex()), digest, is_public=is_public)
    return given, images.clean_picture(raw)


def _keep(mark: UUID, photos: list[tuple[PhotoInput, Picture]]) -> None:
    """Attach the photos; the mark is taken already, so a failure here is said and costs no words."""
    try:
        for given, picture in photos:
            keeping.keep(mark, given, picture)
    except PlannerError:
        context.db().rollback()
        flash(_("意见收到了，但照片没有保存下来。"), "warn")


def _with_help(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Words without a chosen reason go in as 请帮我归类: nobody has to know our classes."""
    if form.getlist("chips") or form.get("topic") or not form.get("reason", "").strip():
        return form
    helping = [
        chip["code"]
        for chip in chip_list(context.here().id)
        if chip["helps"] and chip["kind"] == form.get("kind")
    ]
    filled = MultiDict(form)
    filled.setlist("chips", helping[:1])
    return filled


def _beside(error: PlannerError) -> dict[str, str]:
    """Messages under the names of this form's fields."""
    found = errors.field_messages(error) or {"": errors.message(error.code, error.facts)}
    return {HOME.get(name, name): words for name, words in found.items()}


def _place(form: MultiDict[str, str]) -> dict[str, Any]:
    """The chosen place's geometry; a missing reason is named in the same answer."""
    wrong = _without_reason(form)
    for place in named_places(context.db(), context.here()):
        if form.get("place") == str(place.id) and not wrong:
            return to_geojson(to_geom(place.geom))
        if form.get("place") == str(place.id):
            raise Invalid(fields=wrong)
    raise Invalid(fields={"place": "place_missing", **wrong})


def _without_reason(form: MultiDict[str, str]) -> dict[str, str]:
    said = form.get("reason", "").strip()
    return {} if said or form.getlist("chips") else {"chips": "reason_missing"}


def _form(given: Any, wrong: dict[str, str], key: str) -> str:
    here = context.here()
    kind = given.get("kind") if given.get("kind") in tuple(MarkKind) else ""
    return render_template(
        "marks/new.html",
        given=given,
        chosen=given.getlist("chips"),
        kind=kind,
        chips=[chip for chip in chip_list(here.id) if chip["kind"] == kind],
        places=places_by_kind(here),
        labels=topic_labels(here.id),
        settings=settings_of(here),
        errors=wrong,
        key=key or str(uuid4()),
        closed=window_words(here),
    )
