"""Words of the routing room and the one transition table of a case."""

from __future__ import annotations

from enum import StrEnum


class MarkKind(StrEnum):
    """The three kinds a resident chooses from; the catalogue's chips are listed by them."""

    LIKE = "like"
    DISLIKE = "dislike"
    IMPROVE = "improve"


class Handling(StrEnum):
    """即时办理 · 协调化解 · 会商共处."""

    IMMEDIATE = "immediate"
    COORDINATED = "coordinated"
    JOINT = "joint"


class Scale(StrEnum):
    """How far a matter reaches, derived from its shape; a clerk may change it.

    POINT: one spot · SMALL: an area inside one estate under the limit · LOCAL: anything between ·
    WIDE: three or more grid cells, or longer than the limit.
    """

    POINT = "point"
    SMALL = "small"
    LOCAL = "local"
    WIDE = "wide"


class DueWord(StrEnum):
    """正常 · 将到期 · 已超期; praise has no clock."""

    NONE = "none"
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"


class RuleSetState(StrEnum):
    """A rule set is tried, in force, or kept for the cases it once routed."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class CaseState(StrEnum):
    """Where a case stands (decision 0003)."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    OPINION_GIVEN = "opinion_given"
    REPLY_DRAFTED = "reply_drafted"
    REPLIED = "replied"
    IN_CONSULTATION = "in_consultation"
    IN_WORKS = "in_works"
    CLOSED = "closed"
    REOPENED = "reopened"
    PASSED_ON = "passed_on"
    MERGED = "merged"


class CaseVerb(StrEnum):
    """What can be done to a case; each use is one `CaseStep` row."""

    OPEN = "open"
    ASSIGN = "assign"
    ACKNOWLEDGE = "acknowledge"
    REASSIGN = "reassign"
    ASSIST = "assist"
    SEND_BACK = "send_back"
    RECLASSIFY = "reclassify"
    GIVE_OPINION = "give_opinion"
    DRAFT_REPLY = "draft_reply"
    SIGN_REPLY = "sign_reply"
    RETURN_DRAFT = "return_draft"
    ISSUE_REPLY = "issue_reply"
    PASS_ON = "pass_on"  # noqa: S105
    CONSULT = "consult"
    START_WORKS = "start_works"
    THANK = "thank"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MERGE = "merge"


_S, _V = CaseState, CaseVerb
_LIVE = (
    _S.OPEN,
    _S.ACKNOWLEDGED,
    _S.OPINION_GIVEN,
    _S.REPLY_DRAFTED,
    _S.REPLIED,
    _S.IN_CONSULTATION,
    _S.IN_WORKS,
    _S.REOPENED,
    _S.PASSED_ON,
)
_UNANSWERED = (
    _S.OPEN,
    _S.ACKNOWLEDGED,
    _S.OPINION_GIVEN,
    _S.REOPENED,
    _S.IN_CONSULTATION,
    _S.PASSED_ON,
)

STAYS: None = None
"""A verb that leaves the state as it is."""

TRANSITIONS: dict[CaseVerb, dict[CaseState, CaseState | None]] = {
    _V.ASSIGN: {state: STAYS for state in _LIVE},
    _V.ACKNOWLEDGE: {
        _S.OPEN: _S.ACKNOWLEDGED,
        _S.REOPENED: _S.ACKNOWLEDGED,
        _S.PASSED_ON: _S.ACKNOWLEDGED,
    },
    _V.REASSIGN: {state: STAYS for state in _LIVE},
    _V.ASSIST: {state: STAYS for state in _LIVE},
    _V.SEND_BACK: {state: _S.OPEN for state in _UNANSWERED},
    _V.RECLASSIFY: {state: STAYS for state in _UNANSWERED},
    _V.GIVE_OPINION: {
        _S.OPEN: _S.OPINION_GIVEN,
        _S.ACKNOWLEDGED: _S.OPINION_GIVEN,
        _S.REOPENED: _S.OPINION_GIVEN,
        _S.PASSED_ON: _S.OPINION_GIVEN,
        _S.OPINION_GIVEN: STAYS,
        _S.REPLY_DRAFTED: STAYS,
        _S.REPLIED: STAYS,
        _S.IN_CONSULTATION: STAYS,
        _S.IN_WORKS: STAYS,
    },
    _V.DRAFT_REPLY: {
        **{state: _S.REPLY_DRAFTED for state in _UNANSWERED},
        _S.REPLY_DRAFTED: STAYS,
        _S.REPLIED: STAYS,
        _S.IN_WORKS: STAYS,
    },
    _V.SIGN_REPLY: {_S.REPLY_DRAFTED: STAYS, _S.REPLIED: STAYS, _S.IN_WORKS: STAYS},
    _V.RETURN_DRAFT: {_S.REPLY_DRAFTED: STAYS, _S.REPLIED: STAYS, _S.IN_WORKS: STAYS},
    _V.ISSUE_REPLY: {_S.REPLY_DRAFTED: _S.REPLIED, _S.REPLIED: STAYS, _S.IN_WORKS: STAYS},
    _V.PASS_ON: {state: _S.PASSED_ON for state in (*_UNANSWERED, _S.REPLIED)},
    _V.CONSULT: {
        state: _S.IN_CONSULTATION for state in (*_UNANSWERED, _S.REPLY_DRAFTED, _S.REPLIED)
    },
    _V.START_WORKS: {_S.REPLIED: _S.IN_WORKS},
    _V.THANK: {
        state: _S.CLOSED for state in (_S.OPEN, _S.ACKNOWLEDGED, _S.OPINION_GIVEN, _S.REOPENED)
    },
    _V.CLOSE: {_S.REPLIED: _S.CLOSED, _S.IN_WORKS: _S.CLOSED},
    _V.REOPEN: {_S.REPLIED: _S.REOPENED, _S.CLOSED: _S.REOPENED},
    _V.WITHDRAW: {state: _S.CLOSED for state in (_S.OPEN, _S.ACKNOWLEDGED, _S.REOPENED)},
    _V.MERGE: {state: _S.MERGED for state in _LIVE},
}
"""verb -> state it may be used in -> state it leads to (None: unchanged). The only such table."""

FINAL = frozenset({CaseState.CLOSED, CaseState.MERGED})
LIVE = frozenset(_LIVE)
UNADVISED = frozenset({_S.OPEN, _S.ACKNOWLEDGED, _S.REOPENED, _S.PASSED_ON})
"""The seat has not spoken yet: the opinion's due date is the next one."""

UNREPLIED = frozenset((*_UNANSWERED, _S.REPLY_DRAFTED))
"""Nothing is published yet: the reply's due date runs."""


class Outcome(StrEnum):
    """Of an opinion or a reply; `passed_on` names the next holder and is never an end."""

    ADOPT = "adopt"
    PARTLY = "partly"
    LATER = "later"
    DECLINE = "decline"
    PASSED_ON = "passed_on"


class LoopStage(StrEnum):
    """The closed loop; each case is in exactly one stage."""

    CONSULT = "consult"
    FEEDBACK = "feedback"
    REMEDY = "remedy"
    PUBLICISE = "publicise"
    SATISFY = "satisfy"


class SignatureMove(StrEnum):
    """What a signer of the issuing chain does with a draft."""

    APPROVE = "approve"
    RETURN = "return"


class EvidenceKind(StrEnum):
    """What rooms above may prove about a case (decision 0003)."""

    CONSULTATION_HELD = "consultation_held"
    WAIVER = "waiver"
    PHOTO_AFTER = "photo_after"
