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


def test_fresh_view_when_nobody_is_signed_in_then_asked_to_sign_in_not_for_a_password(client):
    assert client.post("/me/tokens", data={"label": "x", "days": "1"}).status_code == 401


def test_views_that_hand_out_rights_or_work_in_bulk_ask_for_a_fresh_session(app: Flask):
    fresh = {name for name, view in app.view_functions.items() if getattr(view, "fresh", False)}
    assert fresh >= {
        "accounts.make_token",
        "people.create",
        "people.grant",
        "people.password",
        "people.disable",
        "units.change",
        "units.add_member",
        "seats.appoint",
        "roster.take",
    }
