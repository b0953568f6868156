"""Words of the marks room. `MarkKind` lies in routing, whose catalogue lists chips by it."""

from __future__ import annotations

from enum import StrEnum


class MarkStatus(StrEnum):
    """Publication, an axis apart from the case (DECISIONS 20)."""

    RECEIVED = "received"
    PUBLISHED = "published"
    HELD = "held"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class MarkVerb(StrEnum):
    """What can be done to a mark's publication."""

    PUBLISH = "publish"
    HOLD = "hold"
    HIDE = "hide"
    REFER = "refer"
    RETURN_TO_REVIEW = "return_to_review"
    WITHDRAW = "withdraw"


_M, _V = MarkStatus, MarkVerb

TRANSITIONS: dict[MarkVerb, dict[MarkStatus, MarkStatus]] = {
    _V.PUBLISH: {_M.RECEIVED: _M.PUBLISHED, _M.HELD: _M.PUBLISHED, _M.HIDDEN: _M.PUBLISHED},
    _V.HOLD: {_M.RECEIVED: _M.HELD, _M.PUBLISHED: _M.HELD},
    _V.HIDE: {_M.RECEIVED: _M.HIDDEN, _M.PUBLISHED: _M.HIDDEN, _M.HELD: _M.HIDDEN},
    _V.REFER: {_M.RECEIVED: _M.HIDDEN, _M.PUBLISHED: _M.HIDDEN, _M.HELD: _M.HIDDEN},
    _V.RETURN_TO_REVIEW: {_M.PUBLISHED: _M.RECEIVED, _M.HELD: _M.RECEIVED, _M.HIDDEN: _M.RECEIVED},
    _V.WITHDRAW: {
        _M.RECEIVED: _M.WITHDRAWN,
        _M.PUBLISHED: _M.WITHDRAWN,
        _M.HELD: _M.WITHDRAWN,
        _M.HIDDEN: _M.WITHDRAWN,
    },
}
"""verb -> status it may be used in -> status it leads to. The only such table."""


class Channel(StrEnum):
    """How a mark came in; a staff member who types for others never appears as author."""

    WEB = "web"
    FORM = "form"
    KIOSK = "kiosk"
    PAPER = "paper"
    HOTLINE = "hotline"
    WINDOW = "window"
    GRID_WORKER = "grid_worker"
    DOOR_TO_DOOR = "door_to_door"
    SECRETARY = "secretary"
    IMPORT = "import"


class PinOrigin(StrEnum):
    """How the place was chosen, recorded because map answers cluster more coarsely than interviews."""

    MAP = "map"
    LIST = "list"
    LOCATED = "located"
    POSTER = "poster"
    IMPORT = "import"
