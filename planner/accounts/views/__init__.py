"""Pages of the accounts room, and the loader that tells every request who asks."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, request
from flask import session as cookie
from flask_login import current_user
from sqlalchemy.orm import Session

from planner.accounts import queries
from planner.accounts.terms import (
    CHAIN_LABELS,
    DUTY_LABELS,
    MESSAGES,
    QUALIFICATION_LABELS,
    ROLE_LABELS,
    TIER_LABELS,
)
from planner.core.actor import Actor, ActorKind
from planner.core.clock import local_date
from planner.web import context, errors
from planner.web.device import device_hash

from .identity import login_manager
from .people import bp as people
from .seats import bp as seats
from .session import bp as session_pages


def load_actor(session: Session) -> Actor:
    """Who asks: the signed-in person, the bearer of a token, or a visitor on some device."""
    if request.endpoint in ("static_file", "web.live"):
        return Actor(kind=ActorKind.VISITOR)
    header = request.headers.get("Authorization", "")
    person = None
    if header.startswith("Bearer "):
        person = queries.bearer(session, header[7:], context.now())
    elif current_user.is_authenticated:
        person = current_user.person
    if person is None:
        return Actor(kind=ActorKind.VISITOR, device=device_hash().hex(), receipts=shown_receipts())
    actor = queries.actor_for(session, person, local_date(context.now()), device_hash().hex())
    return replace(actor, receipts=shown_receipts())


def shown_receipts() -> frozenset[bytes]:
    """Hashes of the receipts entered in this browser (kept in its signed cookie)."""
    return frozenset(bytes.fromhex(item) for item in cookie.get("receipts", ()))


def init(app: Flask) -> None:
    """Register sign-in, people and seats."""
    login_manager.init_app(app)
    for bp in (session_pages, people, seats):
        app.register_blueprint(bp)
    errors.add_messages(MESSAGES)
    app.jinja_env.globals.update(
        tier_labels=TIER_LABELS,
        role_labels=ROLE_LABELS,
        duty_labels=DUTY_LABELS,
        chain_labels=CHAIN_LABELS,
        qualification_labels=QUALIFICATION_LABELS,
    )
