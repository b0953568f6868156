"""Verbs of the routing room; none commits."""

from .catalogue import import_catalogue, use_catalogue
from .opening import open_case
from .ruling import activate_rules, draft_rules

__all__ = [
    "activate_rules",
    "draft_rules",
    "import_catalogue",
    "open_case",
    "use_catalogue",
]
