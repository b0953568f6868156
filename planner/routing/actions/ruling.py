"""Rule sets: drafted from a file, tried, put in force; an old one stays for the cases it routed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.core import audit
from planner.core.actor import Actor
from planner.core.errors import InvalidTransition
from planner.places.models import Neighborhood

from ..models import RoutingRule, RoutingRuleSet
from ..rules import RuleLine
from ..terms import RuleSetState


def draft_rules(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    neighborhood: Neighborhood,
    lines: Sequence[RuleLine],
    note: str = "",
) -> RoutingRuleSet:
    """Store checked rules as the next version, as a draft that routes nothing yet."""
    highest = session.scalar(
        select(func.max(RoutingRuleSet.version)).filter_by(neighborhood_id=neighborhood.id)
    )
    made = RoutingRuleSet(
        neighborhood_id=neighborhood.id,
        version=(highest or 0) + 1,
        state=RuleSetState.DRAFT,
        note=note,
        created_at=now,
        rules=[RoutingRule(**asdict(line)) for line in lines],
    )
    session.add(made)
    session.flush()
    _record(session, actor, now, made, "rules.draft")
    return made


def activate_rules(
    session: Session, *, actor: Actor, now: datetime, rule_set: RoutingRuleSet
) -> RoutingRuleSet:
    """Put a draft in force for new cases; cases already routed keep their snapshot."""
    if rule_set.state is RuleSetState.ACTIVE:
        return rule_set
    if rule_set.state is not RuleSetState.DRAFT:
        raise InvalidTransition("rules_retired")
    running = session.scalars(
        select(RoutingRuleSet)
        .filter_by(neighborhood_id=rule_set.neighborhood_id, state=RuleSetState.ACTIVE)
        .with_for_update()
    )
    for old in running:
        old.state = RuleSetState.RETIRED
    session.flush()
    rule_set.state, rule_set.activated_at = RuleSetState.ACTIVE, now
    _record(session, actor, now, rule_set, "rules.activate")
    return rule_set


def _record(
    session: Session, actor: Actor, now: datetime, rule_set: RoutingRuleSet, verb: str
) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        verb=verb,
        subject_kind="rule_set",
        subject_id=f"{rule_set.neighborhood_id}/{rule_set.version}",
        neighborhood_id=rule_set.neighborhood_id,
        facts={"version": rule_set.version, "rules": len(rule_set.rules)},
    )
    session.flush()
