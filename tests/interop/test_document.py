"""The OpenAPI document: valid, complete over the real routes, and true of what is answered."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from planner.core.db import Database
from planner.interop.document import PATHS, document
from planner.marks.serializer import FIELDS
from planner.places.models import Neighborhood
from tests.factories.marks import make_mark, post
from tests.factories.stage import SPOTS, make_stage

API = "/api/v1/neighborhoods"


def routes(app: Flask) -> set[tuple[str, str]]:
    """(method, path as the document writes it) of every real route of the API."""
    return {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_document_when_validated_then_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(document("1")).validate()


def test_document_when_compared_with_the_routes_then_neither_has_more(app: Flask) -> None:
    declared = {
        (method, path) for path, item in PATHS.items() for method in item if method != "parameters"
    }
    assert declared == routes(app)


def test_mark_fields_when_the_serializer_gives_one_then_declared() -> None:
    declared = document("1")["components"]["schemas"]["MarkFields"]["properties"]
    assert set(declared) == set(FIELDS)


def check(schema_name: str, value: object) -> None:
    whole = document("1")
    schema = {"$ref": f"#/components/schemas/{schema_name}", "components": whole["components"]}
    Draft202012Validator(schema).validate(value)


def test_answers_when_given_then_as_declared(app: Flask, database: Database) -> None:
    with database.write() as session:
        here: Neighborhood = make_stage(session).here
        line = {"type": "LineString", "coordinates": [[118.7505, 32.0665], [118.7535, 32.0667]]}
        make_mark(session, here, geometry=line)
        for spot in SPOTS.values():
            make_mark(session, here, at=spot)
    client = app.test_client()
    key = uuid4()
    check("MarkCreated", post(client, key=key).get_json())
    for path, name in (
        (API, "Neighborhoods"),
        (f"{API}/here", "Neighborhood"),
        (f"{API}/here/marks", "MarkPage"),
        (f"{API}/here/marks/cells", "Cells"),
        (f"{API}/here/marks/{key}", "Mark"),
        (f"{API}/here/marks?kind=x", "Problem"),
        (f"{API}/nowhere", "Problem"),
        ("/api/v1/nothing", "Problem"),
    ):
        check(name, client.get(path).get_json())
    check("Problem", post(client, raw=b"{").get_json())


def test_document_when_asked_then_served_and_readable_as_a_page(client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.get_json()["openapi"] == "3.1.0"
    page = client.get("/api/v1/docs").get_data(as_text=True)
    for path in PATHS:
        assert path in page
    assert "Idempotency-Key" in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_address_when_the_verb_is_not_declared_then_405_as_problem(client, method) -> None:
    answer = getattr(client, method)(f"{API}/x/marks", json={})
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
