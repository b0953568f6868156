"""A real `planner serve` on a database of a test, and clients that speak HTTP to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from planner.core.db import Database

PLANNER = (sys.executable, "-c", "from planner.cli import main; main()")
PROJECT = Path(__file__).parents[1]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(url: str, data_dir: Path, **over: str) -> dict[str, str]:
    """The environment of a `planner` process, without settings of the machine the tests run on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    return {
        **kept,
        "PYTHONPATH": str(PROJECT),
        "PLANNER_DATABASE_URL": url,
        "PLANNER_DATA_DIR": str(data_dir),
        **over,
    }


def planner(*args: str, url: str, data_dir: Path, **over: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*PLANNER, *args],
        env=environment(url, data_dir, **over),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Serving:
    """A server in a process group of its own, on one port through all its starts."""

    def __init__(self, database: Database, data_dir: Path, *options: str) -> None:
        self.port = free_port()
        self._url, self._data_dir, self._options = database.url, data_dir, options
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it is ready."""
        command = [*PLANNER, "serve", "--port", str(self.port), *self._options]
        with (self._data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=environment(self._url, self._data_dir),
                cwd=self._data_dir,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if Client(self.port).get("/healthz/ready").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {self.log()}")

    def kill(self) -> None:
        """kill -9 of every process of the server."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(30)
        finally:
            if self.process.poll() is None:
                self.kill()

    def log(self) -> str:
        """All it has said."""
        return (self._data_dir / "server.log").read_text(encoding="utf-8")


@dataclass
class Reply:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Client:
    """One browser: a connection per request, cookies kept."""

    port: int
    timeout: float = 30
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Reply:
        """GET."""
        return self.send("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        """POST of JSON."""
        kind = {"Content-Type": "application/json"}
        return self.send("POST", path, json.dumps(body).encode(), {**kind, **headers})

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request; OSError when the server is gone."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError("the answer was cut off") from error
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Reply(answer.status, dict(answer.getheaders()), content, time.monotonic() - began)


def mark_body(number: int = 0, **over: Any) -> dict[str, Any]:
    """A mark inside the builders' neighborhood, somewhere else for each number."""
    lon = 118.7502 + (number % 60) * 0.00006
    lat = 32.0662 + (number // 60 % 60) * 0.00006
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        "properties": {
            "kind": "dislike",
            "topic": "parking",
            "reason": f"第 {number} 条：车停得走不动",
            **over,
        },
    }


def post_mark(client: Client, key: str | None = None, number: int = 0) -> Reply:
    """Send a mark to the neighborhood `here`."""
    return client.post(
        "/api/v1/neighborhoods/here/marks",
        mark_body(number),
        **{"Idempotency-Key": key or str(uuid4())},
    )
