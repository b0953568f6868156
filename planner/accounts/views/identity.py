"""What Flask-Login keeps of a signed-in person."""

from __future__ import annotations

from datetime import datetime

from flask_login import LoginManager, UserMixin

from planner.accounts import queries
from planner.accounts.models import Person
from planner.web import context

login_manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """The token of one session; its row decides whether it still lives and how fresh it is."""

    def __init__(self, token: str, person: Person, confirmed_at: datetime) -> None:
        self.token = token
        self.person = person
        self.confirmed_at = confirmed_at

    def get_id(self) -> str:
        """The token, stored in the signed cookie."""
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> SignedIn | None:
    """The session behind the cookie, if it has not ended."""
    found = queries.live_sign_in(context.db(), token, context.now())
    return SignedIn(token, found[1], found[0].confirmed_at) if found else None
