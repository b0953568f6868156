"""Verbs of the routing room; none commits."""

from .advising import Advice, give_opinion, pass_on
from .catalogue import import_catalogue, use_catalogue
from .closing import add_evidence, close, reopen, reopen_until, thank, withdraw_case
from .moving import (
    acknowledge,
    assign,
    assist,
    publish_case,
    reassign,
    reclassify,
    send_back,
)
from .opening import open_case
from .replying import Answer, draft_reply, return_draft, sign_reply
from .ruling import activate_rules, draft_rules

__all__ = [
    "Advice",
    "Answer",
    "acknowledge",
    "activate_rules",
    "add_evidence",
    "assign",
    "assist",
    "close",
    "draft_reply",
    "draft_rules",
    "give_opinion",
    "import_catalogue",
    "open_case",
    "pass_on",
    "publish_case",
    "reassign",
    "reclassify",
    "reopen",
    "reopen_until",
    "return_draft",
    "send_back",
    "sign_reply",
    "thank",
    "use_catalogue",
    "withdraw_case",
]
