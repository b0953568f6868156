"""Photos as phones send them, with position and camera; and photos kept the real way."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import images, storage
from planner.core.actor import SYSTEM
from planner.core.db import Database
from planner.marks import actions
from planner.marks.actions import PhotoInput
from planner.marks.models import Mark, Photo
from planner.marks.rules import photo_name
from planner.marks.terms import MarkVerb
from tests.conftest import NOW
from tests.factories.places import make_named_place
from tests.factories.stage import SPOTS, Stage, make_stage
from tests.factories.web import set_clock

SECRET = "s" * 32
"""What a browser sends with its mark."""

SPY = b"SpyCam"
"""The camera's name: when it is found in a file, metadata survived."""


def exif(orientation: int = 1) -> bytes:
    """Camera, orientation and a position in Nanjing."""
    made = Image.Exif()
    made[0x010F] = SPY.decode()
    made[0x0112] = orientation
    place = made.get_ifd(0x8825)
    place[1], place[2] = "N", (32.0, 4.0, 12.0)
    place[3], place[4] = "E", (118.0, 45.0, 6.0)
    return made.tobytes()


def picture(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Blue above, red below."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (0, 0, size[0], size[1] // 2))
    return made


def photo_bytes(
    form: str = "JPEG", size: tuple[int, int] = (96, 64), orientation: int = 1, **over: Any
) -> bytes:
    """A photo with metadata in this format."""
    out = io.BytesIO()
    picture(size).save(out, form, exif=exif(orientation), **over)
    return out.getvalue()


def make_photo(
    session: Session, mark: Mark, place: str | Path, *, raw: bytes | None = None, **over: Any
) -> Photo:
    """A photo kept for a mark as the page does it, in the store at `place`; the session must be writing."""
    raw = raw or photo_bytes(size=(96, 64 + (mark.id or 0) % 7))
    clean = images.clean_picture(raw)
    key = actions.announce_files(session, now=NOW)
    for size, content in (("large", clean.large), ("small", clean.small)):
        storage.put(storage.open_store(str(place)), photo_name(key, size), content)
    given = PhotoInput(
        uuid=over.get("uuid", uuid4()),
        digest=actions.digest_of(raw),
        is_public=over.get("is_public", True),
    )
    return actions.add_photo(
        session, actor=SYSTEM, now=NOW, mark=mark, given=given, picture=clean, key=key
    )


def put_photo(
    client: Any,
    mark: UUID | str,
    photo: UUID | str,
    raw: bytes,
    *,
    public: bool = True,
    **headers: str,
) -> Any:
    """Send a photo to the API."""
    return client.put(
        f"/api/v1/neighborhoods/here/marks/{mark}/photos/{photo}{'?public=1' if public else ''}",
        data=raw,
        headers=headers,
        content_type=headers.pop("content_type", "image/jpeg"),
    )


def photo_stage(app: Flask, database: Database) -> Stage:
    """A stage with one named place, at the tests' usual instant."""
    set_clock(app)
    with database.write() as session:
        made = make_stage(session)
        make_named_place(session, made.here, "银杏里", *SPOTS[1])
        return made


def publish(database: Database, uuid: str, verb: MarkVerb = MarkVerb.PUBLISH) -> None:
    """Use a verb of publication on the mark with this UUID."""
    with database.write() as session:
        mark = session.scalars(select(Mark).where(Mark.uuid == UUID(uuid))).one()
        actions.moderate(session, actor=SYSTEM, now=NOW, mark=mark, verb=verb, reason="测试原因")


def stored(database: Database) -> list[Photo]:
    """Every photo's row."""
    with database.read() as session:
        return list(session.scalars(select(Photo).order_by(Photo.id)))


def files(place: Path) -> list[Path]:
    """Every photo's files under a data directory."""
    return sorted((place / "photos").rglob("*.jpg"))
