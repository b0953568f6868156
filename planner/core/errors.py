"""The failures the domain can name. `planner.web.errors` alone turns them into answers."""

from __future__ import annotations


class PlannerError(Exception):
    """A refusal with a stable code and plain facts; never HTML, never personal text.

    Args:
        code: overrides the class's stable code, e.g. ``"reason_missing"``.
        fields: field name -> stable code of what is wrong with it.
        facts: numbers, names and codes a message may quote.
    """

    code = "error"
    status = 500

    def __init__(
        self,
        code: str | None = None,
        /,
        *,
        fields: dict[str, str] | None = None,
        **facts: object,
    ) -> None:
        self.code = code or type(self).code
        self.fields = fields or {}
        self.facts = facts
        super().__init__(self.code, self.fields, facts)


class BadRequest(PlannerError):
    """The request cannot be read at all (broken JSON, bad UTF-8)."""

    code = "bad_request"
    status = 400


class NotAllowed(PlannerError):
    """The actor is known and may not do this."""

    code = "not_allowed"
    status = 403


class NotFound(PlannerError):
    """The thing does not exist, or this viewer may not know that it does."""

    code = "not_found"
    status = 404


class InvalidTransition(PlannerError):
    """The thing is in a state from which the verb does not lead on."""

    code = "invalid_transition"
    status = 409


class Conflict(PlannerError):
    """Somebody else was first, or the same key came with another body."""

    code = "conflict"
    status = 409


class Gone(PlannerError):
    """It was here and was taken away for good."""

    code = "gone"
    status = 410


class TooLarge(PlannerError):
    """The body exceeds its limit."""

    code = "too_large"
    status = 413


class Invalid(PlannerError):
    """Readable input that breaks a rule; `fields` says where."""

    code = "invalid"
    status = 422


class OutsideArea(Invalid):
    """The place lies outside the neighborhood and its tolerance strip, or in a restricted area."""

    code = "outside_area"


class RateLimited(PlannerError):
    """Too many in this window; `facts["retry_after"]` is in seconds."""

    code = "rate_limited"
    status = 429


class Unavailable(PlannerError):
    """A dependency (the database) is away for the moment; try again."""

    code = "unavailable"
    status = 503
