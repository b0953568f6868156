"""Tables of cases with everything said about them; what was said is only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.accounts.models import HandlingUnit, Seat
from planner.accounts.terms import DesignerTier, UnitDuty
from planner.core.db import Base, EnumText, one_of
from planner.core.geo import geometry
from planner.places.terms import IssuingChain

from ..terms import (
    CaseState,
    CaseVerb,
    EvidenceKind,
    Handling,
    LoopStage,
    Outcome,
    Scale,
    SignatureMove,
)
from .catalogue import RoutingRuleSet, Topic


class Case(Base):
    """事项: what is routed, answered and followed up. Keeps title, excerpt and geometry of its subject.

    `rule_version`, `rule_number`, `explanation` (code + parameters) and due dates are a snapshot of the
    moment of routing. `is_clocked` is false for praise, which is thanked and not timed.
    """

    __tablename__ = "routing_case"
    __table_args__ = (
        one_of("state", CaseState),
        one_of("stage", LoopStage),
        one_of("scale", Scale),
        one_of("handling", Handling),
        one_of("tier", DesignerTier),
        Index("ix_routing_case_seat", "seat_id", "state"),
        Index("ix_routing_case_unit", "unit_id", "state"),
        Index("ix_routing_case_board", "neighborhood_id", "state", "reply_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    subject_kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    excerpt: Mapped[str] = mapped_column(String(240), default="")
    geom: Mapped[Any] = mapped_column(geometry("GEOMETRY"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("routing_topic.id"))
    public_topic_code: Mapped[str] = mapped_column(String(40))
    handling: Mapped[Handling] = mapped_column(EnumText(Handling))
    scale: Mapped[Scale] = mapped_column(EnumText(Scale))
    grid_cell_id: Mapped[int | None] = mapped_column(ForeignKey("places_grid_cell.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("places_community.id"))
    estate_id: Mapped[int | None] = mapped_column(ForeignKey("places_estate.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("places_building.id"))
    tier: Mapped[DesignerTier] = mapped_column(EnumText(DesignerTier))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_seat.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_handling_unit.id"))
    rule_set_id: Mapped[int | None] = mapped_column(ForeignKey("routing_rule_set.id"))
    rule_number: Mapped[int | None]
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_clocked: Mapped[bool]
    opinion_due_at: Mapped[datetime | None]
    reply_due_at: Mapped[datetime | None]
    due_is_provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CaseState] = mapped_column(EnumText(CaseState), default=CaseState.OPEN)
    stage: Mapped[LoopStage] = mapped_column(EnumText(LoopStage), default=LoopStage.CONSULT)
    is_public: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    seat: Mapped[Seat | None] = relationship()
    unit: Mapped[HandlingUnit | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    rule_set: Mapped[RoutingRuleSet | None] = relationship()
    steps: Mapped[list[CaseStep]] = relationship(back_populates="case", order_by="CaseStep.id")
    opinions: Mapped[list[Opinion]] = relationship(back_populates="case", order_by="Opinion.id")
    drafts: Mapped[list[ReplyDraft]] = relationship(back_populates="case", order_by="ReplyDraft.id")
    replies: Mapped[list[Reply]] = relationship(back_populates="case", order_by="Reply.id")
    assists: Mapped[list[CaseAssist]] = relationship(
        back_populates="case", order_by="CaseAssist.id"
    )


class CaseStep(Base):
    """One use of a verb: actor, time, reason, evidence, holder before and after. Append-only."""

    __tablename__ = "routing_case_step"
    __table_args__ = (one_of("verb", CaseVerb),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"), index=True)
    verb: Mapped[CaseVerb] = mapped_column(EnumText(CaseVerb))
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    actor_ref: Mapped[str] = mapped_column(String(40))
    acting_seat_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_seat.id"))
    acting_unit_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_handling_unit.id"))
    seat_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_seat.id"), doc="holder afterwards"
    )
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_handling_unit.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]
    case: Mapped[Case] = relationship(back_populates="steps")


class CaseAssist(Base):
    """协办: a seat or unit that helps, without becoming the holder."""

    __tablename__ = "routing_case_assist"
    __table_args__ = (CheckConstraint("(seat_id IS NULL) <> (unit_id IS NULL)", name="one_helper"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"), index=True)
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_seat.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_handling_unit.id"))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    case: Mapped[Case] = relationship(back_populates="assists")


class Opinion(Base):
    """设计师意见: a seat's advice with public reason. Never changed; a changed mind names the old one."""

    __tablename__ = "routing_opinion"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("length(reason) >= 4", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("accounts_seat.id"))
    outcome: Mapped[Outcome] = mapped_column(EnumText(Outcome))
    reason: Mapped[str] = mapped_column(Text)
    passed_on_to: Mapped[str] = mapped_column(String(120), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("routing_opinion.id"), unique=True)
    actor_ref: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]
    case: Mapped[Case] = relationship(back_populates="opinions")
    seat: Mapped[Seat] = relationship()


class ReplyDraft(Base):
    """A formal reply on its way through the issuing chain; never public. `awaits` is the next duty."""

    __tablename__ = "routing_reply_draft"
    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("awaits", UnitDuty),
        one_of("chain", IssuingChain),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("accounts_handling_unit.id"))
    chain: Mapped[IssuingChain] = mapped_column(EnumText(IssuingChain))
    outcome: Mapped[Outcome] = mapped_column(EnumText(Outcome))
    body: Mapped[str] = mapped_column(Text)
    passed_on_to: Mapped[str] = mapped_column(String(120), default="")
    awaits: Mapped[UnitDuty | None] = mapped_column(EnumText(UnitDuty))
    drafted_by: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    case: Mapped[Case] = relationship(back_populates="drafts")
    unit: Mapped[HandlingUnit] = relationship()
    signatures: Mapped[list[ReplySignature]] = relationship(
        back_populates="draft", order_by="ReplySignature.id"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReplySignature(Base):
    """One signer's move on a draft; append-only."""

    __tablename__ = "routing_reply_signature"
    __table_args__ = (one_of("duty", UnitDuty), one_of("move", SignatureMove))

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("routing_reply_draft.id"), index=True)
    duty: Mapped[UnitDuty] = mapped_column(EnumText(UnitDuty))
    move: Mapped[SignatureMove] = mapped_column(EnumText(SignatureMove))
    body_digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the text that was signed")
    note: Mapped[str] = mapped_column(Text, default="")
    actor_ref: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    draft: Mapped[ReplyDraft] = relationship(back_populates="signatures")


class Reply(Base):
    """正式答复 as issued, with 落款. Never changed; a new one names the old."""

    __tablename__ = "routing_reply"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("length(body) >= 4", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("accounts_handling_unit.id"))
    draft_id: Mapped[int] = mapped_column(ForeignKey("routing_reply_draft.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(EnumText(Outcome))
    body: Mapped[str] = mapped_column(Text)
    passed_on_to: Mapped[str] = mapped_column(String(120), default="")
    signed_as: Mapped[str] = mapped_column(String(120))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("routing_reply.id"), unique=True)
    issued_at: Mapped[datetime]
    case: Mapped[Case] = relationship(back_populates="replies")
    unit: Mapped[HandlingUnit] = relationship()
    draft: Mapped[ReplyDraft] = relationship()


class CaseEvidence(Base):
    """What a room above proved about a case (a held consultation, a reasoned waiver). Append-only."""

    __tablename__ = "routing_case_evidence"
    __table_args__ = (
        one_of("kind", EvidenceKind),
        UniqueConstraint("case_id", "kind", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("routing_case.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(EnumText(EvidenceKind))
    reference: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_ref: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
