"""The `planner` command. Each file here is one group of commands; all answer `--json` and fail loudly."""

from __future__ import annotations

import importlib
import sys

import click
from sqlalchemy.exc import OperationalError

from planner.core.errors import PlannerError
from planner.core.settings import SettingsError

GROUPS = {
    "serve": "serve",
    "worker": "serve",
    "db": "database",
    "backup": "database",
    "restore": "database",
    "audit": "database",
    "seed": "seed",
    "neighborhood": "places",
    "basemap": "places",
    "calendar": "places",
    "user": "accounts",
    "routing": "routing",
    "catalogue": "routing",
    "marks": "marks",
}
"""command -> file in this folder that holds it; loaded only when it is used."""


class LazyGroup(click.Group):
    """Loads one command's file when that command is asked for, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its file's attribute of the same name."""
        if cmd_name not in GROUPS:
            return None
        module = importlib.import_module(f"planner.cli.{GROUPS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jiequ-planner")
def cli() -> None:
    """街区共绘: serve, seed and look after one installation."""


def main() -> None:
    """Entry point: a refusal is one line on stderr and a non-zero exit, never a traceback."""
    try:
        cli(prog_name="planner")
    except SettingsError as error:
        sys.exit(f"planner: {error}")
    except OperationalError as error:
        words = str(error.orig).partition("\n")[0]
        sys.exit(f"planner: the database does not answer or is not ready ({words})")
    except PlannerError as error:
        details = ", ".join(f"{k}={v}" for k, v in {**error.fields, **error.facts}.items())
        sys.exit(f"planner: {error.code}" + (f" ({details})" if details else ""))
