"""`planner serve|worker`."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from datetime import timedelta

import click
from sqlalchemy.exc import OperationalError

from planner.core import audit, outbox
from planner.core.clock import utc_now
from planner.core.logs import log_to_stderr
from planner.core.migrate import unready
from planner.core.settings import SettingsError
from planner.core.worker import Worker

from .context import database, json_option, say, settings
from .jobs import jobs
from .supervise import Pair

PATIENCE = timedelta(minutes=10)
"""Longer than a claim holds, so that a worker that died has been replaced by then."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (PostgreSQL only).")
@click.option("--with-worker", is_flag=True, help="Run the worker too; both end together.")
@json_option
def serve(host: str, port: int, workers: int | None, with_worker: bool, as_json: bool) -> None:
    """Serve the pages and the API."""
    from .server import Server, default_workers

    _refuse_unready()
    count = workers or default_workers(settings(), os.cpu_count() or 1)
    if count > 1 and database().is_one_process:
        raise SettingsError(
            "SQLite is served by one process: its writers queue fairly only inside one"
        )
    _refuse_taken(host, port)
    if with_worker:
        passed = ["--host", host, "--port", str(port), "--workers", str(count)]
        sys.exit(Pair(["serve", *passed, *(["--json"] if as_json else [])], ["worker"]).run())
    database().dispose()  # no connection may be shared with the processes forked from here
    log_to_stderr()
    address = f"http://{host}:{port}"
    Server(
        _application,
        host=host,
        port=port,
        workers=count,
        on_ready=lambda: say(as_json, {"address": address, "workers": count}, f"serving {address}"),
    ).run()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and end.")
@click.option("--check", is_flag=True, help="Only say whether work is left lying; exit 1 if so.")
@json_option
def worker(once: bool, check: bool, as_json: bool) -> None:
    """Send the outbox, seal the audit log, do what is due, until it is told to stop."""
    _refuse_unready()
    if check:
        sys.exit(_check_standing(as_json))
    log_to_stderr()
    work = Worker(database(), jobs(settings()), clock=utc_now)
    if once:
        done = work.run_all()
        failed = sorted(name for name, count in done.items() if count is None)
        facts = {"done": done, "failed": failed}
        say(as_json, facts, ", ".join(f"{name} {count}" for name, count in done.items()))
        sys.exit(1 if failed else 0)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    say(as_json, {"worker": work.name}, f"worker {work.name} is running")
    work.run(stop)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise SettingsError(
            f"nothing can be served on {host}, port {port}: {error.strerror}"
        ) from error


def _check_standing(as_json: bool) -> int:
    """Exit status: 1 when something due has waited longer than any worker would let it."""
    now = utc_now()
    with database().read() as session:
        waited, failed = outbox.standing(session, now=now)
        unsealed = audit.oldest_unsealed(session)
    lag = max(waited, now - unsealed if unsealed else timedelta(0))
    is_late = lag > PATIENCE
    say(
        as_json,
        {"late": is_late, "oldest_seconds": int(lag.total_seconds()), "failed": failed},
        f"{'LATE: ' if is_late else ''}oldest work {int(lag.total_seconds())} s, {failed} failed",
    )
    return 1 if is_late else 0


def _application():  # type: ignore[no-untyped-def]
    from planner.app import create_app

    return create_app(settings())


def _refuse_unready() -> None:
    try:
        reason = unready(database())
    except OperationalError as error:
        raise SettingsError(
            "the database does not answer; is PLANNER_DATABASE_URL right?"
        ) from error
    if reason:
        raise SettingsError(reason)
