import pytest
from flask import Flask

from planner.core.policies import anyone
from planner.web import guards


def test_start_when_a_route_names_no_policy_then_refused(app: Flask):
    app.add_url_rule("/open-door", "open_door", lambda: "hello")
    with pytest.raises(guards.MissingPolicy, match="open_door"):
        guards.refuse_unguarded(app)


def test_start_when_every_route_names_its_policy_then_accepted(app: Flask):
    app.add_url_rule("/door", "door", guards.guarded(anyone)(lambda: "hello"))
    guards.refuse_unguarded(app)


def test_unknown_neighborhood_when_asked_then_404(client):
    assert client.get("/api/v1/neighborhoods/nowhere").status_code == 404
