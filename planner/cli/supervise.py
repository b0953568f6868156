"""Two processes that live and die together: the server and its worker."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

START = (sys.executable, "-c", "from planner.cli import main; main()")
GRACE_SECONDS = 20


class Pair:
    """Starts `planner <args>` once for each argument list; `run` ends when either of them does."""

    def __init__(self, *commands: Sequence[str]) -> None:
        self._commands = commands
        self._children: list[subprocess.Popen[bytes]] = []
        self._is_asked = False

    def run(self) -> int:
        """Exit status: 0 when asked to stop and all stopped well, else that of the first to end (never 0)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        self._children = [
            subprocess.Popen([*START, *command], preexec_fn=_die_with_parent)  # noqa: S603
            for command in self._commands
        ]
        while not self._is_asked and all(child.poll() is None for child in self._children):
            time.sleep(0.1)
        ended = [child.returncode for child in self._children if child.returncode is not None]
        self._end_all()
        if self._is_asked:  # one that was told before it could listen has ended well, too
            codes = {int(child.returncode) for child in self._children} - {-signal.SIGTERM}
            return max((abs(code) for code in codes), default=0)
        return max((abs(int(code)) for code in ended), default=0) or 1

    def _ask(self, *_: object) -> None:
        self._is_asked = True

    def _end_all(self) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        until = time.monotonic() + GRACE_SECONDS
        for child in self._children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _die_with_parent() -> None:
    """Linux: a child gets SIGTERM when the parent is killed without a chance to pass it on."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
