"""Bringing a database to this version. alembic is imported only when there is something to bring."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from storage.engine import Storage

# The newest step in migrations/versions; a test keeps this true.
HEAD = "0006"

# Any number will do, as long as every process asks PostgreSQL for the same one.
LOCK = 7_306_001


def is_current(storage: Storage) -> bool:
    """Whether the database has every table of this version. Raises Unavailable when it cannot be reached."""
    with storage.connect() as connection:
        return _version(connection) == HEAD


def upgrade(storage: Storage) -> None:
    """Bring the database to this version, in one transaction; several processes may do so at once.

    Raises Unavailable when it cannot be reached, or stays locked.
    """
    with storage.connect() as connection:
        # SQLite let us in alone when the transaction began.
        if not storage.on_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if _version(connection) != HEAD:
            _take_steps(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _take_steps(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
