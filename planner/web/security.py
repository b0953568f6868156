"""Headers, the nonce, the origin check of the JSON API, and cookies."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import FileStorage
from werkzeug.routing import IntegerConverter

from planner.core.errors import BadRequest, NotAllowed, TooLarge
from planner.core.settings import Settings

from .context import SAFE_METHODS, is_api

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
FORM_BYTES = 64 * 1024

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
JSON_TYPES = ("application/json", "application/geo+json")
IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


class RowNumber(IntegerConverter):
    """`<int:…>` as far as a row's number can go; PostgreSQL and SQLite fail on larger ones, each its way."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Any, *args: Any, **given: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **given})


def content_policy(nonce: str, tiles: str = "") -> str:
    """The Content-Security-Policy; a configured tile host is the only foreign one it can name."""
    host = ""
    if tiles:
        parts = urlsplit(tiles)
        host = f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}"
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}';"
        f" img-src 'self' data: blob:{host}; font-src 'self'; connect-src 'self'; worker-src 'self';"
        " manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    )


def nonce() -> str:
    """The nonce of this answer's own scripts and styles."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def check_api_origin() -> None:
    """An unsafe API call from a browser must come from our own pages; scripts send neither header."""
    if request.method in SAFE_METHODS or not is_api():
        return
    kind = (request.mimetype or "").lower()
    if request.content_length and kind not in (*JSON_TYPES, *IMAGE_TYPES):
        raise BadRequest("content_type")
    if request.headers.get("Authorization", "").startswith("Bearer "):
        return
    require_same_origin()


def require_same_origin() -> None:
    """Refuse what a browser sends from another site's page.

    Raises:
        NotAllowed: cross_origin
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        raise NotAllowed("cross_origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotAllowed("cross_origin")


def token_free(view: View) -> View:
    """A form whose page may come from the browser's own store and holds no token: the origin is judged."""

    @wraps(view)
    def judged(*words: Any, **named: Any) -> Any:
        require_same_origin()
        return view(*words, **named)

    csrf.exempt(judged)
    return cast(View, judged)


def takes_upload() -> bool:
    """Whether the view reads its large body itself, after the guard (see `open_upload`)."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes_upload", False)


def mark_upload(view: Callable[..., Any]) -> None:
    """Let a view call `open_upload`; nothing reads its body before the guard has judged the sender."""
    view.takes_upload = True  # type: ignore[attr-defined]
    csrf.exempt(view)


def open_upload(most: int) -> FileStorage | None:
    """Allow `most` bytes of file to this request, check its token and fields, give the file named `file`.

    Raises:
        TooLarge: with the limit in megabytes, before anything is read.
    """
    request.max_content_length = most + FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        raise TooLarge("file_too_large", fields={"file": "file_too_large"}, megabytes=most >> 20)
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    if any("\x00" in value for _, value in request.form.items(multi=True)):
        raise BadRequest()
    return request.files.get("file")


def open_body(most: int) -> bytes:
    """Read a body of at most `most` bytes in a view of the API that is marked with `mark_upload`.

    Raises:
        TooLarge: with the limit in megabytes, before anything is read.
    """
    request.max_content_length = most
    if (request.content_length or 0) > most:
        raise TooLarge("file_too_large", megabytes=most >> 20)
    return request.get_data(cache=False)


def refuse_nul() -> None:
    """No address and no form field may hold a NUL: PostgreSQL cannot compare it, SQLite stops there."""
    values = [request.path, *(value for _, value in request.args.items(multi=True))]
    if request.mimetype != "application/json" and not takes_upload():
        values += [value for _, value in request.form.items(multi=True)]
    if any("\x00" in value for value in values):
        raise BadRequest()


def init(app: Flask, settings: Settings) -> None:
    """Set limits, cookies and headers for every answer, errors included."""
    secure = settings.secure_cookies
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=60,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=list(settings.hosts) or None,
    )
    csrf.init_app(app)
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.before_request
    def same_origin() -> None:
        check_api_origin()
        refuse_nul()

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault(
            "Content-Security-Policy", content_policy(nonce(), settings.basemap_tiles)
        )
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
