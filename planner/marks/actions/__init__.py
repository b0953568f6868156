"""Verbs of the marks room; none commits."""

from .creating import Created, MarkInput, create_mark
from .importing import ImportReport, ImportRow, ImportSource, import_marks, row_uuid
from .moderating import moderate, redact, redact_addition
from .owning import add_words, erase_mark, rewrite, withdraw
from .retagging import retag

__all__ = [
    "Created",
    "ImportReport",
    "ImportRow",
    "ImportSource",
    "MarkInput",
    "add_words",
    "create_mark",
    "erase_mark",
    "import_marks",
    "moderate",
    "redact",
    "redact_addition",
    "retag",
    "rewrite",
    "row_uuid",
    "withdraw",
]
