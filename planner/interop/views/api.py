"""The OpenAPI document and the same as a page."""

from __future__ import annotations

from importlib.metadata import version

import orjson
from flask import Blueprint, Response, render_template

from planner.core.policies import anyone
from planner.interop.document import document
from planner.web.guards import guarded

bp = Blueprint("interop", __name__, template_folder="../templates", url_prefix="/api/v1")
VERSION = version("jiequ-planner")
DESCRIBED = "public, max-age=300"


@bp.get("/openapi.json")
@guarded(anyone)
def openapi() -> Response:
    """The document for programs."""
    answer = Response(orjson.dumps(document(VERSION)), mimetype="application/json")
    answer.headers["Cache-Control"] = DESCRIBED
    return answer


@bp.get("/docs")
@guarded(anyone)
def docs() -> str:
    """The document for people; made on the server, so that it needs no script."""
    return render_template("interop/docs.html", doc=document(VERSION))
