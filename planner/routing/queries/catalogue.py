"""What a neighborhood's people and staff may choose from today."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.accounts.terms import RemitTopic

from ..models import Catalogue, CatalogueUse, Chip, PublicTopic, Topic
from ..terms import MarkKind


def catalogue_of(session: Session, neighborhood_id: int) -> Catalogue | None:
    """The catalogue the neighborhood uses, or None while it has none."""
    wanted = (
        select(Catalogue)
        .join(CatalogueUse, CatalogueUse.catalogue_id == Catalogue.id)
        .where(CatalogueUse.neighborhood_id == neighborhood_id)
    )
    return session.scalars(wanted).first()


def public_topics(session: Session, neighborhood_id: int) -> list[PublicTopic]:
    """The plain topics in force, in their order."""
    wanted = (
        select(PublicTopic)
        .join(CatalogueUse, CatalogueUse.catalogue_id == PublicTopic.catalogue_id)
        .where(CatalogueUse.neighborhood_id == neighborhood_id, PublicTopic.until_version.is_(None))
        .order_by(PublicTopic.position, PublicTopic.id)
    )
    return list(session.scalars(wanted))


def public_topic_in_force(session: Session, neighborhood_id: int, code: str) -> PublicTopic | None:
    """One plain topic that may be chosen today."""
    wanted = (
        select(PublicTopic)
        .join(CatalogueUse, CatalogueUse.catalogue_id == PublicTopic.catalogue_id)
        .where(
            CatalogueUse.neighborhood_id == neighborhood_id,
            PublicTopic.until_version.is_(None),
            PublicTopic.code == code,
        )
    )
    return session.scalars(wanted).first()


def chips(session: Session, neighborhood_id: int, kind: MarkKind | None = None) -> list[Chip]:
    """The ready reasons in force, of one kind or of all, in their order."""
    wanted = (
        select(Chip)
        .join(CatalogueUse, CatalogueUse.catalogue_id == Chip.catalogue_id)
        .where(CatalogueUse.neighborhood_id == neighborhood_id, Chip.until_version.is_(None))
        .order_by(Chip.position, Chip.id)
    )
    if kind is not None:
        wanted = wanted.where(Chip.kind == kind)
    return list(session.scalars(wanted))


def topics(session: Session, neighborhood_id: int, words: str = "") -> list[Topic]:
    """条目 in force, by group; `words` narrows them to those whose code or names contain it."""
    wanted = (
        select(Topic)
        .join(CatalogueUse, CatalogueUse.catalogue_id == Topic.catalogue_id)
        .where(CatalogueUse.neighborhood_id == neighborhood_id, Topic.until_version.is_(None))
        .order_by(Topic.group_code, Topic.code)
    )
    if words:
        wanted = wanted.where(
            or_(
                Topic.name.icontains(words, autoescape=True),
                Topic.group_name.icontains(words, autoescape=True),
                Topic.code.icontains(words, autoescape=True),
            )
        )
    return list(session.scalars(wanted))


def topic_in_force(session: Session, neighborhood_id: int, code: str) -> Topic | None:
    """One 条目 that may be chosen today; a retired one is not found."""
    wanted = (
        select(Topic)
        .join(CatalogueUse, CatalogueUse.catalogue_id == Topic.catalogue_id)
        .where(
            CatalogueUse.neighborhood_id == neighborhood_id,
            Topic.until_version.is_(None),
            Topic.code == code,
        )
    )
    return session.scalars(wanted).first()


def known_codes(session: Session, neighborhood_id: int) -> dict[RemitTopic, set[str]]:
    """Codes that a rule may name today, per kind."""
    chosen = topics(session, neighborhood_id)
    return {
        RemitTopic.TOPIC: {topic.code for topic in chosen},
        RemitTopic.GROUP: {topic.group_code for topic in chosen},
        RemitTopic.PUBLIC_TOPIC: {topic.code for topic in public_topics(session, neighborhood_id)},
    }
