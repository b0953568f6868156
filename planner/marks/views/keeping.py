"""How a photo gets into the house by either door, and the addresses under which it is seen.

Judged first, decoded without any transaction, written to the store under an announced key, then attached.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy.exc import IntegrityError

from planner.core import storage
from planner.core.errors import Conflict
from planner.core.images import Picture
from planner.core.limits import Limit
from planner.core.storage import Store
from planner.marks import actions, queries
from planner.marks.actions import PhotoInput
from planner.marks.models import Mark, Photo
from planner.marks.rules import SIZES, photo_name
from planner.web import context

PER_DEVICE = Limit("photo-device", 200, 600)
PER_ADDRESS = Limit("photo-address", 8_000, 600)


def spend() -> None:
    """Count one upload against the device and the address."""
    device = context.actor().device
    own = [(PER_DEVICE, device)] if device else []
    context.spend(*own, (PER_ADDRESS, request.remote_addr or "none"))


def store() -> Store:
    """Where this installation keeps photos."""
    return storage.open_store(context.services().settings.storage_url)


def taken_already(mark_uuid: UUID, given: PhotoInput) -> Photo | None:
    """Judge sender and room before the file is decoded; gives the photo when it is here."""
    with context.services().database.read() as session:
        mark = queries.mark_for_photo(session, context.here().id, mark_uuid)
        return actions.admit_photo(session, actor=context.actor(), mark=mark, given=given)


def keep(mark_uuid: UUID, given: PhotoInput, picture: Picture) -> tuple[Photo, bool]:
    """Write a decoded photo and attach it; whether it is new. A race for its UUID is read again."""
    key = written(picture)
    try:
        made = _attach(mark_uuid, given, picture, key)
    except IntegrityError:
        context.db().rollback()
        try:
            made = _attach(mark_uuid, given, picture, key)
        except IntegrityError as error:
            raise Conflict("photo_differs") from error
    return made, made.key == key


def _attach(mark_uuid: UUID, given: PhotoInput, picture: Picture, key: str) -> Photo:
    session = context.db()
    made = actions.add_photo(
        session,
        actor=context.actor(),
        now=context.now(),
        mark=queries.mark_for_photo(session, context.here().id, mark_uuid),
        given=given,
        picture=picture,
        key=key,
    )
    context.commit()
    return made


def written(picture: Picture) -> str:
    """Write both sizes under a new key, which is noted as loose before; the key."""
    with context.services().database.write() as session:
        key = actions.announce_files(session, now=context.now())
    put(store(), key, picture)
    return key


def put(place: Store, key: str, picture: Picture) -> None:
    """Both sizes under their names."""
    storage.put(place, photo_name(key, "large"), picture.large)
    storage.put(place, photo_name(key, "small"), picture.small)


def addresses(photo: Photo, code: str) -> dict[str, str]:
    """Id and addresses of a photo of the mark with this code."""
    slug = context.here().slug
    made = {
        size: url_for("marks.picture", slug=slug, code=code, photo=photo.uuid, size=size)
        for size in SIZES
    }
    return {"id": str(photo.uuid), **made}


def seen_addresses(rows: Sequence[Any]) -> dict[int, list[dict[str, str]]]:
    """Mark id -> addresses of the photos this reader may see, for rows of `queries.marks`."""
    found = queries.photos_of(context.db(), context.actor(), [row.id for row in rows])
    return {row.id: [addresses(each, row.code) for each in found.get(row.id, [])] for row in rows}


def seen_of(mark: Mark) -> list[Photo]:
    """The photos of one mark that this reader may see."""
    return queries.photos_of(context.db(), context.actor(), [mark.id]).get(mark.id, [])
