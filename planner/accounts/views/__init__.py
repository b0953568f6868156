"""Pages and API of the room."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from planner.core.actor import Actor, ActorKind
from planner.web.device import device


def init(app: Flask) -> None:
    """Register the room's blueprints and messages."""


def load_actor(session: Session) -> Actor:
    """Who asks: the signed-in person, the bearer of a token, or a visitor."""
    return Actor(kind=ActorKind.VISITOR, device=device())
