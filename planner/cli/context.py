"""What commands share: settings, database, machine-readable answers, progress."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from planner.app import all_metadata
from planner.core.db import Database
from planner.core.settings import Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one machine-readable object."
)


@cache
def settings() -> Settings:
    """Settings of this process."""
    return load_settings(dict(os.environ))


@cache
def database() -> Database:
    """The installation's database."""
    all_metadata()
    return Database(settings().database_url)


def say(as_json: bool, facts: dict[str, Any], sentence: str) -> None:
    """One answer: an object for programs or a sentence for people."""
    if as_json:
        click.echo(orjson.dumps(facts, default=str).decode())
    else:
        click.echo(sentence)


@contextmanager
def progress(
    label: str, total: int | None, *, quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """A bar on stderr; the yielded function sets how much is done."""
    with Progress(
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
        transient=True,
    ) as bars:
        task = bars.add_task(label, total=total)
        yield lambda done: bars.update(task, completed=done)
