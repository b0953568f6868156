"""Photos: sent by the API, seen under the rights of their mark in every size, deleted by their author."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from planner.core import images, storage
from planner.core.errors import BadRequest, NotFound
from planner.core.policies import anyone
from planner.marks import actions, queries
from planner.marks.actions import PhotoInput
from planner.marks.models import Photo
from planner.marks.policies import is_open_to_all
from planner.marks.rules import SIZES, photo_name
from planner.web import context
from planner.web.guards import guarded
from planner.web.i18n import gettext as _
from planner.web.security import IMAGE_TYPES, mark_upload, open_body

from . import keeping
from .api import bp as api
from .api import json_answer
from .blueprint import bp

SECRET_LENGTH = 100


@api.put("/<slug>/marks/<uuid:uuid>/photos/<uuid:photo>")
@guarded(anyone)
def put(slug: str, uuid: UUID, photo: UUID) -> Response:
    """Send one photo of one's own mark: 201 the first time, 200 for the same file again."""
    if request.mimetype not in IMAGE_TYPES:
        raise BadRequest("content_type")
    keeping.spend()
    raw = open_body(images.MAX_BYTES)
    given = PhotoInput(
        uuid=photo,
        digest=actions.digest_of(raw),
        is_public=request.args.get("public") == "1",
        secret=request.headers.get("Planner-Secret", "")[:SECRET_LENGTH] or None,
    )
    made, is_new = keeping.taken_already(uuid, given), False
    if made is None:
        made, is_new = keeping.keep(uuid, given, images.clean_picture(raw))
    return json_answer(_sent(uuid, made), 201 if is_new else 200)


mark_upload(put)


def _sent(mark_uuid: UUID, photo: Photo) -> dict[str, str | int]:
    with context.services().database.read() as session:
        mark = queries.mark_for_photo(session, context.here().id, mark_uuid)
        return {
            **keeping.addresses(photo, mark.code),
            "width": photo.width,
            "height": photo.height,
        }


@bp.get("/marks/<code>/photos/<uuid:photo>/<size>.jpg")
@guarded(anyone)
def picture(slug: str, code: str, photo: UUID, size: str) -> Response:
    """One size of a photo; 404 also when the reader may not know of it."""
    session, who = context.db(), context.actor()
    mark = queries.mark_by_code(session, who, context.here().id, code)
    found = queries.photo_of(session, who, mark, photo)
    if size not in SIZES or found.key is None:
        raise NotFound()
    answer = Response(mimetype="image/jpeg")
    if is_open_to_all(mark, found):
        # Asked again each time: hidden or covered a moment ago, it must be gone.
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.set_etag(f"{found.key[:12]}-{size}")
        answer.make_conditional(request)
    if answer.status_code != 304:
        answer.set_data(storage.get(keeping.store(), photo_name(found.key, size)))
    return answer


@bp.post("/marks/<code>/photos/<uuid:photo>/erase")
@guarded(anyone)
def erase_photo(slug: str, code: str, photo: UUID) -> Redirect:
    """The author deletes one photo."""
    session, who = context.db(), context.actor()
    mark = queries.mark_by_code(session, who, context.here().id, code)
    found = queries.photo_of(session, who, mark, photo)
    actions.erase_photo(session, actor=who, now=context.now(), mark=mark, photo=found)
    context.commit()
    flash(_("照片已删除，不能恢复。"))
    return redirect(url_for("marks.show", slug=slug, code=code), 303)
