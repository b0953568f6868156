"""Runs one chain of migrations on either database; called by `planner db`, never by the alembic script."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from geoalchemy2 import Geometry

from planner import app
from planner.core.db import EnumText, UtcDateTime

METADATA = app.all_metadata()


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Only our own tables: both databases keep spatial system tables beside them."""
    return name in METADATA.tables if kind == "table" else True


def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Spatial indexes belong to their column, not to the list of indexes."""
    return not (kind == "index" and name is not None and name.startswith("idx_"))


def compare_type(
    ctx: Any, inspected: Any, meta: Any, inspected_type: Any, meta_type: Any
) -> bool | None:
    """Geometry kinds are compared by a test of their own; both databases report them differently."""
    return False if isinstance(meta_type, Geometry) else None


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Write plain column types, so that a migration never imports the product's models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EnumText):
        return "sa.String(32)"
    if kind == "type" and isinstance(item, Geometry):
        autogen.imports.add("from geoalchemy2 import Geometry")
        return f'Geometry("{item.geometry_type}", srid={item.srid}, spatial_index=True)'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_name=include_name,
    include_object=include_object,
    compare_type=compare_type,
    render_item=render_item,
    render_as_batch=False,
    transactional_ddl=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
