"""A throw-away PostgreSQL cluster on a free port, run by a non-root user and removed afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

PACKAGE = "postgresql-15-postgis-3"


class ClusterMissing(RuntimeError):
    """The PostgreSQL server programs are not installed."""


def bin_dir() -> Path:
    """Directory of initdb and pg_ctl."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
    )
    if not versions:
        raise ClusterMissing(f"PostgreSQL is not installed: apt-get install {PACKAGE}")
    return versions[-1].parent


class Cluster:
    """Started by `start`, stopped and erased by `stop`."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="planner-pg-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    @property
    def url(self) -> str:
        """SQLAlchemy URL without a database name."""
        return f"postgresql+psycopg://planner@127.0.0.1:{self.port}"

    def start(self) -> None:
        """initdb and start, tuned for tests (no fsync)."""
        if self._as_other:
            shutil.chown(self.root, "postgres")
        data = self.root / "data"
        tools = bin_dir()
        self._run(
            tools / "initdb",
            "-D",
            data,
            "-U",
            "planner",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
        )
        self.resume()

    def resume(self) -> None:
        """Start it, or start it again."""
        options = (
            f"-p {self.port} -k {self.root} -c listen_addresses=127.0.0.1 -c fsync=off"
            " -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
        )
        self._control("-l", self.root / "log", "-o", options, "start")

    def pause(self) -> None:
        """Stop it in the middle of whatever it does; the data stays."""
        self._control("-m", "immediate", "stop")

    def stop(self) -> None:
        """Stop at once and erase."""
        self.pause()
        shutil.rmtree(self.root, ignore_errors=True)

    def _control(self, *options: object) -> None:
        self._run(bin_dir() / "pg_ctl", "-D", self.root / "data", "-w", *options)

    def _run(self, *command: object) -> None:
        subprocess.run(
            [*self._as_other, *map(str, command)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
