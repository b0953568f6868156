"""The receipt after submitting: the code, its QR, and where the mark went."""

from __future__ import annotations

import io

import segno
from flask import render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from planner.core.codes import normalise_receipt, receipt_hash
from planner.core.errors import NotFound
from planner.core.policies import anyone
from planner.marks import queries
from planner.routing.answers import explain
from planner.web import context
from planner.web.guards import guarded

from .blueprint import Answer, bp


@bp.get("/thanks/<receipt>")
@guarded(anyone)
def thanks(slug: str, receipt: str) -> Answer:
    """Receipt code and QR; the code itself is the key to this page."""
    mark = queries.mark_by_receipt(context.db(), receipt_hash(receipt))
    if mark is None or mark.neighborhood_id != context.here().id:
        raise NotFound("receipt_unknown")
    return render_template(
        "marks/thanks.html",
        mark=mark,
        receipt=receipt,
        qr=qr_svg(_address(receipt)),
        why=explain(mark.case.explanation),
    )


@bp.get("/thanks/<receipt>/qr.svg")
@guarded(anyone)
def qr(slug: str, receipt: str) -> Response:
    """The receipt's QR as a picture, for the page with script; nothing else is drawn."""
    if normalise_receipt(receipt) != receipt:
        raise NotFound("receipt_unknown")
    picture = io.BytesIO()
    _drawn(_address(receipt)).save(picture, kind="svg", border=2, xmldecl=False, omitsize=True)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


def _address(receipt: str) -> str:
    return url_for("home.open_receipt", code=receipt, _external=True)


def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG (level Q, made by segno from our own address)."""
    return Markup(_drawn(text).svg_inline(border=2, svgclass=None, omitsize=True))  # noqa: S704


def _drawn(text: str) -> segno.QRCode:
    return segno.make(text, error="q", micro=False)
