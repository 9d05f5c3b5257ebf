"""Bringing a database to this version, and how it stands to it. alembic is imported only when there is something to do.

A step is named by a number. Where versions before another step cannot work with the database any more, the name says
so: version "0007_for_0006" works for what expects step 6 or a later one. Steps after it say the same until one asks for
more.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from storage.engine import Storage
from storage.errors import Unavailable

# The newest step in migrations/versions; a test keeps this true.
HEAD = "0007"

# Any number will do, as long as every process asks PostgreSQL for the same one.
LOCK = 7_306_001
# Every turn begins with its workspace. Whoever waits for that table waits for the turns that are under way, and those
# to come wait before they have anything in hand.
FIRST, FIRST_PATIENCE = "workspaces", "2s"
# PostgreSQL looks for deadlocks after a second. Whoever lets go before that is never part of one, so that no turn of a
# running replica is given up for the sake of an upgrade.
PATIENCE = "500ms"
TRIES = 20
IN_USE = (
    "Something holds a table and does not let go, such as a backup. The database is as it was; try again when that is "
    "done."
)

NAME = re.compile(r"(?P<step>\d{4})(?:_for_(?P<oldest>\d{4}))?")
TOO_NEW = "The database was upgraded for a newer version, and this one cannot work with it."

# "empty": nothing was ever kept in it. "newer": upgraded for a newer version, and this one works with it. "older": to
# be upgraded for this version, and those that expect it as it is may go on meanwhile. With "too new" this version does
# not work; with "too old" those do not.
Standing: TypeAlias = Literal["current", "empty", "newer", "too new", "older", "too old"]


def standing(storage: Storage) -> Standing:
    """How the database stands to this version. Raises Unavailable when it cannot be reached."""
    with storage.connect() as connection:
        return compared(_version(connection), HEAD)


def compared(found: str | None, head: str) -> Standing:
    """How a database of the version `found`, None while it is empty, stands to code that expects `head`."""
    if found == head:
        return "current"
    if found is None:
        return "empty"
    there, here = NAME.fullmatch(found), NAME.fullmatch(head)
    if there is None or here is None:
        return "too new"
    if there["step"] > here["step"]:
        return "newer" if here["step"] >= (there["oldest"] or "") else "too new"
    return "older" if there["step"] >= (here["oldest"] or "") else "too old"


def is_current(storage: Storage) -> bool:
    """Whether the database has exactly the tables of this version. Raises Unavailable when it cannot be reached."""
    return standing(storage) == "current"


def upgrade(storage: Storage) -> None:
    """Bring the database to this version, in one transaction; several processes may do so at once.

    One that is newer, and with which this version works, is left as it is. Raises Unavailable when it does not work
    with it, when the database cannot be reached, or when it stays locked.
    """
    with storage.connect() as connection:
        # SQLite let us in alone when the transaction began.
        if not storage.on_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        how = compared(_version(connection), HEAD)
        if how == "too new":
            raise Unavailable(TOO_NEW)
        if how in ("empty", "older", "too old"):
            if not storage.on_sqlite:
                _lock_tables(connection)
            _take_steps(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _lock_tables(connection: Connection) -> None:
    """Have all tables to ourselves, while replicas work with them: all at once, or none."""
    names = inspect(connection).get_table_names()
    for _ in range(TRIES if FIRST in names else 0):
        try:
            with connection.begin_nested():
                _lock(connection, FIRST_PATIENCE, [FIRST])
                _lock(connection, PATIENCE, names)
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            return
        except OperationalError:
            if connection.invalidated:
                raise
            connection.execute(text("SELECT pg_sleep(1)"))  # let them all go on meanwhile
    if FIRST in names:
        raise Unavailable(IN_USE)


def _lock(connection: Connection, patience: str, names: list[str]) -> None:
    tables = ", ".join(map(connection.dialect.identifier_preparer.quote, sorted(names)))
    connection.execute(text(f"SET LOCAL statement_timeout = '{patience}'"))
    connection.execute(text(f"LOCK TABLE {tables}"))


def _take_steps(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
