"""Tables of routing: the catalogue, the rules, and cases with everything said about them."""

from .cases import (
    Case,
    CaseAssist,
    CaseEvidence,
    CaseStep,
    Opinion,
    Reply,
    ReplyDraft,
    ReplySignature,
)
from .catalogue import (
    Catalogue,
    CatalogueUse,
    CatalogueVersion,
    Chip,
    PublicTopic,
    RoutingRule,
    RoutingRuleSet,
    Topic,
)

__all__ = [
    "Case",
    "CaseAssist",
    "CaseEvidence",
    "CaseStep",
    "Catalogue",
    "CatalogueUse",
    "CatalogueVersion",
    "Chip",
    "Opinion",
    "PublicTopic",
    "Reply",
    "ReplyDraft",
    "ReplySignature",
    "RoutingRule",
    "RoutingRuleSet",
    "Topic",
]
