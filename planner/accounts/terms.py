"""Words of the accounts room. Roles live in `core.actor`, below every guard."""

from __future__ import annotations

from enum import StrEnum


class DesignerTier(StrEnum):
    """The three tiers: overall plan, functional works, everyday matters."""

    TOTAL = "total"
    STREET = "street"
    COMMUNITY = "community"


DEFAULT_SEATS = {DesignerTier.TOTAL: 1, DesignerTier.STREET: 8, DesignerTier.COMMUNITY: 12}


class Qualification(StrEnum):
    """By what a person may hold a seat: each tier has its own."""

    PROFESSIONAL = "professional"
    DEPUTY_OR_DELEGATE = "deputy_or_delegate"
    RESIDENT = "resident"


QUALIFIES = {
    DesignerTier.TOTAL: Qualification.PROFESSIONAL,
    DesignerTier.STREET: Qualification.DEPUTY_OR_DELEGATE,
    DesignerTier.COMMUNITY: Qualification.RESIDENT,
}


class AppointmentKind(StrEnum):
    """Holder of the seat, or the substitute who stands in while the holder is away."""

    HOLDER = "holder"
    SUBSTITUTE = "substitute"


class RemitArea(StrEnum):
    """How a remit's area is given; listed from the most to the least precise (DECISIONS 22)."""

    GEOMETRY = "geometry"
    BUILDING = "building"
    ESTATE = "estate"
    GRID = "grid"
    COMMUNITY = "community"
    WHOLE = "whole"


class RemitTopic(StrEnum):
    """How a remit's topics are given; from the most to the least precise."""

    TOPIC = "topic"
    GROUP = "group"
    PUBLIC_TOPIC = "public_topic"
    ANY = "any"


class UnitDuty(StrEnum):
    """What a member does in a handling unit's issuing chain: 拟稿, 审核, 签发."""

    DRAFT = "draft"
    CHECK = "check"
    ISSUE = "issue"


class ConsentKind(StrEnum):
    """Separate, un-ticked consents."""

    SHOW_PHOTO = "show_photo"
    SHOW_NICKNAME = "show_nickname"
    CONTACT = "contact"
    AGE_BAND = "age_band"
