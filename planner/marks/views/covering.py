"""A photo before the moderator: hide it, show it again, or cover a face or a number plate for good."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for

from planner.core import images, storage
from planner.core.errors import Invalid, PlannerError
from planner.marks import actions, forms, queries
from planner.marks.models import Mark, Photo
from planner.marks.policies import may_moderate
from planner.marks.rules import photo_name
from planner.web import context, errors
from planner.web.guards import guarded

from . import keeping
from .moderation import Answer, bp


@bp.get("/<code>/photos/<uuid:photo>")
@guarded(may_moderate)
def photo(slug: str, code: str, photo: UUID) -> Answer:
    """The photo large, with what can be done to it."""
    return _page(*_found(code, photo), {})


@bp.post("/<code>/photos/<uuid:photo>")
@guarded(may_moderate)
def change_photo(slug: str, code: str, photo: UUID) -> Answer:
    """Hide, show or cover; then back to the photo."""
    try:
        _change(code, photo, request.form.get("verb", ""))
    except PlannerError as error:
        context.db().rollback()
        wrong = errors.field_messages(error) or {"": errors.message(error.code, error.facts)}
        return _page(*_found(code, photo), wrong), error.status
    return redirect(url_for("moderation.photo", slug=slug, code=code, photo=photo), 303)


def _change(code: str, uuid: UUID, verb: str) -> None:
    if verb == "cover":
        _cover(code, uuid)
        return
    if verb not in ("hide", "show"):
        raise Invalid(fields={"verb": "not_a_choice"})
    mark, found = _found(code, uuid)
    actions.set_photo_shown(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        mark=mark,
        photo=found,
        is_shown=verb == "show",
    )
    context.commit()


def _cover(code: str, uuid: UUID) -> None:
    """Read, paint and write without a transaction; then put the covered picture in the photo's place."""
    boxes = forms.boxes_from(request.form)
    with context.services().database.read() as session:
        mark = queries.mark_by_code(session, context.actor(), context.here().id, code)
        seen = queries.photo_of(session, context.actor(), mark, uuid).key
    large = storage.get(keeping.store(), photo_name(seen or "", "large"))
    picture = images.covered_picture(large, boxes)
    key = keeping.written(picture)
    mark, found = _found(code, uuid)
    actions.cover_photo(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        mark=mark,
        photo=found,
        picture=picture,
        key=key,
        seen_key=seen,
    )
    context.commit()


def _found(code: str, uuid: UUID) -> tuple[Mark, Photo]:
    session, who = context.db(), context.actor()
    mark = queries.mark_by_code(session, who, context.here().id, code)
    return mark, queries.photo_of(session, who, mark, uuid)


def _page(mark: Mark, found: Photo, wrong: dict[str, str]) -> str:
    return render_template(
        "marks/photo.html",
        mark=mark,
        photo=found,
        errors=wrong,
        typed=request.form,
        most=forms.MOST_BOXES,
        active="queue",
    )
