"""Text as people type it: one normal form, no hidden characters, safe cells."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from .errors import Invalid

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_REFUSED = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
"""Control, bidi-override, annotation, tag characters and non-characters."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u3164\ufeff\uffa0]"
)
"""Drawn as nothing, yet typed by editors and pasted from pages: dropped. Joiners of emoji are kept."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_RISKY = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠]")


def normal(text: str, *, field: str) -> str:
    """NFC with unix line ends, no blank ends, nothing invisible; control and bidi are refused."""
    if _SURROGATE.search(text):
        raise Invalid(fields={field: "bad_characters"})
    lines = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text)
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFC", lines)).strip()
    if _REFUSED.search(clean):
        raise Invalid(fields={field: "bad_characters"})
    return clean


def byte_length(text: str) -> int:
    """Length in UTF-8 bytes, which is what a column or a QR code holds."""
    return len(text.encode())


def clean_reason(text: str, *, field: str = "reason", minimum: int = 4, maximum: int = 1000) -> str:
    """A reason of `minimum` to `maximum` characters that says something (letters, not only signs)."""
    clean = normal(text, field=field)
    if not clean:
        raise Invalid(fields={field: "missing"}, minimum=minimum)
    if sum(c.isalnum() for c in clean) < minimum:
        raise Invalid(fields={field: "too_short"}, minimum=minimum)
    if len(clean) > maximum:
        raise Invalid(fields={field: "too_long"}, maximum=maximum)
    return clean


def clean_name(text: str, *, field: str, maximum: int = 80) -> str:
    """A one-line name of 1 to `maximum` characters."""
    clean = re.sub(r"\s+", " ", normal(text, field=field))
    if not clean:
        raise Invalid(fields={field: "missing"})
    if len(clean) > maximum:
        raise Invalid(fields={field: "too_long"}, maximum=maximum)
    return clean


def neutral_cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula; text that would be one gets a leading quote."""
    return "'" + value if isinstance(value, str) and _is_risky(value) else value


def restore_cell(value: str) -> str:
    """What `neutral_cell` was given: export and import again is the identity."""
    return value[1:] if value.startswith("'") and _is_risky(value[1:]) else value


def _is_risky(text: str) -> bool:
    return text.startswith((*_FORMULA, "'")) or _RISKY.match(text) is not None


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Lines of a CSV file for Excel and for us: byte-order mark, CRLF, every cell neutral, None is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in chain([header], rows):
        writer.writerow(["" if cell is None else neutral_cell(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
