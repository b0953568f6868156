"""Tables of what may be chosen and where it goes: the catalogue and the rules, both in versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.accounts.terms import DesignerTier, RemitArea, RemitTopic
from planner.core.db import Base, EnumText, one_of

from ..terms import Handling, MarkKind, RuleSetState, Scale


class Catalogue(Base):
    """协商目录: two-level list of topics; one may serve several neighborhoods."""

    __tablename__ = "routing_catalogue"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=0)


class CatalogueVersion(Base):
    """One import of a catalogue."""

    __tablename__ = "routing_catalogue_version"
    __table_args__ = (UniqueConstraint("catalogue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("routing_catalogue.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    imported_at: Mapped[datetime]


class CatalogueUse(Base):
    """Which catalogue a neighborhood uses."""

    __tablename__ = "routing_catalogue_use"

    neighborhood_id: Mapped[int] = mapped_column(
        ForeignKey("places_neighborhood.id"), primary_key=True
    )
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("routing_catalogue.id"))


class PublicTopic(Base):
    """One of at most twelve plain topics residents see. Retired ones keep `until_version`."""

    __tablename__ = "routing_public_topic"
    __table_args__ = (
        UniqueConstraint("catalogue_id", "code", "since_version"),
        one_of("tier", DesignerTier),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("routing_catalogue.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(60))
    label_en: Mapped[str] = mapped_column(String(80), default="")
    tier: Mapped[DesignerTier] = mapped_column(EnumText(DesignerTier))
    position: Mapped[int]
    icon: Mapped[str] = mapped_column(String(40), default="")
    since_version: Mapped[int]
    until_version: Mapped[int | None]


class Topic(Base):
    """条目 of the catalogue. A retired one stays on old matters and cannot be chosen anew."""

    __tablename__ = "routing_topic"
    __table_args__ = (
        UniqueConstraint("catalogue_id", "code", "since_version"),
        one_of("tier", DesignerTier),
        one_of("handling", Handling),
        CheckConstraint("opinion_days > 0 AND reply_days > 0", name="days_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("routing_catalogue.id"))
    code: Mapped[str] = mapped_column(String(40))
    group_code: Mapped[str] = mapped_column(String(40))
    group_name: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    tier: Mapped[DesignerTier] = mapped_column(EnumText(DesignerTier))
    handling: Mapped[Handling] = mapped_column(EnumText(Handling))
    public_topic_code: Mapped[str] = mapped_column(String(40))
    is_statutory: Mapped[bool] = mapped_column(default=False)
    default_unit: Mapped[str] = mapped_column(String(40), default="")
    opinion_days: Mapped[int]
    reply_days: Mapped[int]
    since_version: Mapped[int]
    until_version: Mapped[int | None]


class Chip(Base):
    """A ready reason: one chip fixes the topic and counts as the concrete reason."""

    __tablename__ = "routing_chip"
    __table_args__ = (
        UniqueConstraint("catalogue_id", "code", "since_version"),
        one_of("kind", MarkKind),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("routing_catalogue.id"))
    code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[MarkKind] = mapped_column(EnumText(MarkKind))
    public_topic_code: Mapped[str] = mapped_column(String(40))
    topic_code: Mapped[str | None] = mapped_column(String(40), doc="NULL: 请帮我归类")
    text: Mapped[str] = mapped_column(String(60))
    text_en: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int]
    since_version: Mapped[int]
    until_version: Mapped[int | None]


class RoutingRuleSet(Base):
    """One version of a neighborhood's rules; cases name the version that routed them."""

    __tablename__ = "routing_rule_set"
    __table_args__ = (UniqueConstraint("neighborhood_id", "version"), one_of("state", RuleSetState))

    id: Mapped[int] = mapped_column(primary_key=True)
    neighborhood_id: Mapped[int] = mapped_column(ForeignKey("places_neighborhood.id"))
    version: Mapped[int]
    state: Mapped[RuleSetState] = mapped_column(EnumText(RuleSetState))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    rules: Mapped[list[RoutingRule]] = relationship(
        back_populates="rule_set", order_by="RoutingRule.number"
    )


class RoutingRule(Base):
    """topic × place × scale → tier → seat and handling unit (precedence: decision 0004)."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        UniqueConstraint("rule_set_id", "number"),
        one_of("topic_kind", RemitTopic),
        one_of("area_kind", RemitArea),
        one_of("scale", Scale),
        one_of("tier", DesignerTier),
        one_of("assist_tier", DesignerTier),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("routing_rule_set.id"))
    number: Mapped[int]
    topic_kind: Mapped[RemitTopic] = mapped_column(EnumText(RemitTopic))
    topic_code: Mapped[str] = mapped_column(String(40), default="")
    area_kind: Mapped[RemitArea] = mapped_column(EnumText(RemitArea), default=RemitArea.WHOLE)
    area_code: Mapped[str] = mapped_column(String(60), default="")
    scale: Mapped[Scale | None] = mapped_column(EnumText(Scale))
    tier: Mapped[DesignerTier] = mapped_column(EnumText(DesignerTier))
    seat_number: Mapped[int | None]
    unit_code: Mapped[str] = mapped_column(
        String(40), default="", doc="empty: the topic's default unit"
    )
    assist_tier: Mapped[DesignerTier | None] = mapped_column(EnumText(DesignerTier))
    note: Mapped[str] = mapped_column(String(240), default="")
    rule_set: Mapped[RoutingRuleSet] = relationship(back_populates="rules")
