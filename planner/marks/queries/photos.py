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
    """Mark id -> photos this viewer may see, in order, in one query; `most` of each mark."""
    found: dict[int, list[Photo]] = {}
    if not mark_ids:
        return found
    rows = session.execute(
        select(Photo, Mark)
        .join(Mark, Mark.id == Photo.mark_id)
        .where(Photo.mark_id.in_(mark_ids), Photo.status != PhotoStatus.ERASED)
        .options(joinedload(Mark.case))
        .order_by(Photo.mark_id, Photo.position)
    )
    for photo, mark in rows:
        own = found.setdefault(mark.id, [])
        if may_see_photo(viewer, mark, photo) and (most is None or len(own) < most):
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
