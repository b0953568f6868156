"""Foreign files on the command line: larger than a page takes, read with a bar, refused by line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from planner.core.errors import NotFound, PlannerError
from planner.places import queries
from planner.places.models import Neighborhood
from planner.places.reading import Bounds, Reading, read_foreign
from planner.places.reading.bounds import MEGABYTE

from .context import progress

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
BOUNDS = Bounds(
    file_bytes=500 * MEGABYTE,
    unpacked_bytes=1_000 * MEGABYTE,
    memory_bytes=4_096 * MEGABYTE,
    cpu_seconds=600,
    wall_seconds=900,
    features=200_000,
    vertices=5_000_000,
)
"""An operator at the machine may read larger files than a page takes."""
crs_option = click.option(
    "--crs",
    default="",
    help="wgs84, gcj02, bd09, cgcs2000 or EPSG:n; without it as the file says.",
)


def find(session: Session, slug: str) -> Neighborhood:
    """The neighborhood with this address."""
    found = queries.neighborhood_by_slug(session, slug)
    if found is None:
        raise NotFound("neighborhood_not_found", slug=slug)
    return found


@contextmanager
def named(file: Path) -> Iterator[None]:
    """Refusals name the file, and every line at fault on stderr."""
    try:
        yield
    except PlannerError as error:
        faults = error.facts.pop("faults", ())
        for fault in faults if isinstance(faults, list) else ():
            more = ", ".join(f"{key}={value}" for key, value in fault["facts"].items())
            click.echo(
                f"{file.name}: line {fault['line']}: {fault['code']} {more}".rstrip(), err=True
            )
        error.facts["file"] = file.name
        raise


def read(file: Path, quiet: bool) -> Reading:
    """Read a file in its child process, with a bar on stderr."""
    with progress(file.name, None, quiet=quiet or not sys.stderr.isatty()) as bar:
        return read_foreign(file, bounds=BOUNDS, progress=lambda done, total: bar(done))
