"""Every answer of the API in this room's tests must be declared in the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request

from planner.interop.document import PATHS


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """The application, watched: undeclared statuses fail the test that saw them."""
    undeclared: set[tuple[str, str, int]] = set()

    @app.after_request
    def watch(response: Response) -> Response:
        rule = request.url_rule
        if rule is not None and rule.rule.startswith("/api/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            declared = PATHS.get(path, {}).get(request.method.lower(), {}).get("responses", {})
            if str(response.status_code) not in declared:
                undeclared.add((request.method, path, response.status_code))
        return response

    yield app
    assert undeclared == set()
