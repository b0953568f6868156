"""The schema's one chain of migrations, run from the product itself."""

from __future__ import annotations

import sys
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from .db import WRITE, Database
from .settings import resource_dir


def _config() -> Config:
    place = str(resource_dir("migrations"))
    if place not in sys.path:  # the versions import their helpers from beside them
        sys.path.append(place)
    config = Config()
    config.set_main_option("script_location", place)
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema forward; each migration in a transaction of its own."""
    with database.engine.execution_options(**WRITE).connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision (`base`: empty)."""
    with database.engine.execution_options(**WRITE).connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def rebuild(connection: Connection, revision: str) -> None:
    """Empty the schema and bring it to a revision, inside the caller's open transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, "base")
    command.upgrade(config, revision)


def drift(database: Database) -> list[str]:
    """Differences between the tables in the database and the models; empty when they agree."""
    from alembic.util import CommandError

    with database.engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.check(config)
        except CommandError as error:
            return [str(error)]
    return []


@cache
def revisions() -> tuple[str, ...]:
    """Every revision from the first to the newest."""
    script = ScriptDirectory.from_config(_config())
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))


def current(database: Database) -> str | None:
    """The revision the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_behind(database: Database) -> bool:
    """Whether migrations are waiting."""
    return current(database) != revisions()[-1]


def unready(database: Database) -> str | None:
    """Why this database cannot be served now, in one line for the operator; None when it can.

    Raises:
        SettingsError: the spatial extension is missing.
        OperationalError: the database does not answer.
    """
    at = current(database)
    if at == revisions()[-1]:
        return None
    if at is None:
        return "the database is empty: run 'planner db upgrade'"
    if at not in revisions():
        return f"the database ({at}) is newer than this program ({revisions()[-1]}): update it"
    return f"the schema is behind ({at}, wanted {revisions()[-1]}): run 'planner db upgrade'"
