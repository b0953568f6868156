"""Pages of the room: rule sets and the catalogue; words for every template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from planner.web.errors import add_messages
from planner.web.i18n import gettext

from .. import labels
from ..answers import explain, last_day, seat_label
from .catalogue import bp as catalogue
from .remits import area_word, topic_word
from .remits import bp as remits
from .rules import bp as rules


def _words(table: Mapping[Any, str]) -> Any:
    def label(key: Any) -> str:
        return gettext(table[key]) if key is not None else ""

    return label


def init(app: Flask) -> None:
    """Register the room's blueprints, messages and label helpers."""
    for bp in (rules, catalogue, remits):
        app.register_blueprint(bp)
    add_messages(labels.MESSAGES)
    app.jinja_env.globals.update(
        topic_word=topic_word,
        area_word=area_word,
        seat_label=seat_label,
        explain=explain,
        last_day=last_day,
        tier_label=_words(labels.TIER_LABELS),
        state_label=_words(labels.STATE_LABELS),
        outcome_label=_words(labels.OUTCOME_LABELS),
        verb_label=_words(labels.VERB_LABELS),
        due_label=_words(labels.DUE_LABELS),
        duty_label=_words(labels.AWAITS_LABELS),
        duty_name=_words(labels.DUTY_LABELS),
        chain_label=_words(labels.CHAIN_LABELS),
        handling_label=_words(labels.HANDLING_LABELS),
        scale_label=_words(labels.SCALE_LABELS),
        rule_set_label=_words(labels.RULE_SET_LABELS),
    )
