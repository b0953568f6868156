"""The start page, and the way back to a mark by its receipt code."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from planner.core.codes import normalise_receipt, receipt_hash
from planner.core.errors import NotFound
from planner.core.limits import Limit
from planner.core.policies import anyone
from planner.marks.queries import mark_by_receipt
from planner.marks.rules import is_collecting
from planner.places.models import Neighborhood
from planner.places.queries import neighborhoods, poster_point
from planner.web import context
from planner.web.errors import message
from planner.web.guards import guarded

Answer = str | Response | tuple[str, int]
TRIES = Limit("receipt", 60, 600)
TRIES_OF_ADDRESS = Limit("receipt-address", 1_200, 600)
"""Who drops the cookie is a new device each time, so the address counts too."""
KEPT_RECEIPTS = 40


@guarded(anyone)
def start() -> Answer:
    """All neighborhoods, and what this is."""
    found = neighborhoods(context.db())
    is_open = {
        each.id: is_collecting(each.collecting_from, each.collecting_until, context.now())
        for each in found
    }
    return render_template("home/start.html", neighborhoods=found, is_open=is_open)


@guarded(anyone)
def receipt() -> Answer:
    """Where to type a receipt code."""
    return render_template("home/receipt.html", typed="", errors={}, active="receipt")


@guarded(anyone)
def find_receipt() -> Answer:
    """Open the mark of a typed code."""
    address = request.remote_addr or "none"
    context.spend((TRIES, context.actor().device or address), (TRIES_OF_ADDRESS, address))
    return _open(request.form.get("code", ""))


@guarded(anyone)
def open_receipt(code: str) -> Answer:
    """Open the mark of a scanned code."""
    return _open(code)


def _open(typed: str) -> Answer:
    code = normalise_receipt(typed[:60])
    mark = mark_by_receipt(context.db(), receipt_hash(code)) if code else None
    if mark is None:
        page = render_template(
            "home/receipt.html",
            typed=typed[:60],
            errors={"code": message("receipt_unknown")},
            active="receipt",
        )
        return page, 404
    kept = [*cookie.get("receipts", []), mark.receipt_hash.hex()]
    cookie["receipts"] = list(dict.fromkeys(kept))[-KEPT_RECEIPTS:]
    cookie.permanent = True
    here = context.db().get_one(Neighborhood, mark.neighborhood_id)
    return redirect(url_for("marks.show", slug=here.slug, code=mark.code), 303)


@guarded(anyone)
def poster(code: str) -> Answer:
    """A poster's short link opens the map at its point."""
    point = poster_point(context.db(), code)
    if point is None:
        raise NotFound()
    here = context.db().get_one(Neighborhood, point.neighborhood_id)
    return redirect(url_for("marks.map", slug=here.slug, p=point.code), 302)


def add_routes(bp: Blueprint) -> None:
    """Register the pages."""
    bp.add_url_rule("/", "start", start)
    bp.add_url_rule("/r", "receipt", receipt)
    bp.add_url_rule("/r", "find_receipt", find_receipt, methods=["POST"])
    bp.add_url_rule("/r/<code>", "open_receipt", open_receipt)
    bp.add_url_rule("/p/<code>", "poster", poster)
