"""Verbs of the marks room; none commits."""

from .creating import Created, MarkInput, create_mark
from .importing import ImportReport, ImportRow, ImportSource, import_marks, row_uuid
from .joining import ask_again, endorse, is_answered, take_back
from .moderating import moderate, redact, redact_addition
from .owning import add_words, erase_mark, rewrite, withdraw
from .photographing import (
    PhotoInput,
    add_photo,
    admit_photo,
    announce_files,
    cover_photo,
    digest_of,
    erase_photo,
    forget_files,
    set_photo_shown,
)
from .retagging import retag

__all__ = [
    "Created",
    "ImportReport",
    "ImportRow",
    "ImportSource",
    "MarkInput",
    "PhotoInput",
    "add_photo",
    "add_words",
    "admit_photo",
    "announce_files",
    "ask_again",
    "cover_photo",
    "create_mark",
    "digest_of",
    "endorse",
    "erase_mark",
    "erase_photo",
    "forget_files",
    "import_marks",
    "is_answered",
    "moderate",
    "redact",
    "redact_addition",
    "retag",
    "rewrite",
    "row_uuid",
    "set_photo_shown",
    "take_back",
    "withdraw",
]
