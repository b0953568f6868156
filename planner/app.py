"""create_app(): the only file, beside the commands, that knows every room."""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy import MetaData
from werkzeug.middleware.proxy_fix import ProxyFix

from planner.core.db import Base, Database
from planner.core.settings import Settings, load_settings
from planner.web import assets, context, device, errors, guards, i18n, security
from planner.web import views as web_views
from planner.web.context import Services


def all_metadata() -> MetaData:
    """The metadata with every room's tables registered."""
    import planner.accounts.models
    import planner.core.models
    import planner.marks.models
    import planner.places.models
    import planner.routing.models  # noqa: F401

    return Base.metadata


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Build the application; refuses to start while a route lacks a policy."""
    chosen = settings or load_settings(dict(os.environ))
    app = Flask("planner", static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    context.init(app, Services(chosen, database or Database(chosen.database_url)))
    security.init(app, chosen)
    device.init(app)
    i18n.init(app)
    errors.init(app)
    assets.init(app)
    web_views.init(app)
    _register_rooms(app)
    guards.refuse_unguarded(app)
    assets.init_compression(app)
    if chosen.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=chosen.proxies, x_proto=chosen.proxies, x_host=chosen.proxies
        )
    return app


def _register_rooms(app: Flask) -> None:
    """Every room's blueprints, messages and loaders, from the lower floors upward."""
    from planner import furnishing
    from planner.accounts import views as accounts
    from planner.home import views as home
    from planner.interop import views as interop
    from planner.marks import views as marks
    from planner.places import queries as places_queries
    from planner.places import views as places
    from planner.routing import views as routing

    for room in (places, accounts, routing, marks, home, interop):
        room.init(app)
    places.hand_in(
        app,
        furnish=furnishing.furnish,
        follow_map=furnishing.follow_map,
        marks_moved=furnishing.marks_moved,
    )
    guards.init(
        app,
        load_actor=accounts.load_actor,
        load_place=places_queries.neighborhood_by_slug,
        confirm=accounts.confirm,
    )
