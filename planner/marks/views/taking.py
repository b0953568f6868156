"""How both doors, API and form, take a mark: limits first, then once, whoever else sends it too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from sqlalchemy.exc import IntegrityError

from planner.core.errors import Conflict
from planner.core.limits import Limit
from planner.marks.actions import Created, MarkInput, create_mark
from planner.routing.queries import public_topics
from planner.web import context
from planner.web.i18n import locale

Answer = TypeVar("Answer")
PER_DEVICE = Limit("mark-device", 60, 600)
PER_ADDRESS = Limit("mark-address", 3_000, 600)
"""All phones of a festival share one address, so its ceiling is high and the device's comes first."""


def take(given: MarkInput) -> Created:
    """Take a mark and commit."""
    return take_and_answer(given, lambda made: made)


def take_and_answer(given: MarkInput, answer: Callable[[Created], Answer]) -> Answer:
    """Take a mark, make its answer in the same transaction, commit.

    A race for the same UUID is settled by the database and read again.
    """
    device = context.actor().device
    own = [(PER_DEVICE, device)] if device else []
    context.spend(*own, (PER_ADDRESS, request.remote_addr or "none"))
    try:
        return _once(given, answer)
    except IntegrityError:
        context.db().rollback()
        try:
            return _once(given, answer)
        except IntegrityError as error:
            raise Conflict("uuid_taken") from error


def _once(given: MarkInput, answer: Callable[[Created], Answer]) -> Answer:
    made = create_mark(
        context.db(),
        actor=context.actor(),
        now=context.now(),
        neighborhood=context.here(),
        given=given,
        receipt_key=context.services().settings.receipt_key,
    )
    answered = answer(made)
    context.commit()
    return answered


def topic_labels(neighborhood_id: int) -> dict[str, str]:
    """Public topics' labels in the reader's language."""
    english = locale() == "en"
    return {
        topic.code: (topic.label_en or topic.label) if english else topic.label
        for topic in public_topics(context.db(), neighborhood_id)
    }


def pages_of(total: int, size: int) -> int:
    """How many pages a list has."""
    return max(1, -(-total // size))


def page_number(args: Any) -> int:
    """The asked page, at least 1."""
    text = args.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return max(1, min(10_000, int(text))) if is_number else 1
