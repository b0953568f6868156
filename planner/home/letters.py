"""A reply's opening words with names and dates filled in; the drafter edits them before anything is sent."""

from __future__ import annotations

from datetime import datetime

from planner.core.clock import local_date
from planner.places.models import Neighborhood
from planner.routing.labels import OUTCOME_LABELS
from planner.routing.models import Case


def suggested_reply(case: Case, here: Neighborhood, now: datetime) -> str:
    """Formal letter in Chinese (the language replies are issued in), without any person's name."""
    received, today = local_date(case.opened_at), local_date(now)
    lines = [
        f"您于{received.year}年{received.month}月{received.day}日在{here.name}标记的"
        f"“{case.title}”（编号{case.code}）已收悉。"
    ]
    if case.opinions:
        opinion = case.opinions[-1]
        lines.append(f"设计师意见为“{OUTCOME_LABELS[opinion.outcome]}”：{opinion.reason}")
    lines.append("经研究，答复如下：")
    lines.append("")
    lines.append(case.unit.name if case.unit else here.office_name)
    lines.append(f"{today.year}年{today.month}月{today.day}日")
    return "\n".join(lines)
