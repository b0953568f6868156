"""The base map and the list of names: public, cacheable, revalidated by the neighborhood's epoch."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from planner.core.policies import anyone
from planner.places import queries
from planner.places.models import Neighborhood
from planner.web import context
from planner.web.guards import guarded

bp = Blueprint("places", __name__, template_folder="../templates", url_prefix="/n/<slug>")
_kept: dict[tuple[str, int, str], bytes] = {}
_KEEP = 24
"""Ready answers of this process by (neighborhood uuid, epoch, name); older epochs fall out."""


@bp.get("/base.geojson")
@guarded(anyone)
def base(slug: str) -> Response:
    """The painted base map as one collection."""
    return _cached("base", queries.base_collection, "application/geo+json")


@bp.get("/places.json")
@guarded(anyone)
def places(slug: str) -> Response:
    """Named places for searching without network."""
    return _cached("places", queries.places_json, "application/json")


def _cached(
    name: str, made_by: Callable[[Session, Neighborhood], bytes], mimetype: str
) -> Response:
    here = context.here()
    tag = f"{here.uuid.hex[:8]}-{here.epoch}-{name}"
    answer = Response(mimetype=mimetype)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "public, no-cache"
    if not request.if_none_match.contains_weak(tag):
        key = (str(here.uuid), here.epoch, name)
        if key not in _kept:
            while len(_kept) >= _KEEP:
                _kept.pop(next(iter(_kept)))
            _kept[key] = made_by(context.db(), here)
        answer.set_data(_kept[key])
        return answer
    answer.status_code = 304
    return answer
