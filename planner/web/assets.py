"""Static files under one hash of the whole tree, so that ES modules and styles always fit each other."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from flask import Flask, Response, send_from_directory

from planner.core.errors import NotFound
from planner.core.policies import anyone
from planner.core.settings import resource_dir

from .guards import guarded

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/geo+json", ".geojson")


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

    def asset(path: str) -> str:
        return f"/static/{version}/{path}"

    @app.get("/static/<string:version_wanted>/<path:filename>", endpoint="static_file")
    @guarded(anyone)
    def static_file(version_wanted: str, filename: str) -> Response:
        if filename.endswith(".py"):
            raise NotFound()
        answer = send_from_directory(root, filename, max_age=31_536_000, conditional=True)
        if version_wanted == version:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            answer.headers["Cache-Control"] = "public, max-age=60"
        return answer

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["static_version"] = version
