"""The log of a running installation: one line per event, without what could name a person."""

from __future__ import annotations

import logging
import re
import sys

RULES = (
    (re.compile(r"(?m)^\s*DETAIL: .*$"), "DETAIL: …"),
    (re.compile(r"(?i)(bearer|token|password|secret)([=: ]+)[^\s,;&]+"), r"\1\2…"),
    (re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}\b"), "…receipt"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "…id"),
    (re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "…phone"),
    (re.compile(r"[\u4e00-\u9fff][A-Z][ ·]?[A-Z0-9]{5,6}(?![A-Z0-9])"), "…plate"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "…key"),
    (re.compile(r"://[^/\s@]+@"), "://…@"),
)
"""PostgreSQL quotes whole rows in DETAIL; receipts, keys and passwords in addresses open doors."""


def redact(text: str) -> str:
    """The text without phone and identity numbers, plates, receipts, keys and quoted rows."""
    for pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return text


class Redacting(logging.Formatter):
    """Redacts the finished entry, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The entry as it may be kept."""
        return redact(super().format(record))


def log_to_stderr() -> None:
    """Begin logging in this process; what keeps the lines is the operator's choice."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
