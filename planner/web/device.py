"""A browser's own pseudonymous id: a signed cookie, no row, no lasting name for a person."""

from __future__ import annotations

import hashlib
import secrets
from typing import cast

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

YEAR = 365 * 24 * 3600


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="planner.device")


def cookie_name() -> str:
    """`__Host-` only where the cookie is Secure."""
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def device() -> str:
    """This browser's id; a new one is made for the answer when the cookie is absent or forged."""
    if "device" not in g:
        try:
            g.device = str(_signer().loads(request.cookies.get(cookie_name(), "")))
        except BadSignature:
            g.device = secrets.token_urlsafe(18)
            g.device_is_new = True
    return cast(str, g.device)


def device_hash() -> bytes:
    """What is stored of the device: a keyed digest, useless without the secret key."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hashlib.blake2b(
        device().encode(), key=hashlib.sha256(key).digest(), digest_size=32
    ).digest()


def forget(answer: Response) -> None:
    """Take the cookie back; the browser gets a new id when it comes again."""
    g.device_is_new = False
    answer.delete_cookie(
        cookie_name(),
        path="/",
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def init(app: Flask) -> None:
    """Send a new device its cookie."""

    @app.after_request
    def remember(response: Response) -> Response:
        if g.get("device_is_new") and not response.cache_control.public:
            response.set_cookie(
                cookie_name(),
                _signer().dumps(g.device),
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
                path="/",
            )
        return response
