"""Cases in words: the API's `case` object and explanations in the reader's language. No person is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from planner.core.clock import LOCAL_ZONE
from planner.web.i18n import gettext, locale, when

from .labels import EXPLANATIONS, SEAT_LABELS, TIER_LABELS
from .models import Case


def seat_label(code: str | None, language: str | None = None) -> str:
    """A seat's published name, e.g. ``community-3`` -> 社区设计师3号席; empty for none."""
    if not code:
        return ""
    tier, _, number = code.rpartition("-")
    return gettext(SEAT_LABELS[tier], language, number=number)


def explain(why: Mapping[str, Any], language: str | None = None) -> str:
    """An explanation {code, params} as a sentence that names rule and version."""
    params = dict(why.get("params", {}))
    english = (language or locale()) == "en"
    values = {
        "version": params.get("version", 0),
        "rule": params.get("rule", ""),
        "topic": params.get("topic_en" if english else "topic", ""),
        "tier": gettext(TIER_LABELS.get(params.get("tier", ""), ""), language),
        "seat": seat_label(params.get("seat"), language),
        "wanted": seat_label(params.get("wanted"), language),
        "total": seat_label("total-1", language),
    }
    return gettext(EXPLANATIONS[why["code"]], language, **values)


def case_json(case: Case, language: str | None = None) -> dict[str, Any]:
    """The `case` object of the API (docs/api.md); times are RFC 3339 with the local offset."""
    return {
        "code": case.code,
        "state": case.state.value,
        "tier": case.tier.value,
        "seat": case.seat.code if case.seat else None,
        "handling_unit": case.unit.name if case.unit else None,
        "explanation": explain(case.explanation, language),
        "opinion_due_at": _instant(case.opinion_due_at),
        "reply_due_at": _instant(case.reply_due_at),
    }


def last_day(due_at: datetime) -> str:
    """The last day of a term whose first instant afterwards is `due_at`."""
    return when(due_at - timedelta(seconds=1))


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(LOCAL_ZONE).isoformat()
