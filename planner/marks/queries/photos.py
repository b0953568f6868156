"""Photos of marks for those who may see them, and files nobody shows any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from planner.core.actor import Actor
from planner.core.errors import NotFound

from ..models import LooseFile, Mark, Photo
from ..policies import may_see_photo
from ..terms import MarkStatus, PhotoStatus


def photos_of(
    session: Session, viewer: Actor, mark_ids: Sequence[int], *, most: int | None = None
) -> dict[int, list[Photo]]:
    """Mark id -> photos this viewer may see, in order, in two queries; `most` of each mark."""
    wanted = (
        select(Photo)
        .where(Photo.mark_id.in_(mark_ids), Photo.status != PhotoStatus.ERASED)
        .order_by(Photo.mark_id, Photo.position)
    )
    held = session.scalars(wanted).all() if mark_ids else []
    having = {photo.mark_id for photo in held}
    marks = {
        mark.id: mark
        for mark in session.scalars(
            select(Mark).where(Mark.id.in_(having)).options(joinedload(Mark.case))
        )
    }
    found: dict[int, list[Photo]] = {}
    for photo in held:
        own = found.setdefault(photo.mark_id, [])
        if may_see_photo(viewer, marks[photo.mark_id], photo) and (most is None or len(own) < most):
            own.append(photo)
    return found


def open_photos(session: Session, codes: Sequence[str]) -> dict[str, Photo]:
    """Code of a published mark -> the first of its photos that everybody may see."""
    wanted = (
        select(Mark.code, Photo)
        .join(Photo, Photo.mark_id == Mark.id)
        .where(
            Mark.code.in_(codes),
            Mark.status == MarkStatus.PUBLISHED,
            Photo.status == PhotoStatus.SHOWN,
            Photo.is_public,
        )
        .order_by(Photo.position.desc())
    )
    rows = session.execute(wanted) if codes else ()
    return {code: photo for code, photo in rows}


def photo_of(session: Session, viewer: Actor, mark: Mark, uuid: UUID) -> Photo:
    """One photo of a mark; NotFound also when the viewer may not know of it."""
    found = session.scalars(
        select(Photo).where(Photo.mark_id == mark.id, Photo.uuid == uuid)
    ).first()
    if found is None or not may_see_photo(viewer, mark, found):
        raise NotFound()
    return found


def mark_for_photo(session: Session, neighborhood_id: int, uuid: UUID) -> Mark:
    """The mark a photo is sent to, seen or not: `admit_photo` judges the sender by device or secret."""
    wanted = select(Mark).where(Mark.neighborhood_id == neighborhood_id, Mark.uuid == uuid)
    found = session.scalars(wanted.options(joinedload(Mark.case))).first()
    if found is None:
        raise NotFound()
    return found


def files_to_delete(session: Session, now: datetime, limit: int = 100) -> list[str]:
    """Keys of files whose time has come."""
    wanted = select(LooseFile.key).where(LooseFile.due_at <= now).order_by(LooseFile.due_at)
    return list(session.scalars(wanted.limit(limit)))
