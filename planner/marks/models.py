"""Tables of marks. Words and everything personal live apart (`Wording`), so that they can be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.core.db import Base, EnumText, one_of
from planner.core.geo import geometry
from planner.places.models import Building, Community, GridCell
from planner.routing.models import Case, Chip
from planner.routing.terms import MarkKind

from .terms import Channel, MarkStatus, MarkVerb, PhotoStatus, PinOrigin


class Mark(Base):
    """One resident's opinion about a place.

    `lon`, `lat`: a representative point in WGS84 for lists and cells. `device_hash`, `secret_hash` and
    `receipt_hash` prove ownership without naming anybody; `body_hash` recognises a replay.
    `grid_is_chosen`: near a border the sender named the grid cell, which is then not the nearest one.
    """

    __tablename__ = "marks_mark"
    __table_args__ = (
        one_of("kind", MarkKind),
        one_of("status", MarkStatus),
        one_of("channel", Channel),
        one_of("pin_origin", PinOrigin),
        Index("ix_marks_mark_public", "neighborhood_id", "status", "id"),
        Index("ix_marks_mark_case", "case_id"),
        Index("ix_marks_mark_device", "device_hash"),
        UniqueConstraint("neighborhood_id", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"))
    kind: Mapped[MarkKind] = mapped_column(EnumText(MarkKind))
    status: Mapped[MarkStatus] = mapped_column(EnumText(MarkStatus), default=MarkStatus.RECEIVED)
    public_topic_code: Mapped[str] = mapped_column(String(40))
    topic_code: Mapped[str | None] = mapped_column(String(40))
    geom: Mapped[Any] = mapped_column(geometry("GEOMETRY"))
    lon: Mapped[float]
    lat: Mapped[float]
    place_name: Mapped[str] = mapped_column(String(120), default="")
    grid_cell_id: Mapped[int | None] = mapped_column(ForeignKey("places_grid_cell.id"), index=True)
    grid_is_chosen: Mapped[bool] = mapped_column(default=False)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("places_community.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("places_building.id"))
    in_tolerance_strip: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel] = mapped_column(EnumText(Channel))
    pin_origin: Mapped[PinOrigin] = mapped_column(EnumText(PinOrigin))
    poster_point_id: Mapped[int | None] = mapped_column(ForeignKey("places_poster_point.id"))
    declared_datum: Mapped[str] = mapped_column(String(24), default="wgs84")
    external_id: Mapped[str | None] = mapped_column(String(80))
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    entered_by: Mapped[str | None] = mapped_column(String(40))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    triaged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    wording: Mapped[Wording | None] = relationship(back_populates="mark")
    additions: Mapped[list[Addition]] = relationship(back_populates="mark", order_by="Addition.id")
    chips: Mapped[list[Chip]] = relationship(
        secondary="marks_mark_chip", order_by="MarkChip.position"
    )
    case: Mapped[Case] = relationship()
    grid_cell: Mapped[GridCell | None] = relationship()
    community: Mapped[Community | None] = relationship()
    building: Mapped[Building | None] = relationship()


class Wording(Base):
    """The resident's words as shown, and as first written when they were redacted. Erasable."""

    __tablename__ = "marks_wording"

    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Text)
    redacted_at: Mapped[datetime | None]
    mark: Mapped[Mark] = relationship(back_populates="wording")


class MarkChip(Base):
    """Chips chosen for a mark; the first one routes."""

    __tablename__ = "marks_mark_chip"

    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"), primary_key=True)
    chip_id: Mapped[int] = mapped_column(ForeignKey("routing_chip.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Addition(Base):
    """What the author added after the first staff act, as shown and as first written. Erasable."""

    __tablename__ = "marks_addition"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    mark: Mapped[Mark] = relationship(back_populates="additions")


class Endorsement(Base):
    """Somebody says the same: once per mark and device, and once per signed-in person. Taken back = gone.

    `device_hash` and `person_id` only keep the count honest; no output holds them.
    """

    __tablename__ = "marks_endorsement"
    __table_args__ = (
        UniqueConstraint("mark_id", "device_hash"),
        UniqueConstraint("mark_id", "person_id"),
        CheckConstraint("device_hash IS NOT NULL OR person_id IS NOT NULL", name="somebody"),
        Index("ix_marks_endorsement_device", "device_hash"),
        Index("ix_marks_endorsement_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"))
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_person.id"))
    at: Mapped[datetime]


class Photo(Base):
    """One photo of a mark, kept in two sizes under `key` without any metadata. Erasable.

    `width`, `height`: pixels of the large size. `digest`: SHA-256 of the file as sent, which recognises a
    replay. `is_public`: its author agreed that everybody may see it. Erased: key and digest are gone.
    """

    __tablename__ = "marks_photo"
    __table_args__ = (one_of("status", PhotoStatus), UniqueConstraint("mark_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"))
    position: Mapped[int]
    key: Mapped[str | None] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    status: Mapped[PhotoStatus] = mapped_column(EnumText(PhotoStatus))
    is_public: Mapped[bool]
    covered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LooseFile(Base):
    """Files under a key that no photo names: not yet, or no longer. The worker deletes them from `due_at` on.

    A key is noted here before its files are written and again when its photo lets go of it, so at no moment
    do files lie in the store that no row knows of.
    """

    __tablename__ = "marks_loose_file"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)


class PlaceTag(Base):
    """Which grid cell and building a mark carried, from when until when; redrawing grids adds a row."""

    __tablename__ = "marks_place_tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"), index=True)
    grid_cell_id: Mapped[int | None] = mapped_column(ForeignKey("places_grid_cell.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("places_building.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Moderation(Base):
    """One act on a mark's publication with its reason; append-only."""

    __tablename__ = "marks_moderation"
    __table_args__ = (one_of("verb", MarkVerb),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks_mark.id"), index=True)
    verb: Mapped[MarkVerb] = mapped_column(EnumText(MarkVerb))
    from_status: Mapped[str] = mapped_column(String(32))
    to_status: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_ref: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class ErasedMark(Base):
    """A mark deleted by its author: its UUID stays taken, so a replay answers 410 and nothing returns.

    `receipt_hash` lets the receipt say so too; the row of the mark itself no longer carries it.
    """

    __tablename__ = "marks_erased_mark"

    uuid: Mapped[UUID] = mapped_column(primary_key=True)
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    erased_at: Mapped[datetime]


class MarkImport(Base):
    """One import of a file of marks: mapping, datum, and how many rows were taken or already known."""

    __tablename__ = "marks_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    filename: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    declared_datum: Mapped[str] = mapped_column(String(24))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken: Mapped[int]
    known: Mapped[int]
    actor_ref: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
