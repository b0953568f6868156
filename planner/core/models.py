"""Tables of the ground floor."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

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
from sqlalchemy.orm import Mapped, mapped_column

from .db import Base, EnumText, one_of


class AuditEvent(Base):
    """Who did what to which thing, when. Holds field names and salted digests, never personal text."""

    __tablename__ = "core_audit_event"
    __table_args__ = (Index("ix_core_audit_event_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_ref: Mapped[str] = mapped_column(String(40))
    seat_code: Mapped[str | None] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    neighborhood_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digests: Mapped[dict[str, str]] = mapped_column(JSON)


class AuditSeal(Base):
    """One link of the installation's hash chain; appended by the sealer alone."""

    __tablename__ = "core_audit_seal"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audit_id: Mapped[int] = mapped_column(ForeignKey("core_audit_event.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class OutboxState(StrEnum):
    """Where a message to the outside stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(Base):
    """Something that leaves the house, written in the transaction of its cause."""

    __tablename__ = "core_outbox_message"
    __table_args__ = (
        one_of("state", OutboxState),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_core_outbox_message_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[OutboxState] = mapped_column(EnumText(OutboxState), default=OutboxState.WAITING)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    left_channels: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]


class WorkCalendarDay(Base):
    """One exceptional day of the official calendar: a rest day on a weekday or a make-up workday."""

    __tablename__ = "core_work_calendar_day"
    __table_args__ = (
        UniqueConstraint("version", "day"),
        CheckConstraint("status IN ('official', 'provisional')", name="status_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    day: Mapped[date]
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(120))


class WorkCalendarVersion(Base):
    """One import of the calendar; the newest is in force, older ones explain older due dates."""

    __tablename__ = "core_work_calendar_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    official_from: Mapped[date]
    official_until: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    imported_at: Mapped[datetime]


class LimitCount(Base):
    """How often a key (device, address, login name; hashed) did something in one window."""

    __tablename__ = "core_limit_count"
    __table_args__ = (Index("ix_core_limit_count_window", "window_start"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class Installation(Base):
    """This one installation, so that a festival laptop can be merged later."""

    __tablename__ = "core_installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    uuid: Mapped[UUID] = mapped_column(default=uuid4)
    created_at: Mapped[datetime]
    demo_day: Mapped[date | None]
