"""`planner marks`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.orm import Session

from planner.core.actor import SYSTEM, Actor, ActorKind
from planner.core.clock import utc_now
from planner.core.errors import Invalid
from planner.interop.columns import ColumnMap, column_map
from planner.interop.mark_files import MarkFile, doubtful, mark_file, rows_of
from planner.marks import queries
from planner.marks.actions import ImportReport, ImportSource, import_marks
from planner.marks.actions.importing import as_published
from planner.marks.forms import filters_from
from planner.marks.schemas import FILTERS
from planner.marks.serializer import Reader, csv_chunks, geojson_chunks
from planner.places.drafting import agreed_datum
from planner.places.queries import ground_of
from planner.routing.queries import public_topics

from .context import database, json_option, progress, say, settings
from .foreign import FILE, crs_option, find, named, read

VISITOR = Actor(kind=ActorKind.VISITOR)


@click.group()
def marks() -> None:
    """Marks of residents: bring them in, take them out."""


@marks.command("import")
@click.argument("slug")
@click.argument("file", type=FILE)
@crs_option
@click.option("--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Which column is it.")
@click.option(
    "--map-value",
    "values",
    multiple=True,
    metavar="FIELD:THEIRS=OURS",
    help="A word of the file and ours; FIELD:*=OURS for all others.",
)
@click.option(
    "--default", "defaults", multiple=True, metavar="FIELD=VALUE", help="For empty cells."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--publish", is_flag=True, help="Publish them at once, without review.")
@click.option("--force", is_flag=True, help="Take it although the datum looks wrong.")
@json_option
def import_(
    slug: str,
    file: Path,
    crs: str,
    columns: tuple[str, ...],
    values: tuple[str, ...],
    defaults: tuple[str, ...],
    dry_run: bool,
    publish: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Import FILE (GeoJSON, CSV, shapefile, GeoPackage, KML) into SLUG, all rows or none.

    Fields: kind, topic, reason, occurred_at, external_id, status. Rows that are here already change nothing.
    """
    chosen = column_map(columns, values, defaults)
    with named(file):
        reading = read(file, as_json)
        given = mark_file(
            reading, agreed_datum(crs, reading.crs, reading.format), file.read_bytes()
        )
        with database().read() as session:
            _refuse_doubt(session, slug, given, force)
        report = _take(slug, file, given, chosen, publish, dry_run, as_json)
    facts = {"slug": slug, "file": file.name, "written": not dry_run, "datum": given.datum}
    say(as_json, facts | _facts(report), _sentence(slug, report, dry_run))


def _refuse_doubt(session: Session, slug: str, given: MarkFile, force: bool) -> None:
    finding = doubtful(given, ground_of(session, find(session, slug)))
    if finding is not None and not force:
        facts: dict[str, Any] = dict(finding.facts)
        raise Invalid(finding.code, **facts)


def _take(
    slug: str,
    file: Path,
    given: MarkFile,
    chosen: ColumnMap,
    publish: bool,
    dry_run: bool,
    as_json: bool,
) -> ImportReport:
    """In one transaction, which a dry run takes back."""
    source = ImportSource(file.name, given.digest, given.datum, chosen.as_json())
    with database().writing() as session:
        here, now = find(session, slug), utc_now()
        rows = rows_of(given, chosen, here, now)
        with progress("marks", len(rows), quiet=as_json or not sys.stderr.isatty()) as bar:
            report = import_marks(
                session,
                actor=SYSTEM,
                now=now,
                neighborhood=here,
                rows=as_published(rows) if publish else rows,
                source=source,
                receipt_key=settings().receipt_key,
                progress=bar,
            )
        if not dry_run:
            session.commit()
    return report


def _facts(report: ImportReport) -> dict[str, Any]:
    return {
        "taken": report.taken,
        "known": report.known,
        "erased": report.erased,
        "kinds": dict(report.kinds),
        "topics": dict(report.topics),
        "seats": dict(report.seats),
    }


def _sentence(slug: str, report: ImportReport, dry_run: bool) -> str:
    verb = "would be taken" if dry_run else "taken"
    head = f"{report.taken} marks {verb} into {slug}; {report.known} were here already"
    lines = [f"{head}; {report.erased} stay deleted" if report.erased else head]
    counted = {"kind": report.kinds, "topic": report.topics, "seat": report.seats}
    for name, counts in counted.items():
        if counts:
            lines.append(f"  by {name}: " + ", ".join(f"{k} {n}" for k, n in counts.most_common()))
    return "\n".join(lines)


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """The filters of map and list as options."""
    for name, text in reversed(FILTERS.items()):
        command = click.option(f"--{name}", name, default="", help=text)(command)
    return command


@marks.command("export")
@click.argument("slug")
@click.option(
    "--format", "form", type=click.Choice(["geojson", "csv"]), default="geojson", show_default=True
)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Else stdout."
)
@click.option("--public", is_flag=True, help="Only what everybody may read.")
@filter_options
def export(slug: str, form: str, output: Path | None, public: bool, **filters: str) -> None:
    """Export the marks of SLUG, oldest first; without --public with unpublished ones and staff fields."""
    asked = filters_from(filters).filters
    viewer, reader = (VISITOR, Reader.PUBLIC) if public else (SYSTEM, Reader.STAFF)
    with database().read() as session, _opened(output) as out:
        here = find(session, slug)
        total = queries.count(session, viewer, here.id, asked)
        rows = queries.each_mark(session, viewer, here.id, asked)
        labels = {topic.code: topic.label for topic in public_topics(session, here.id)}
        with progress("marks", total, quiet=output is None or not sys.stderr.isatty()) as bar:
            for chunk in _chunks(form, _watched(rows, bar), labels, reader):
                out.write(chunk)


def _chunks(
    form: str, rows: Iterable[Any], labels: dict[str, str], reader: Reader
) -> Iterator[bytes]:
    if form == "geojson":
        return geojson_chunks(rows, labels, reader)
    return (line.encode() for line in csv_chunks(rows, labels, reader))


def _watched(rows: Iterable[Any], bar: Callable[[int], None]) -> Iterator[Any]:
    for done, row in enumerate(rows, start=1):
        bar(done)
        yield row


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The output; a file appears under its name only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as opened:
            yield opened
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
