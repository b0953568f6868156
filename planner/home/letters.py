"""A reply's opening words with names and dates filled in; the drafter writes the answer behind them."""

from __future__ import annotations

from planner.core.clock import local_date
from planner.places.models import Neighborhood
from planner.routing.labels import OUTCOME_LABELS
from planner.routing.models import Case

OPENING_ENDS = "经研究，答复如下："
"""The last words of the opening; a reply that ends here answers nothing."""


def suggested_reply(case: Case, here: Neighborhood) -> str:
    """Opening in Chinese (the language replies are issued in), without any person's name or words.

    The case's title quotes the resident, who may erase those words; a reply stays, so it names the code.
    Unit and date are not part of it: the page signs the reply with both on the day it is issued.
    """
    received = local_date(case.opened_at)
    lines = [
        f"您于{received.year}年{received.month}月{received.day}日在{here.name}提出的意见"
        f"（编号{case.code}）已收悉。"
    ]
    if case.opinions:
        opinion = case.opinions[-1]
        lines.append(f"设计师意见为“{OUTCOME_LABELS[opinion.outcome]}”：{opinion.reason}")
    lines.append(OPENING_ENDS)
    return "\n".join(lines) + "\n"
