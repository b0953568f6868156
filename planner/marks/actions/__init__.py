"""Verbs of the marks room; none commits."""

from .creating import Created, MarkInput, create_mark
from .moderating import moderate, redact
from .owning import add_words, erase_mark, rewrite, withdraw
from .retagging import retag

__all__ = [
    "Created",
    "MarkInput",
    "add_words",
    "create_mark",
    "erase_mark",
    "moderate",
    "redact",
    "retag",
    "rewrite",
    "withdraw",
]
