"""Bringing in a catalogue: a new version retires what is gone and keeps it for old matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import NotFound
from planner.places.models import Neighborhood

from ..models import Catalogue, CatalogueUse, CatalogueVersion, Chip, PublicTopic, Topic
from ..sheets import CatalogueSheet


def import_catalogue(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name: str,
    sheet: CatalogueSheet,
    note: str = "",
) -> CatalogueVersion:
    """Take a checked catalogue in as its next version; the same content again gives the same version."""
    held = _catalogue(session, code, name)
    newest = session.scalars(
        select(CatalogueVersion).filter_by(catalogue_id=held.id, number=held.version)
    ).first()
    if newest is not None and newest.digest == sheet.digest:
        return newest
    held.name, held.version = name or held.name, held.version + 1
    changes = {
        kind.__name__: _renew(session, kind, held, rows)
        for kind, rows in (
            (PublicTopic, sheet.public_topics),
            (Topic, sheet.topics),
            (Chip, sheet.chips),
        )
    }
    version = CatalogueVersion(
        catalogue_id=held.id, number=held.version, digest=sheet.digest, note=note, imported_at=now
    )
    session.add(version)
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="catalogue.import",
        subject_kind="catalogue",
        subject_id=code,
        facts={"version": held.version, "changed": changes},
    )
    session.flush()
    return version


def _catalogue(session: Session, code: str, name: str) -> Catalogue:
    wanted = select(Catalogue).filter_by(code=code).with_for_update()
    held = session.scalars(wanted).first()
    if held is None:
        held = Catalogue(code=code, name=name or code, version=0)
        session.add(held)
        session.flush()
    return held


def _renew(session: Session, kind: type[Any], held: Catalogue, rows: Iterable[Any]) -> int:
    """Retire rows that are gone or changed, add new ones; give the number of changes."""
    old = {
        row.code: row
        for row in session.scalars(
            select(kind).where(kind.catalogue_id == held.id, kind.until_version.is_(None))
        )
    }
    changed = 0
    for row in rows:
        values = asdict(row)
        before = old.pop(row.code, None)
        if before is not None and all(getattr(before, key) == values[key] for key in values):
            continue
        if before is not None:
            before.until_version = held.version
        session.add(kind(catalogue_id=held.id, since_version=held.version, **values))
        changed += 1
    for gone in old.values():
        gone.until_version = held.version
    return changed + len(old)


def use_catalogue(
    session: Session, *, actor: Actor, now: datetime, neighborhood: Neighborhood, code: str
) -> Catalogue:
    """Let a neighborhood choose from this catalogue from now on."""
    held = session.scalars(select(Catalogue).filter_by(code=code)).first()
    if held is None:
        raise NotFound("catalogue_not_found", name=code)
    use = session.get(CatalogueUse, neighborhood.id)
    if use is not None and use.catalogue_id == held.id:
        return held
    if use is None:
        session.add(CatalogueUse(neighborhood_id=neighborhood.id, catalogue_id=held.id))
    else:
        use.catalogue_id = held.id
    audit.record(
        session,
        actor=actor,
        now=now,
        verb="catalogue.use",
        subject_kind="catalogue",
        subject_id=code,
        neighborhood_id=neighborhood.id,
    )
    session.flush()
    return held
