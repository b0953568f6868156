"""What one request has at hand: services of the installation, its session, actor and neighborhood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from planner.core import limits
from planner.core.actor import Actor
from planner.core.clock import utc_now
from planner.core.db import Database
from planner.core.limits import Limit
from planner.core.policies import Here
from planner.core.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Services:
    """The installation's own things, built once by `create_app`."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = utc_now


def services() -> Services:
    """The running installation's services."""
    return cast(Services, current_app.extensions["planner"])


def db() -> Session:
    """The request's session: reading for GET and for the guard, immediately writing in an unsafe view.

    Decode photos and hash passwords before a view's first call: on SQLite it waits for the write lock.
    """
    database = services().database
    if "session" not in g:
        g.session = database.reading()
    if g.pop("is_judged", False):
        database.turn_to_writing(g.session)
    return cast(Session, g.session)


def end_checks() -> None:
    """The guard is done. An unsafe request holds no transaction until its view asks for the session."""
    if request.method not in SAFE_METHODS and "session" in g:
        g.session.commit()
        g.is_judged = True


def spend(*uses: tuple[Limit, str]) -> None:
    """Count uses, in a transaction of their own; what the request's own has done so far is undone.

    On SQLite the two would wait for each other, so views spend before they write.
    """
    if "session" in g and not g.get("is_judged"):
        g.session.rollback()
    limits.spend_each(services().database, uses, now=now())


def commit() -> None:
    """The one commit of a request; only views call it."""
    if request.method in SAFE_METHODS:
        raise RuntimeError("a GET never commits")
    db().commit()


def now() -> datetime:
    """The instant of this request: one for all its rows."""
    if "now" not in g:
        g.now = services().clock()
    return cast(datetime, g.now)


def actor() -> Actor:
    """Who asks."""
    return cast(Actor, g.actor)


def here() -> Any:
    """The neighborhood named in the address; only in routes that have one."""
    return g.neighborhood


def maybe_here() -> Here | None:
    """The neighborhood named in the address, or None."""
    return cast("Here | None", g.get("neighborhood"))


def init(app: Flask, parts: Services) -> None:
    """Hand the services to the app and close each request's session."""
    app.extensions["planner"] = parts

    @app.teardown_appcontext
    def close_session(error: BaseException | None) -> None:
        session = g.pop("session", None)
        if session is not None:
            session.close()


def is_api() -> bool:
    """Whether the answer is for a program (problem+json) rather than a page."""
    return request.path.startswith(("/api/", "/ogc/"))


def no_store(response: Response) -> Response:
    """Mark a personal answer as not to be kept anywhere."""
    response.headers["Cache-Control"] = "no-store"
    return response
