"""Tables of accounts. Appointments are append-only: an end is a row of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.core.actor import Role, ScopeKind
from planner.core.db import Base, EnumText, one_of
from planner.core.geo import geometry
from planner.places.terms import AdminLevel, IssuingChain

from .terms import (
    AppointmentKind,
    ConsentKind,
    DesignerTier,
    Qualification,
    RemitArea,
    RemitTopic,
    UnitDuty,
)


class Person(Base):
    """Somebody with an account. `epoch` grows to end every session at once."""

    __tablename__ = "accounts_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    login: Mapped[str] = mapped_column(String(80))
    login_key: Mapped[str] = mapped_column(String(120), unique=True, doc="NFKC-casefolded login")
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Contact(Base):
    """Personal contact data, apart from everything that is kept for ever, erasable."""

    __tablename__ = "accounts_contact"

    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(200))


class SignIn(Base):
    """One session of a signed-in person; the cookie carries a token whose hash is stored here."""

    __tablename__ = "accounts_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    epoch: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiToken(Base):
    """A bearer token for scripts, scoped to its person's roles."""

    __tablename__ = "accounts_api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class FailedSignIn(Base):
    """One failed attempt for a name, recorded in its own transaction."""

    __tablename__ = "accounts_failed_sign_in"
    __table_args__ = (Index("ix_accounts_failed_sign_in_key", "login_digest", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]


class RoleGrant(Base):
    """(person, role, scope, from, until): one office may span several neighborhoods."""

    __tablename__ = "accounts_role_grant"
    __table_args__ = (
        one_of("role", Role),
        one_of("scope_kind", ScopeKind),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="span_forward"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    role: Mapped[Role] = mapped_column(EnumText(Role))
    scope_kind: Mapped[ScopeKind] = mapped_column(EnumText(ScopeKind))
    scope_id: Mapped[int]
    neighborhood_id: Mapped[int | None] = mapped_column(ForeignKey("places_neighborhood.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class HandlingUnit(Base):
    """主办单位: who is accountable for the formal reply. Its name is data, never code."""

    __tablename__ = "accounts_handling_unit"
    __table_args__ = (
        UniqueConstraint("neighborhood_id", "code", "community_id"),
        one_of("level", AdminLevel),
        one_of("issuing_chain", IssuingChain),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("places_community.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[AdminLevel] = mapped_column(EnumText(AdminLevel))
    issuing_chain: Mapped[IssuingChain] = mapped_column(
        EnumText(IssuingChain), default=IssuingChain.NONE
    )
    can_decide: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None]


class UnitMember(Base):
    """A person's duty in a unit's issuing chain for [starts_on, ends_on)."""

    __tablename__ = "accounts_unit_member"
    __table_args__ = (
        one_of("duty", UnitDuty),
        UniqueConstraint("unit_id", "person_id", "duty", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("accounts_handling_unit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    duty: Mapped[UnitDuty] = mapped_column(EnumText(UnitDuty))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class SeatNumber(Base):
    """How many seats a tier has; a change is a new row with its reason."""

    __tablename__ = "accounts_seat_number"
    __table_args__ = (
        one_of("tier", DesignerTier),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"), index=True)
    tier: Mapped[DesignerTier] = mapped_column(EnumText(DesignerTier))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime]


class Seat(Base):
    """席位 such as `street-3`: what is published and routed to, never the person."""

    __tablename__ = "accounts_seat"
    __table_args__ = (
        UniqueConstraint("neighborhood_id", "tier", "number"),
        one_of("tier", DesignerTier),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    tier: Mapped[DesignerTier] = mapped_column(EnumText(DesignerTier))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    appointments: Mapped[list[Appointment]] = relationship(
        back_populates="seat", order_by="Appointment.id"
    )
    remits: Mapped[list[Remit]] = relationship(back_populates="seat", order_by="Remit.id")

    @property
    def code(self) -> str:
        """Stable name inside the neighborhood, e.g. ``community-3``."""
        return f"{self.tier.value}-{self.number}"


class Remit(Base):
    """A seat's remit: topic set × area. `area_code` names a grid number, building, estate or community."""

    __tablename__ = "accounts_remit"
    __table_args__ = (one_of("topic_kind", RemitTopic), one_of("area_kind", RemitArea))

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("accounts_seat.id"), index=True)
    topic_kind: Mapped[RemitTopic] = mapped_column(EnumText(RemitTopic))
    topic_code: Mapped[str] = mapped_column(String(40), default="")
    area_kind: Mapped[RemitArea] = mapped_column(EnumText(RemitArea))
    area_code: Mapped[str] = mapped_column(String(60), default="")
    geom: Mapped[Any | None] = mapped_column(geometry("MULTIPOLYGON"))
    seat: Mapped[Seat] = relationship(back_populates="remits")


class Appointment(Base):
    """聘任: person, seat, from. Append-only; the end is an `AppointmentEnd`."""

    __tablename__ = "accounts_appointment"
    __table_args__ = (one_of("kind", AppointmentKind), one_of("qualification", Qualification))

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("accounts_seat.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    kind: Mapped[AppointmentKind] = mapped_column(EnumText(AppointmentKind))
    qualification: Mapped[Qualification] = mapped_column(EnumText(Qualification))
    starts_on: Mapped[date]
    planned_until: Mapped[date | None]
    appointed_by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    seat: Mapped[Seat] = relationship(back_populates="appointments")
    person: Mapped[Person] = relationship()
    end: Mapped[AppointmentEnd | None] = relationship(back_populates="appointment")


class AppointmentEnd(Base):
    """The end of one appointment on a date, with its reason; append-only."""

    __tablename__ = "accounts_appointment_end"

    appointment_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_appointment.id"), primary_key=True
    )
    ended_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    appointment: Mapped[Appointment] = relationship(back_populates="end")


class Absence(Base):
    """A holder is away for [starts_on, ends_on): the seat's substitute acts meanwhile.

    An early return only shortens the span; the row stays.
    """

    __tablename__ = "accounts_absence"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="span_forward"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("accounts_appointment.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    noted_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class Consent(Base):
    """One consent given or withdrawn, by account or by receipt hash; append-only."""

    __tablename__ = "accounts_consent"
    __table_args__ = (one_of("kind", ConsentKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_person.id"), index=True)
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    kind: Mapped[ConsentKind] = mapped_column(EnumText(ConsentKind))
    is_given: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
