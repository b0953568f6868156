"""What migrations need on both databases; imports nothing from the product's models.

On SpatiaLite a recreating batch leaves `geometry_columns` naming the temporary table and the R-tree gone,
after which every insert fails. Tables with geometry therefore change only through `batch_geometry_table`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import UserDefinedType


class RawGeometry(UserDefinedType[bytes]):
    """A geometry column copied as the bytes it holds."""

    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY") -> None:
        self.kind = kind

    def get_col_spec(self, **kw: Any) -> str:
        """Its declared type."""
        return self.kind


def is_sqlite() -> bool:
    """Whether this run is on SpatiaLite."""
    return op.get_bind().dialect.name == "sqlite"


def init_spatial() -> None:
    """Spatial tables (SpatiaLite) or extension (PostGIS) of a new database."""
    if is_sqlite():
        if not sa.inspect(op.get_bind()).has_table("spatial_ref_sys"):
            op.execute("SELECT InitSpatialMetaData(0, 'WGS84')")
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")


def drop_table(name: str) -> None:
    """Drop a table together with its spatial index and geometry registration."""
    if is_sqlite():
        for column, *_ in _geometry_columns(name):
            op.execute(f"SELECT DisableSpatialIndex('{name}', '{column}')")
            op.execute(f"SELECT DiscardGeometryColumn('{name}', '{column}')")
            op.execute(f'DROP TABLE IF EXISTS "idx_{name}_{column}"')
    op.drop_table(name)


def append_only(name: str, *, erasable_columns: tuple[str, ...] = ()) -> None:
    """Let the database itself refuse UPDATE and DELETE on a table, whoever asks.

    Columns named in `erasable_columns` may still be changed (personal text on request).
    """
    if is_sqlite():
        columns = [
            row[1]
            for row in op.get_bind().exec_driver_sql(f"PRAGMA table_info({name})")
            if row[1] not in erasable_columns
        ]
        op.execute(
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE OF {', '.join(columns)} ON {name}"
            f" BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name}"
            f" BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION planner_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name}"
        " FOR EACH ROW EXECUTE FUNCTION planner_append_only()"
    )


@contextmanager
def batch_geometry_table(name: str) -> Iterator[Any]:
    """Change constraints or columns of a table with geometry; the same call on both databases."""
    if not is_sqlite():
        with op.batch_alter_table(name) as batch:
            yield batch
        return
    columns = _geometry_columns(name)
    for column, _, _ in columns:
        op.execute(f"SELECT DisableSpatialIndex('{name}', '{column}')")
        op.execute(f"SELECT DiscardGeometryColumn('{name}', '{column}')")
        op.execute(f'DROP TABLE IF EXISTS "idx_{name}_{column}"')
    raw: list[Any] = [sa.Column(column, RawGeometry(kind)) for column, kind, _ in columns]
    with op.batch_alter_table(name, recreate="always", reflect_args=raw) as batch:
        yield batch
    for column, kind, srid in columns:
        op.execute(f"SELECT RecoverGeometryColumn('{name}', '{column}', {srid}, '{kind}', 'XY')")
        op.execute(f"SELECT CreateSpatialIndex('{name}', '{column}')")


_KINDS = {
    0: "GEOMETRY",
    1: "POINT",
    2: "LINESTRING",
    3: "POLYGON",
    4: "MULTIPOINT",
    5: "MULTILINESTRING",
    6: "MULTIPOLYGON",
}


def _geometry_columns(name: str) -> list[tuple[str, str, int]]:
    rows = op.get_bind().execute(
        sa.text(
            "SELECT f_geometry_column, geometry_type, srid FROM geometry_columns"
            " WHERE lower(f_table_name) = lower(:name)"
        ),
        {"name": name},
    )
    return [(row[0], _KINDS[row[1]], row[2]) for row in rows]
