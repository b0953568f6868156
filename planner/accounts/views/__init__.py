"""Pages of the accounts room, and the loader that tells every request who asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, request
from flask import session as cookie
from flask_login import current_user
from sqlalchemy.orm import Session

from planner.accounts import queries, terms
from planner.core.actor import Actor, ActorKind
from planner.core.clock import local_date
from planner.web import context, errors
from planner.web.device import device_hash
from planner.web.guards import SignInNeeded

from . import me as own_account
from . import session as signing_in
from .identity import login_manager
from .passwords import confirm
from .people import bp as people
from .roster import bp as roster
from .seats import bp as seats
from .units import bp as units

__all__ = ["confirm", "init", "load_actor"]
NOBODY_ASKED = ("static_file", "web.live", "web.ready")


def load_actor(session: Session) -> Actor:
    """Who asks: the signed-in person, a visitor on some device, or (API only) the bearer of a token."""
    if request.endpoint in NOBODY_ASKED:
        return Actor(kind=ActorKind.VISITOR)
    header = request.headers.get("Authorization", "")
    if context.is_api() and header.startswith("Bearer "):
        person = queries.bearer(session, header[7:], context.now())
        if person is None:
            raise SignInNeeded("token_wrong")
    else:
        person = current_user.person if current_user.is_authenticated else None
    if person is None:
        return Actor(kind=ActorKind.VISITOR, device=device_hash().hex(), receipts=shown_receipts())
    actor = queries.actor_for(session, person, local_date(context.now()), device_hash().hex())
    return replace(actor, receipts=shown_receipts())


def shown_receipts() -> frozenset[bytes]:
    """Hashes of the receipts entered in this browser (kept in its signed cookie)."""
    return frozenset(bytes.fromhex(item) for item in cookie.get("receipts", ()))


def _word(kind: Any, code: str) -> str:
    """A remit's topic or area by its code; the room that knows the catalogue puts its names here."""
    return code


def init(app: Flask) -> None:
    """Register sign-in, own account, people, units and seats."""
    login_manager.init_app(app)
    own = Blueprint("accounts", __name__, template_folder="../templates")
    signing_in.add_routes(own)
    own_account.add_routes(own)
    for bp in (own, people, units, seats, roster):
        app.register_blueprint(bp)
    errors.add_messages(terms.MESSAGES)
    for name in ("topic_word", "area_word"):
        app.jinja_env.globals.setdefault(name, _word)
    app.jinja_env.globals.update(
        tier_labels=terms.TIER_LABELS,
        role_labels=terms.ROLE_LABELS,
        duty_labels=terms.DUTY_LABELS,
        issuing_labels=terms.CHAIN_LABELS,
        qualification_labels=terms.QUALIFICATION_LABELS,
        appointment_labels=terms.APPOINTMENT_LABELS,
        level_labels=terms.LEVEL_LABELS,
    )
