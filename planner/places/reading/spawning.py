"""The parent's side: start the reader, watch it, take what it made.

The child gets a copy of the file in an empty directory and an environment without settings or keys. What it
gives back is parsed as plain JSON of fixed depth, so that even a reader turned hostile cannot crash us.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from planner.core.errors import Invalid, TooLarge
from planner.core.settings import PACKAGE_DIR

from ..rules.features import Feature, feature_from
from .bounds import MEGABYTE, Bounds, child_environment

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: `lines` holds one checked feature as JSON per line, in the file's own grid.

    `empty` features have no geometry; `bare` names the first of their lines.
    """

    format: str
    crs: str
    lines: bytes
    layers: tuple[str, ...] = ()
    encoding: str = ""
    count: int = 0
    empty: int = 0
    bare: tuple[int, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def features(self) -> Iterator[Feature]:
        """The features again."""
        for line in self.lines.splitlines():
            yield feature_from(orjson.loads(line))


def read_foreign(
    source: Path, *, bounds: Bounds | None = None, progress: Progress | None = None
) -> Reading:
    """Read a foreign file in a child process.

    Raises:
        TooLarge: the file itself is beyond the limit.
        Invalid: code `file_refused` or a code of the file's fault; `facts["faults"]` lists features
            by line with code and facts.
    """
    limits = bounds or Bounds()
    if source.stat().st_size > limits.file_bytes:
        raise TooLarge("file_too_large", megabytes=limits.file_bytes // MEGABYTE)
    with tempfile.TemporaryDirectory(prefix="planner-reading-") as held:
        room = Path(held)
        shutil.copyfile(source, room / "given")
        order = {
            "path": str(room / "given"),
            "result": str(room / "result"),
            "bounds": limits.as_json(),
        }
        (room / "order.json").write_text(json.dumps(order), encoding="utf-8")
        verdict = _run(room, limits, progress or _quiet)
        return _reading(verdict, room / "result")


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""


def _run(room: Path, limits: Bounds, progress: Progress) -> dict[str, Any]:
    """Start the child in its directory; give its last word, or refuse when it has none."""
    child = subprocess.Popen(  # noqa: S603  # our own interpreter and module, no shell
        [sys.executable, "-m", "planner.places.reading", str(room / "order.json")],
        cwd=room,
        env=child_environment(str(room), str(PACKAGE_DIR.parent)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    late = threading.Event()
    timer = threading.Timer(limits.wall_seconds, _stop, (child, late))
    timer.start()
    try:
        assert child.stdout is not None  # it was asked for above
        verdict = _listen(child.stdout, progress)
        code = child.wait()
    finally:
        timer.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if late.is_set() or code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Invalid("file_too_costly", fields={"file": "file_too_costly"})
    if verdict is None or code != 0:
        raise Invalid("reader_died", fields={"file": "reader_died"})
    return verdict


def _stop(child: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    child.kill()


def _listen(stdout: IO[str], progress: Progress) -> dict[str, Any] | None:
    for line in stdout:
        said = _said(line)
        if "done" in said:
            progress(int(said["done"]), int(said["total"]))
        elif "ok" in said or "refused" in said:
            return said
    return None


def _said(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line[:100_000])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _reading(verdict: dict[str, Any], result: Path) -> Reading:
    refused = verdict.get("refused")
    if refused is not None:
        code = str(refused["code"])
        raise Invalid(code, fields={"file": code}, **refused["facts"])
    ok = verdict["ok"]
    if ok["faulty"]:
        raise Invalid(
            "features_faulty",
            fields={"file": "features_faulty"},
            number=ok["faulty"],
            faults=ok["faults"],
        )
    if not ok["count"]:
        raise Invalid("file_empty", fields={"file": "file_empty"})
    return Reading(
        format=ok["format"],
        crs=ok["crs"],
        lines=result.read_bytes(),
        layers=tuple(ok["layers"]),
        encoding=ok["encoding"],
        count=ok["count"],
        empty=ok["empty"],
        bare=tuple(ok["bare"]),
    )
