"""Photos of a mark: taken once, hidden, covered, erased. Decoding and files lie with the caller.

Order of things: a key is noted as loose, its files are written, then the photo's row takes the key. When a
photo lets go of a key, the row goes first and the worker deletes the files after the commit. So a row never
names a missing file, and whatever breaks in between leaves only files the worker knows to delete.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from planner.core.actor import Actor, ActorKind
from planner.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from planner.core.images import Picture
from planner.places.models import Neighborhood
from planner.places.queries import settings_of

from ..models import LooseFile, Mark, Photo
from ..policies import owns, sees_all
from ..terms import MarkStatus, PhotoStatus
from .creating import secret_digest
from .moderating import back_to_review
from .noting import note

WRITING_TAKES = timedelta(hours=1)
"""Files that no photo has taken over by then belong to a request that died."""


@dataclass(frozen=True, slots=True)
class PhotoInput:
    """A photo as sent. `digest`: SHA-256 of the file; `secret`: what was sent with the mark."""

    uuid: UUID
    digest: bytes
    is_public: bool = False
    secret: str | None = None


def digest_of(raw: bytes) -> bytes:
    """What recognises the same file."""
    return hashlib.sha256(raw).digest()


def announce_files(session: Session, *, now: datetime) -> str:
    """A new random key, noted as loose; commit before writing files under it."""
    key = secrets.token_hex(16)
    session.add(LooseFile(key=key, due_at=now + WRITING_TAKES))
    session.flush()
    return key


def admit_photo(session: Session, *, actor: Actor, mark: Mark, given: PhotoInput) -> Photo | None:
    """Judge a photo before it is decoded; gives it when the same file is here already.

    Raises:
        NotFound: the mark is not the sender's.
        Conflict: the UUID came with another file, or the mark was taken back.
        Invalid: the mark has as many photos as it may.
    """
    if actor.kind is not ActorKind.SYSTEM and not _is_author(actor, mark, given):
        raise NotFound()
    if mark.status is MarkStatus.WITHDRAWN:
        raise Conflict("nothing_to_edit")
    held = session.scalars(select(Photo).where(Photo.uuid == given.uuid)).first()
    if held is not None and (held.mark_id != mark.id or held.digest != given.digest):
        raise Conflict("photo_differs")
    if held is None:
        _check_room(session, mark)
    return held


def _is_author(actor: Actor, mark: Mark, given: PhotoInput) -> bool:
    by_secret = given.secret is not None and mark.secret_hash == secret_digest(given.secret)
    return by_secret or owns(actor, mark)


def _check_room(session: Session, mark: Mark) -> None:
    most = settings_of(session.get_one(Neighborhood, mark.neighborhood_id)).photo_count
    there = session.scalar(
        select(func.count()).where(Photo.mark_id == mark.id, Photo.status != PhotoStatus.ERASED)
    )
    if (there or 0) >= most:
        raise Invalid("too_many_photos", fields={"photo": "too_many_photos"}, number=most)


def add_photo(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    mark: Mark,
    given: PhotoInput,
    picture: Picture,
    key: str,
) -> Photo:
    """Attach a photo whose files lie under an announced key; the same one again is given as it is.

    A published mark goes back to review: nobody has looked at the photo yet.
    """
    session.execute(select(Mark.id).where(Mark.id == mark.id).with_for_update())
    session.refresh(mark)
    held = admit_photo(session, actor=actor, mark=mark, given=given)
    if held is not None:
        return held
    _take_over(session, key)
    last = session.scalar(select(func.max(Photo.position)).where(Photo.mark_id == mark.id))
    made = Photo(
        uuid=given.uuid,
        mark_id=mark.id,
        position=1 if last is None else last + 1,
        key=key,
        width=picture.width,
        height=picture.height,
        digest=given.digest,
        status=PhotoStatus.SHOWN,
        is_public=given.is_public,
        created_at=now,
    )
    session.add(made)
    _touch(mark)
    if mark.status is MarkStatus.PUBLISHED and _is_reviewed(session, mark):
        back_to_review(session, actor, now, mark)
    facts = {"photo": str(made.uuid), "is_public": made.is_public}
    note(session, actor, now, mark, "mark.add_photo", facts=facts)
    session.flush()
    return made


def _is_reviewed(session: Session, mark: Mark) -> bool:
    here = session.get_one(Neighborhood, mark.neighborhood_id)
    return settings_of(here).review_before_publication


def set_photo_shown(
    session: Session, *, actor: Actor, now: datetime, mark: Mark, photo: Photo, is_shown: bool
) -> Photo:
    """Hide a photo from everybody but its author and the office, or show it again."""
    _moderated(actor, mark, photo)
    photo.status = PhotoStatus.SHOWN if is_shown else PhotoStatus.HIDDEN
    verb = "mark.show_photo" if is_shown else "mark.hide_photo"
    note(session, actor, now, mark, verb, facts={"photo": str(photo.uuid)})
    session.flush()
    return photo


def cover_photo(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    mark: Mark,
    photo: Photo,
    picture: Picture,
    key: str,
    seen_key: str | None,
) -> Photo:
    """Put a covered picture in the photo's place; of the uncovered one nothing is kept.

    Raises:
        Conflict: somebody else covered the photo since `seen_key` was read.
    """
    session.refresh(photo, with_for_update=True)
    _moderated(actor, mark, photo)
    if photo.key != seen_key:
        raise Conflict()
    _take_over(session, key)
    _let_go(session, now, photo)
    photo.key, photo.width, photo.height = key, picture.width, picture.height
    photo.covered_at = now
    note(session, actor, now, mark, "mark.cover_photo", facts={"photo": str(photo.uuid)})
    session.flush()
    return photo


def erase_photo(session: Session, *, actor: Actor, now: datetime, mark: Mark, photo: Photo) -> None:
    """Delete one photo for good; its author's right."""
    if not owns(actor, mark) or photo.mark_id != mark.id:
        raise NotFound()
    _erase(session, now, photo)
    _touch(mark)
    note(session, actor, now, mark, "mark.erase_photo", facts={"photo": str(photo.uuid)})
    session.flush()


def erase_photos(session: Session, now: datetime, mark: Mark) -> None:
    """Delete all photos of a mark that is being erased."""
    for photo in session.scalars(select(Photo).where(Photo.mark_id == mark.id)):
        _erase(session, now, photo)


def forget_files(session: Session, *, keys: list[str]) -> None:
    """The files under these keys are deleted."""
    session.execute(delete(LooseFile).where(LooseFile.key.in_(keys)))


def _moderated(actor: Actor, mark: Mark, photo: Photo) -> None:
    if not sees_all(actor, mark.neighborhood_id):
        raise NotAllowed()
    if photo.mark_id != mark.id or photo.status is PhotoStatus.ERASED:
        raise NotFound()


def _take_over(session: Session, key: str) -> None:
    """The key is no longer loose; when the worker was faster, the sender tries again."""
    if not session.execute(delete(LooseFile).where(LooseFile.key == key)).rowcount:  # type: ignore[attr-defined]
        raise Unavailable(retry_after=1)


def _let_go(session: Session, now: datetime, photo: Photo) -> None:
    if photo.key is not None:
        session.add(LooseFile(key=photo.key, due_at=now))


def _erase(session: Session, now: datetime, photo: Photo) -> None:
    _let_go(session, now, photo)
    photo.key = photo.digest = None
    photo.status = PhotoStatus.ERASED


def _touch(mark: Mark) -> None:
    """A photo lies in a row of its own: without this, a moderator would publish what was never seen."""
    flag_modified(mark, "status")
