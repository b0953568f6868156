"""Where notices go: the operator's channels (mail, WeCom, webhooks …) by URL, or a dry log."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from .errors import PlannerError
from .settings import Settings, SettingsError

log = logging.getLogger("planner.notify")


class Channel(Protocol):
    """One way out. `name` may be stored and logged; the address behind it never is."""

    name: str

    def send(self, title: str, body: str) -> bool:
        """Whether the other side took it."""


class UnknownNotice(PlannerError):
    """A message of a kind or event no text is known for; trying again is useless."""

    code = "unknown_notice"


class DryChannel:
    """Development: one line per notice in a file, nothing leaves the house."""

    name = "dry"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def send(self, title: str, body: str) -> bool:
        """Append the line."""
        with self._lock, self._path.open("a", encoding="utf-8") as out:
            out.write(f"{title}\t{body}\n")
        return True


class UrlChannel:
    """An apprise URL: `mailto://…`, `wecombot://…`, `json://…` and a hundred more."""

    def __init__(self, url: str) -> None:
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log addresses
        self.name = hashlib.sha256(url.encode()).hexdigest()[:12]
        self._target = apprise.Apprise()
        if not self._target.add(url):
            kind = url.split(":", 1)[0][:20]
            raise SettingsError(f"PLANNER_NOTIFY_URLS holds a {kind}: address that cannot be read")

    def send(self, title: str, body: str) -> bool:
        """Hand it over; what went wrong stays with the channel."""
        return bool(self._target.notify(title=title, body=body))


def channels_of(settings: Settings) -> list[Channel]:
    """The configured channels; without any, the dry one in the data directory."""
    if not settings.notify_urls:
        return [DryChannel(settings.data_dir / "outbox.log")]
    return [UrlChannel(url) for url in settings.notify_urls]


def deliver(
    channels: Sequence[Channel], title: str, body: str, *, only: Sequence[str] | None = None
) -> list[str]:
    """Send to every channel (or those named in `only`); give the names of those not reached."""
    missed = []
    for channel in channels:
        if only is not None and channel.name not in only:
            continue
        try:
            taken = channel.send(title, body)
        except Exception as error:  # a channel's library may raise anything
            log.warning("channel %s: %s", channel.name, type(error).__name__)
            taken = False
        if not taken:
            missed.append(channel.name)
    return missed


def compose(texts: Mapping[str, str], payload: Mapping[str, Any]) -> str:
    """The notice's sentence from the text of its event and the codes in its payload."""
    text = texts.get(str(payload.get("event")))
    if text is None:
        raise UnknownNotice()
    try:
        return text % dict(payload)
    except KeyError as error:
        raise UnknownNotice() from error
