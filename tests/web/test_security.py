import re

import pytest

from planner.web.security import content_policy
from planner.web.views import safe_next


def test_every_answer_when_given_then_carries_the_headers(client):
    answer = client.get("/healthz/live")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_nonce_when_two_answers_then_two_nonces(client):
    seen = {
        re.search(
            r"'nonce-([^']+)'", client.get("/healthz/live").headers["Content-Security-Policy"]
        )[1]
        for _ in range(2)
    }
    assert len(seen) == 2


def test_content_policy_when_tiles_are_configured_then_names_that_host_only():
    policy = content_policy("n", "https://t{s}.tiles.example/{z}/{x}/{y}.png?tk=1")
    assert "https://t*.tiles.example" in policy
    assert "tk=1" not in policy


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil",
        "javascript:x",
        "",
        None,
        "/a\nb",
    ],
)
def test_safe_next_when_it_leads_outside_then_fallback(target):
    assert safe_next(target, "/home") == "/home"


def test_safe_next_when_inside_then_kept():
    assert safe_next("/n/x/tray?page=2", "/home") == "/n/x/tray?page=2"


def test_api_when_posted_from_another_origin_then_403(client):
    answer = client.post(
        "/api/v1/neighborhoods/x/marks", json={}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"


def test_api_when_posted_by_a_cross_site_page_then_403(client):
    answer = client.post(
        "/api/v1/neighborhoods/x/marks", json={}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_ready_when_schema_is_current_then_ok(client):
    assert client.get("/healthz/ready").status_code == 200


def test_preferences_when_chosen_then_remembered_and_sent_back(client):
    answer = client.post(
        "/preferences", data={"elder": "1", "lang": "en", "next": "//evil.example"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert client.get_cookie("elder").value == "1"
    assert client.get_cookie("lang").value == "en"


def test_worker_when_fetched_then_at_the_root_for_the_whole_site_and_never_kept(client):
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/device/forget", "/preferences"])
def test_cookies_when_another_site_asks_then_left_alone(client, path):
    client.set_cookie("elder", "1")
    answer = client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.get_cookie("elder") is not None


def test_device_when_forgotten_then_every_cookie_is_taken_back(client):
    client.get("/r")
    client.post("/preferences", data={"elder": "1", "lang": "en"})
    assert {client.get_cookie(name) is None for name in ("device", "elder", "lang")} == {False}
    assert client.post("/device/forget").status_code == 204
    left = [client.get_cookie(name) for name in ("device", "elder", "lang", "session")]
    assert left == [None] * 4
