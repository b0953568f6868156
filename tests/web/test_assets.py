"""Static files, compression and conditional answers."""

import gzip
import re

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from planner.core.policies import anyone
from planner.web.assets import tree_hash
from planner.web.guards import guarded


@pytest.fixture
def style(app: Flask) -> str:
    """Address of a style sheet of some size."""
    return str(app.jinja_env.globals["asset"]("app/css/components.css"))


def test_static_when_current_hash_then_kept_a_year_by_any_cache(client: FlaskClient, style: str):
    answer = client.get(style)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.mimetype == "text/css"


def test_static_when_old_hash_then_kept_a_minute(client: FlaskClient, style: str):
    old = re.sub(r"/static/[^/]+/", "/static/000000000000/", style)
    assert client.get(old).headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "vendor.py", "none.css", "app", "%2e%2e/README.md"]
)
def test_static_when_not_a_file_of_ours_then_404(client: FlaskClient, style: str, path: str):
    assert client.get(style[: style.index("/app/")] + "/" + path).status_code == 404


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_static_when_packed_then_the_same_content_and_304(client, style, encoding, unpack):
    plain = client.get(style).data
    packed = client.get(style, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain) / 2
    assert unpack(packed.data) == plain
    again = client.get(
        style,
        headers={"Accept-Encoding": encoding, "If-None-Match": packed.headers["ETag"]},
    )
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(style, headers={"If-None-Match": packed.headers["ETag"]})
    assert other.status_code == 200, "the plain file is another body and has another ETag"


def test_picture_when_asked_packed_then_sent_as_it_is(client: FlaskClient, style: str):
    root = style[: style.index("/app/")]
    answer = client.get(
        f"{root}/maps/vendor/leaflet/images/marker-icon.png", headers={"Accept-Encoding": "br"}
    )
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_tree_hash_when_one_byte_changes_then_another(tmp_path):
    (tmp_path / "a.css").write_text("a{}")
    before = tree_hash(tmp_path)
    (tmp_path / "a.css").write_text("b{}")
    assert tree_hash(tmp_path) != before


def _route(app: Flask, path: str, view) -> None:
    app.add_url_rule(path, path.strip("/"), guarded(anyone)(view))


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """The application, still open for a test's own routes."""
    app._got_first_request = False
    return app


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_data_when_unchanged_then_304_in_every_encoding(open_app: Flask, encoding: str):
    def data() -> Response:
        made = Response("街区" * 2_000, mimetype="application/geo+json")
        made.set_etag("7-12")
        return made

    _route(open_app, "/data", data)
    client = open_app.test_client()
    first = client.get("/data", headers={"Accept-Encoding": encoding})
    assert first.headers.get("Content-Encoding", "") == encoding
    again = client.get(
        "/data", headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_stream_when_packing_is_offered_then_sent_plain(open_app: Flask):
    _route(
        open_app, "/stream", lambda: Response((f"{n}\n" for n in range(900)), mimetype="text/csv")
    )
    answer = open_app.test_client().get("/stream", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.data.endswith(b"899\n")


class LockNotAvailable(Exception):
    """Named like the driver's."""


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (LockNotAvailable("canceling statement"), 503),
        (Exception("database is locked"), 503),
        (Exception("database or disk is full"), 503),
        (Exception("no such table: places"), 500),
        (Exception('near "SELEC": syntax error'), 500),
    ],
)
def test_database_error_when_it_may_pass_then_503_else_500(open_app, caplog, cause, status):
    def broken() -> Response:
        raise OperationalError("SELECT :name", {"name": "13912345678"}, cause)

    _route(open_app, "/api/broken", broken)
    answer = open_app.test_client().get("/api/broken")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_ready_when_schema_is_behind_then_503_and_live_still_answers(client, database):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert "planner db upgrade" in answer.json["reason"]
    assert client.get("/healthz/live").status_code == 200
