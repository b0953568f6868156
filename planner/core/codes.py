"""Codes people read aloud: short public codes, and receipt codes that only their owner can show."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

RECEIPT_LENGTH = 15
"""75 bits."""

_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def public_code(prefix: str, length: int = 7) -> str:
    """A random short code such as ``M-7K29QXF`` (35 bits; UNIQUE in its table)."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(length))}"


def receipt_code(key: bytes, mark: UUID) -> str:
    """The receipt of a mark, derived so that it can be shown again and never read from the database."""
    number = int.from_bytes(hmac.new(key, mark.bytes, hashlib.sha256).digest(), "big")
    letters = "".join(ALPHABET[(number >> (5 * i)) & 31] for i in range(RECEIPT_LENGTH))
    return "-".join(letters[i : i + 5] for i in range(0, RECEIPT_LENGTH, 5))


def normalise_receipt(text: str) -> str | None:
    """A receipt as typed by hand (case, blanks, full width, O for 0) in its one form; None if it is none."""
    folded = unicodedata.normalize("NFKC", text).upper().translate(_LOOKALIKES)
    letters = "".join(c for c in folded if c.isalnum())
    if len(letters) != RECEIPT_LENGTH or any(c not in ALPHABET for c in letters):
        return None
    return "-".join(letters[i : i + 5] for i in range(0, RECEIPT_LENGTH, 5))


def receipt_hash(code: str) -> bytes:
    """What is stored of a receipt code: 32 bytes."""
    return hashlib.sha256(b"planner receipt:" + code.encode()).digest()
