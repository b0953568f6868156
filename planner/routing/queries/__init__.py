"""Reads of the routing room."""

from .cases import PublicAnswers, PublicEntry, case_by_code, helpers, public_answers, trail
from .catalogue import (
    catalogue_of,
    chips,
    known_codes,
    public_topic_in_force,
    public_topics,
    topic_in_force,
    topics,
)
from .figures import SeatFigures, seat_figures
from .seating import active_rules, named_areas, rule_lines, rule_sets, seat_facts, seat_loads
from .tray import TrayList, TrayOrder, TrayPage, tray, unassigned
from .trying import Shift, Trial, known_matters, try_rules

__all__ = [
    "PublicAnswers",
    "PublicEntry",
    "SeatFigures",
    "Shift",
    "TrayList",
    "TrayOrder",
    "TrayPage",
    "Trial",
    "active_rules",
    "case_by_code",
    "catalogue_of",
    "chips",
    "helpers",
    "known_codes",
    "known_matters",
    "named_areas",
    "public_answers",
    "public_topic_in_force",
    "public_topics",
    "rule_lines",
    "rule_sets",
    "seat_facts",
    "seat_figures",
    "seat_loads",
    "topic_in_force",
    "topics",
    "trail",
    "tray",
    "try_rules",
    "unassigned",
]
