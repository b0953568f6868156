"""Text as people type it: one normal form, no hidden characters, safe cells."""

from __future__ import annotations

import re
import unicodedata

from .errors import Invalid

MAX_BYTES_PER_CHARACTER = 4
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
_HIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def normal(text: str, *, field: str) -> str:
    """NFC with unix line ends and no blank ends; control, bidi and lone surrogates are refused."""
    if _SURROGATE.search(text):
        raise Invalid(fields={field: "bad_characters"})
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _HIDDEN.search(clean):
        raise Invalid(fields={field: "bad_characters"})
    return clean


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
    if isinstance(value, str) and (value.startswith(_FORMULA) or value.startswith("'")):
        return "'" + value
    return value


def restore_cell(value: str) -> str:
    """What `neutral_cell` was given."""
    if value.startswith("'") and (value[1:].startswith(_FORMULA) or value[1:].startswith("'")):
        return value[1:]
    return value
