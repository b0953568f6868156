"""The loop behind `planner worker`: jobs that are due, one after the other, each on its own."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError

from .db import Database

log = logging.getLogger("planner.worker")

TICK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """What a job gets: the database, the instant, and the name under which it claims."""

    database: Database
    now: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `seconds`; `run` gives how many items it handled and may be repeated."""

    name: str
    seconds: float
    run: Callable[[Turn], int]


class Worker:
    """Runs jobs in one thread. Any number of workers may run beside each other."""

    def __init__(
        self, database: Database, jobs: Sequence[Job], *, clock: Callable[[], datetime]
    ) -> None:
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(3)}"
        self._database = database
        self._jobs = jobs
        self._clock = clock
        self._last: dict[str, float] = {}

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; the job in hand is finished first."""
        while not stop.is_set():
            for job in self._jobs:
                if stop.is_set():
                    break
                if self._is_due(job):
                    self._try(job)
            stop.wait(TICK_SECONDS)

    def run_all(self) -> dict[str, int | None]:
        """Each job until it finds nothing more: name -> items handled, None when it failed."""
        done: dict[str, int | None] = {}
        for job in self._jobs:
            total: int | None = 0
            while total is not None and (count := self._try(job)) != 0:
                total = None if count is None else total + count
            done[job.name] = total
        return done

    def _is_due(self, job: Job) -> bool:
        last = self._last.get(job.name)
        return last is None or time.monotonic() - last >= job.seconds

    def _try(self, job: Job) -> int | None:
        self._last[job.name] = time.monotonic()
        try:
            return job.run(Turn(self._database, self._clock(), self.name))
        except OperationalError as error:
            log.warning("job %s: database unavailable (%s)", job.name, type(error.orig).__name__)
        except Exception:
            log.exception("job %s failed; it will be tried again", job.name)
        return None
