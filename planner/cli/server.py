"""The HTTP server: gunicorn with threads, configured here and nowhere else (docs/decisions)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from planner.core.settings import Settings

THREADS = 8
"""Per process, and below the database pool's ten: no request waits for a connection."""

GRACE_SECONDS = 15


class Server(BaseApplication):  # type: ignore[misc]
    """Serves what `make_app` builds in each process after the fork."""

    def __init__(
        self,
        make_app: Callable[[], Flask],
        *,
        host: str,
        port: int,
        workers: int,
        on_ready: Callable[[], None],
    ) -> None:
        self._make_app = make_app
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "proc_name": "planner",
            "loglevel": "warning",
            "control_socket_disable": True,
            "forwarded_allow_ips": "",
            "when_ready": lambda _arbiter: on_ready(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Our options only: no file and no environment variable of the server's own."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of one process."""
        return self._make_app()


def default_workers(settings: Settings, cores: int) -> int:
    """One process on SQLite, whose fair queue of writers is per process; else one per core, at most 4."""
    return 1 if settings.database_url.startswith("sqlite") else max(1, min(cores, 4))
