"""compose.yaml and Dockerfile: services, health, commands that exist, and no secret with a default."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from planner.cli import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_services_when_listed_then_postgis_schema_web_and_worker(compose):
    assert set(compose["services"]) == {"db", "schema", "web", "worker"}
    assert compose["services"]["db"]["image"].startswith("postgis/postgis:15")


@pytest.mark.parametrize("name", ["db", "web", "worker"])
def test_service_when_running_then_its_health_is_watched_and_it_comes_back(compose, name):
    service = compose["services"][name]
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["restart"] == "unless-stopped"
    assert service["volumes"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_service_when_started_then_waits_for_database_and_schema(compose, name):
    waits = compose["services"][name]["depends_on"]
    assert waits["db"]["condition"] == "service_healthy"
    assert waits["schema"]["condition"] == "service_completed_successfully"


def test_secrets_when_read_then_come_from_outside_and_have_no_default(compose):
    secret = re.compile(r"KEY|PASSWORD|HOSTS|DATABASE_URL")
    seen = set()
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if secret.search(name):
                seen.add(name)
                assert re.search(r"\$\{[A-Z_]+:\?", value), f"{name} would start with {value!r}"
                assert not re.search(r"\$\{[A-Z_]+:?-", value)
    assert {"PLANNER_SECRET_KEY", "PLANNER_RECEIPT_KEY", "POSTGRES_PASSWORD"} <= seen


def test_settings_when_named_then_the_program_reads_them(compose):
    read = (ROOT / "planner/core/settings.py").read_text(encoding="utf-8")
    for service in compose["services"].values():
        for name in service["environment"]:
            if name.startswith("PLANNER_"):
                assert name in read


def commands(compose: dict[str, Any]) -> list[list[str]]:
    given = [s["command"] for s in compose["services"].values() if "command" in s]
    shown = re.findall(r"planner (worker --\w+)", str(compose))
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    default = re.search(r"^CMD \[(.+)\]$", docker, re.MULTILINE)
    return [
        *given,
        *(words.split() for words in shown),
        [word.strip(' "') for word in default[1].split(",")],
    ]


def test_commands_when_named_then_the_program_has_them(compose):
    found = commands(compose)
    assert ["db", "upgrade"] in found
    for words in found:
        told = CliRunner().invoke(cli, [*words, "--help"])
        assert told.exit_code == 0, (words, told.output)


def test_ports_when_published_then_only_to_this_machine(compose):
    published = [p for s in compose["services"].values() for p in s.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_image_when_built_then_not_run_by_root_and_hashes_are_checked():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "FROM debian:12" in lines
    assert "--require-hashes" in lines
    assert "libsqlite3-mod-spatialite" in lines
    assert lines.rindex("\nUSER planner") > lines.rindex("\nFROM ")


def test_named_volumes_when_used_then_declared(compose):
    used = {
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose["volumes"])
