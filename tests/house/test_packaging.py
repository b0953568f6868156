"""The built wheel serves from an empty folder: it carries static files, migrations and seeds."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `planner` script of an environment in which only the wheel is installed."""
    place = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)], ROOT)
    wheel = next(place.glob("*.whl"))
    run([sys.executable, "-m", "venv", str(place / "venv")], place)
    python = place / "venv" / "bin" / "python"
    home = next((place / "venv" / "lib").glob("python3*")) / "site-packages"
    (home / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    run([str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], place)
    return place / "venv" / "bin" / "planner"


def run(words: list[str], cwd: Path, **over: str) -> str:
    env = {**os.environ, **over}
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_when_installed_in_an_empty_folder_then_it_seeds_and_serves(
    command: Path, tmp_path: Path
) -> None:
    data = {"PLANNER_DATA_DIR": str(tmp_path / "data")}
    run([str(command), "db", "upgrade"], tmp_path, **data)
    said = run([str(command), "seed", "demo", "--json"], tmp_path, **data)
    assert json.loads(said)["seeded"] == "demo"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [str(command), "serve", "--port", str(port)],
        cwd=tmp_path,
        env={**os.environ, **data},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = fetched(f"http://127.0.0.1:{port}/n/tianjin-xincun/")
        assert "天津新村" in page
        style = page.split('href="/static/')[1].split('"')[0]
        assert fetched(f"http://127.0.0.1:{port}/static/{style}")
        assert '"k":"road"' in fetched(f"http://127.0.0.1:{port}/n/tianjin-xincun/base.geojson")
    finally:
        server.terminate()
        server.wait(20)


def fetched(address: str, patience: float = 20) -> str:
    """The text of an address, waiting for the server to come up."""
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) or time.monotonic() > until:
                raise
            time.sleep(0.2)
