"""Static files under one hash of the whole tree, so that ES modules and styles always fit each other."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from pathlib import Path

import brotli
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_compress import Compress
from werkzeug.security import safe_join

from planner.core.errors import NotFound
from planner.core.policies import anyone
from planner.core.settings import resource_dir

from .guards import guarded

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/geo+json", ".geojson")

TEXT_TYPES = (
    "text/html",
    "text/css",
    "text/javascript",
    "text/plain",
    "text/csv",
    "application/json",
    "application/geo+json",
    "application/problem+json",
    "application/manifest+json",
    "image/svg+xml",
)
PLAIN = "identity"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: bytes(brotli.compress(data, quality=9)),
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
    PLAIN: lambda data: data,
}


def tree_hash(root: Path) -> str:
    """Short digest of every file's path and content below a directory."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".py":
            total.update(str(path.relative_to(root)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def init(app: Flask) -> None:
    """Serve `/static/<hash>/…` with a year of cache; `asset(path)` gives such an address."""
    root = resource_dir("static")
    version = tree_hash(root)
    packed: dict[tuple[str, int, str], bytes] = {}

    def asset(path: str) -> str:
        return f"/static/{version}/{path}"

    def content(path: Path, encoding: str) -> bytes:
        key = (str(path), path.stat().st_mtime_ns, encoding)
        if key not in packed:
            packed[key] = PACKERS[encoding](path.read_bytes())
        return packed[key]

    @app.get("/static/<string:version_wanted>/<path:filename>", endpoint="static_file")
    @guarded(anyone)
    def static_file(version_wanted: str, filename: str) -> Response:
        found = safe_join(str(root), filename)
        if found is None or filename.endswith(".py") or not Path(found).is_file():
            raise NotFound()
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        encoding = best_encoding() if kind in TEXT_TYPES else PLAIN
        data = content(Path(found), encoding)
        answer = Response(data, mimetype=kind)
        if encoding != PLAIN:
            answer.headers["Content-Encoding"] = encoding
        answer.set_etag(hashlib.sha256(data).hexdigest()[:20])
        # A file opened by itself may load nothing; the page's long policy would double small modules.
        answer.headers["Content-Security-Policy"] = "default-src 'none'"
        is_current = version_wanted == version
        answer.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_current else "public, max-age=60"
        )
        return answer

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["static_version"] = version
    app.session_interface = CookielessWhenPublic()


def init_compression(app: Flask) -> None:
    """Compress text that is sent whole, and answer 304 to a reader that has the same; streams stay plain.

    Call it last: the hooks of a request's end run in reverse order.
    """
    app.config.update(
        COMPRESS_MIMETYPES=list(TEXT_TYPES),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=False,
        COMPRESS_MIN_SIZE=600,
    )

    @app.after_request
    def not_modified(response: Response) -> Response:
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            response.make_conditional(request)
        return response

    Compress(app)


def best_encoding() -> str:
    """The tightest encoding this browser takes."""
    wanted = request.accept_encodings
    return next((name for name in ("br", "gzip") if wanted[name] > 0), PLAIN)


class CookielessWhenPublic(SecureCookieSessionInterface):
    """What any cache may keep carries no cookie and does not vary by one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave public answers alone."""
        if not response.cache_control.public:
            super().save_session(app, session, response)
