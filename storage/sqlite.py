"""SQLite: how its file is opened, and how transactions begin where only one at a time may write."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

BUSY_MILLISECONDS = 2_000
PRIMARY = 0xFF  # the part of SQLite's error codes that says what kind of error it is
ONLY_READS = "only reads"


def serve(engine: Engine) -> None:
    """Let an engine of SQLite open its file and begin its transactions as they should be here.

    A transaction begins as the one that may write, and waits BUSY_MILLISECONDS for that. Where another program holds
    the file for longer, it reads what was last kept, and whatever it writes fails at once. So do those that come next
    over the same connection, without waiting, until the file is let go of.
    """
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def only_reads(connection: Connection) -> bool:
    """Whether this transaction began while another program held the file, so that it cannot count on writing."""
    return ONLY_READS in connection.info


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own; we do, below
    for setting in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "journal_size_limit=16777216",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails outright when somebody else committed in between, so it
    # is only for when there is no better. Said to the driver itself, as it is the first word of every turn; its errors
    # are put into SQLAlchemy's words here.
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY:
            raise OperationalError("BEGIN IMMEDIATE", None, problem, hide_parameters=True) from problem
        # Nobody waits twice, neither to begin and then to write nor one after the other.
        driver.execute("PRAGMA busy_timeout=0")
        driver.execute("BEGIN")
        connection.info[ONLY_READS] = True
    else:
        if connection.info.pop(ONLY_READS, False):
            driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
