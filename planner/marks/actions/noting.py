"""The audit row of each verb on a mark: codes and states as facts, words only as digests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor

from ..models import Mark


def note(
    session: Session,
    actor: Actor,
    now: datetime,
    mark: Mark,
    verb: str,
    *,
    facts: Mapping[str, Any] | None = None,
    words: str | None = None,
) -> None:
    """Record a verb with the mark's publication state; `words` leave a salted digest only."""
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="mark",
        subject_id=mark.uuid,
        neighborhood_id=mark.neighborhood_id,
        facts={"status": mark.status.value, **(facts or {})},
        personal={"words": words},
    )
