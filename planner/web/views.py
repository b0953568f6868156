"""Pages of the house itself: preferences of the reader, health."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, g, jsonify, redirect, request, session, url_for
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response as AnyResponse

from planner.core.migrate import unready
from planner.core.policies import anyone
from planner.core.settings import resource_dir

from . import context, device, i18n, security
from .context import services
from .guards import guarded

bp = Blueprint("web", __name__, template_folder="templates")
YEAR = 365 * 24 * 3600


def safe_next(target: str | None, fallback: str) -> str:
    """A way back inside this site; anything else becomes the fallback."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
        or "\\" in target
    ):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.netloc or parts.scheme or any(ord(c) < 32 for c in target) else target


def elder_step() -> int:
    """0: standard, 1: elder view (20 px root), 2: largest (24 px)."""
    wish = request.args.get("elder") or request.cookies.get("elder") or "0"
    return int(wish) if wish in ("0", "1", "2") else 0


@bp.post("/preferences")
@security.token_free
@guarded(anyone)
def set_preferences() -> AnyResponse:
    """Remember language and elder view in cookies; nothing personal is stored.

    Without token, because the page that opens offline is the same for everybody and can hold none.
    """
    answer = redirect(safe_next(request.form.get("next"), "/"), 303)
    if request.form.get("lang") in i18n.LANGUAGES:
        answer.set_cookie(
            i18n.COOKIE, request.form["lang"], max_age=YEAR, samesite="Lax", httponly=True
        )
    if request.form.get("elder") in ("0", "1", "2"):
        answer.set_cookie("elder", request.form["elder"], max_age=YEAR, samesite="Lax")
    return answer


@bp.post("/device/forget")
@security.token_free
@guarded(anyone)
def forget_device() -> AnyResponse:
    """Take back every cookie of this browser but a sign-in; what was sent stays."""
    answer = Response(status=204)
    device.forget(answer)
    for name in (i18n.COOKIE, "elder"):
        answer.delete_cookie(name)
    if not context.actor().is_signed_in:
        session.clear()
    return answer


@bp.get("/sw.js")
@guarded(anyone)
def service_worker() -> Response:
    """The service worker at the root, whose scope is the whole site; asked for anew each time."""
    answer = Response(
        (resource_dir("static") / "app/sw.js").read_bytes(), mimetype="text/javascript"
    )
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    answer.add_etag()
    return answer


@bp.get("/healthz/live")
@guarded(anyone)
def live() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/healthz/ready")
@guarded(anyone)
def ready() -> tuple[Response, int]:
    """Database reachable and schema current."""
    try:
        reason = unready(services().database)
    except (OperationalError, PoolTimeout):
        reason = "the database does not answer"
    if reason is None:
        return jsonify(status="ok"), 200
    answer = jsonify(status="unready", reason=reason)
    answer.headers["Retry-After"] = "5"
    return answer, 503


@bp.get("/favicon.ico")
@guarded(anyone)
def favicon() -> AnyResponse:
    """The icon lies with the static files."""
    return redirect(url_for("static_file", version_wanted="icon", filename="app/favicon.svg"))


def init(app: Flask) -> None:
    """Register the blueprint and what every template knows."""
    app.register_blueprint(bp)

    @app.context_processor
    def page() -> dict[str, Any]:
        return {
            "elder": elder_step(),
            "current_actor": g.get("actor"),
            "neighborhood": g.get("neighborhood"),
        }

    @app.after_request
    def remember_elder_link(response: AnyResponse) -> AnyResponse:
        if request.args.get("elder") in ("0", "1", "2"):
            response.set_cookie("elder", request.args["elder"], max_age=YEAR, samesite="Lax")
        return response
