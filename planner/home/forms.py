"""Forms of the case page: what was typed becomes the input of one action."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from planner.core.errors import Invalid
from planner.routing.actions import Advice, Answer
from planner.routing.terms import Outcome, Scale

from .letters import OPENING_ENDS

Member = TypeVar("Member", bound=StrEnum)
Form = Mapping[str, str]


def number_of(form: Form, name: str) -> int | None:
    """A row's id or version, or None for an empty choice."""
    value = form.get(name, "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise Invalid(fields={name: "not_a_choice"})
    return int(value)


def member_of(form: Form, name: str, kind: type[Member]) -> Member:
    """A required choice."""
    value = form.get(name, "")
    if not value:
        raise Invalid(fields={name: "missing"})
    if value not in tuple(kind):
        raise Invalid(fields={name: "not_a_choice"})
    return kind(value)


def advice_of(form: Form) -> Advice:
    """A designer's opinion."""
    return Advice(
        outcome=member_of(form, "outcome", Outcome),
        reason=form.get("reason", ""),
        passed_on_to=form.get("passed_on_to", ""),
        next_seat_id=number_of(form, "next_seat"),
    )


def answer_of(form: Form) -> Answer:
    """A formal reply; the template's opening alone is refused, it answers nothing."""
    if form.get("body", "").rstrip().endswith(OPENING_ENDS):
        raise Invalid(fields={"body": "reply_unwritten"})
    return Answer(
        outcome=member_of(form, "outcome", Outcome),
        body=form.get("body", ""),
        passed_on_to=form.get("passed_on_to", ""),
    )


def scale_of(form: Form) -> Scale | None:
    """A changed scale, or None to keep it."""
    value = form.get("scale", "")
    return member_of(form, "scale", Scale) if value else None
