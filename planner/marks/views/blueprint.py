"""The blueprint that the residents' pages share; each file beside this one adds its routes."""

from __future__ import annotations

from flask import Blueprint
from flask import session as cookie
from werkzeug.wrappers import Response

from planner.core.codes import receipt_hash

bp = Blueprint("marks", __name__, template_folder="../templates", url_prefix="/n/<slug>")
Answer = str | Response | tuple[str, int]
KEPT_RECEIPTS = 40


def remember(receipt: str) -> None:
    """Keep a receipt's hash in this browser's signed cookie, so that the mark opens again."""
    kept = [*cookie.get("receipts", []), receipt_hash(receipt).hex()]
    cookie["receipts"] = list(dict.fromkeys(kept))[-KEPT_RECEIPTS:]
    cookie.permanent = True
