"""Default deny: every route names its policy, or the application does not start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from planner.core.actor import Actor
from planner.core.errors import NotAllowed, NotFound
from planner.core.policies import Here, Policy

from .context import SAFE_METHODS, db, end_checks, is_api

View = TypeVar("View", bound=Callable[..., Any])
ActorLoader = Callable[[Session], Actor]
PlaceLoader = Callable[[Session, str], "Here | None"]
Confirm = Callable[[], "Response | None"]


class SignInNeeded(NotAllowed):
    """Nobody is signed in and the page needs somebody."""

    code = "sign_in_needed"
    status = 401


class MissingPolicy(RuntimeError):
    """A route without a policy; start-up is refused."""


def guarded(policy: Policy, *, fresh: bool = False) -> Callable[[View], View]:
    """Name the policy of a route. The neighborhood of `<slug>` is loaded before it is asked.

    Args:
        fresh: the password must have been given lately (handing out rights, bulk work, tokens).
    """

    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        view.fresh = fresh  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Policy:
    """The policy a route named; raises when it named none."""
    view = app.view_functions[endpoint]
    policy = getattr(view, "policy", None)
    if policy is None:
        raise MissingPolicy(f"route {endpoint} names no policy")
    return cast(Policy, policy)


def init(app: Flask, *, load_actor: ActorLoader, load_place: PlaceLoader, confirm: Confirm) -> None:
    """Ask every request's policy; call `refuse_unguarded` once all routes are known."""

    @app.before_request
    def check() -> Response | None:
        if request.endpoint is None:
            g.actor = load_actor(db())
            return None
        policy = policy_of(app, request.endpoint)
        slug = (request.view_args or {}).get("slug")
        g.actor = load_actor(db())
        if slug is not None:
            g.neighborhood = load_place(db(), slug)
            if g.neighborhood is None:
                g.pop("neighborhood")
                raise NotFound("neighborhood_not_found")
        verdict = _judge(policy, g.actor, g.get("neighborhood"))
        end_checks()
        if verdict is None and getattr(app.view_functions[request.endpoint], "fresh", False):
            return confirm()
        return verdict


def _judge(policy: Policy, actor: Actor, here: Here | None) -> Response | None:
    if policy(actor, here):
        return None
    if not actor.is_signed_in:
        if is_api() or request.method not in SAFE_METHODS:
            raise SignInNeeded()
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    if here is not None and not actor.belongs_to(here.id):
        raise NotFound()
    raise NotAllowed()


def refuse_unguarded(app: Flask) -> None:
    """Refuse to start while any route lacks a policy."""
    for rule in app.url_map.iter_rules():
        policy_of(app, rule.endpoint)
