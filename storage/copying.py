"""Copying a whole database into an empty one, of the other kind or of the same: rows as they are, all or none.

Nothing sealed is opened, ids stay, and what was written is read again and compared before it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Column, Table, bindparam, exists, func, insert, make_url, select, text, update
from sqlalchemy.engine import Connection

import storage.installs
import storage.store
import storage.ticks
from storage.base import metadata
from storage.engine import Storage
from storage.errors import StorageError
from storage.migrate import is_current
from storage.sqlite import only_reads

BATCH = 1_000
# Whoever ran on the source this short a time ago may be running still.
JUST_NOW = timedelta(seconds=90)

Progress: TypeAlias = Callable[[str, int], None]


class NotCopied(StorageError):
    """Nothing was copied; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Copied:
    """What was copied of one table, the same on both sides. The checksum does not depend on the order of rows."""

    table: str
    rows: int
    checksum: str


def copy_database(source: Storage, target: Storage, progress: Progress = lambda table, rows: None) -> list[Copied]:
    """Copy everything from one database to another, in one transaction; what there was, table by table.

    `progress` hears of each batch: the table, and how many rows. Raises NotCopied, or Unavailable where a database
    cannot be used; the target is then as it was.
    """
    _compare(source, target)
    with _reading(source) as there, _writing(target) as here:
        written = [_copy(table, there, here, progress) for table in metadata.sorted_tables]
        for table in metadata.sorted_tables:
            _fill_in(table, there, here)
            if not target.on_sqlite:
                _count_on(table, here)
        for one, table in zip(written, metadata.sorted_tables, strict=True):
            if _sum_up(table, here) != one:
                raise NotCopied(f"The copy of {one.table} is not what was read. Nothing was kept.")
    return written


def rows_of(source: Storage) -> int:
    """How many rows there are to copy. Raises Unavailable."""
    with source.connect() as connection:
        return sum(_count(table, connection) for table in metadata.sorted_tables)


def _compare(source: Storage, target: Storage) -> None:
    if _where(source) == _where(target):
        raise NotCopied("These are one and the same database.")
    if not is_current(source):
        raise NotCopied("The database to copy from is not of this version. Upgrade it first: soundings db upgrade")
    if not is_current(target):
        raise NotCopied("The database to copy to is not of this version. Prepare it first: soundings db upgrade")


def _where(one: Storage) -> str | Path:
    """What tells one database from another: of a file, where it lies, in whatever way that is written."""
    file = make_url(one.url).database if one.on_sqlite else None
    return Path(file).resolve() if file else one.url


@contextmanager
def _reading(source: Storage) -> Iterator[Connection]:
    """A transaction during which nobody else may write, so that all of it sees the same."""
    with source.connect() as connection:
        if not source.on_sqlite:
            _lock(connection, "SHARE")
        elif only_reads(connection):
            raise NotCopied("Another program keeps the database to copy from locked. Let it finish, then try again.")
        # On SQLite, this transaction is the only one that may write.
        if _at_work(connection, source.clock.now()):
            raise NotCopied("Soundings is at work on the database to copy from. Stop it, wait two minutes, try again.")
        yield connection


def _at_work(connection: Connection, now: datetime) -> bool:
    """Whether a job ran a moment ago. One of a later time was run by a clock that goes ahead, such as a demo's."""
    at = storage.ticks.ticks.c.at
    return bool(connection.execute(select(exists().where(at > now - JUST_NOW, at < now + JUST_NOW))).scalar())


@contextmanager
def _writing(target: Storage) -> Iterator[Connection]:
    """A transaction on an empty database."""
    with target.connect() as connection:
        if not target.on_sqlite:
            _lock(connection, "EXCLUSIVE")
        full = [table.name for table in metadata.sorted_tables if _count(table, connection)]
        if full:
            raise NotCopied(f"The database to copy to is not empty: there are rows in {', '.join(full)}.")
        yield connection


def _lock(connection: Connection, mode: str) -> None:
    quote = connection.dialect.identifier_preparer.format_table
    tables = ", ".join(quote(table) for table in metadata.sorted_tables)
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    connection.execute(text(f"LOCK TABLE {tables} IN {mode} MODE"))


def _copy(table: Table, there: Connection, here: Connection, progress: Progress) -> Copied:
    """Copy the rows of a table, without what points at rows that are not there yet."""
    later = _later(table)
    rows, total = 0, 0
    for batch in _batches(table, there):
        values = [{**row, **dict.fromkeys(later)} for row in batch]
        here.execute(insert(table), values)
        rows, total = rows + len(batch), total + sum(map(_digest, batch))
        progress(table.name, len(batch))
    return Copied(table.name, rows, _checksum(total))


def _fill_in(table: Table, there: Connection, here: Connection) -> None:
    """Point at rows that came later: at members from teams, and at rows of the same table."""
    for name in _later(table):
        pointing = select(table.c.id.label("row"), table.c[name].label("to")).where(table.c[name].is_not(None))
        setting = update(table).where(table.c.id == bindparam("row")).values({name: bindparam("to")})
        for part in there.execute(pointing.execution_options(yield_per=BATCH)).mappings().partitions():
            here.execute(setting, [dict(row) for row in part])


def _later(table: Table) -> list[str]:
    done = metadata.sorted_tables[: metadata.sorted_tables.index(table)]
    return [column.name for column in table.c if any(key.column.table not in done for key in column.foreign_keys)]


def _count_on(table: Table, here: Connection) -> None:
    """Let PostgreSQL number new rows from where the copied ones end; SQLite does so by itself."""
    column: Column[Any] | None = table.c.get("id")
    if column is None:
        return
    newest = here.execute(select(func.max(column))).scalar()
    if newest is not None:
        quoted = here.dialect.identifier_preparer.format_table(table)
        here.execute(select(func.setval(func.pg_get_serial_sequence(quoted, column.name), newest)))


def _sum_up(table: Table, connection: Connection) -> Copied:
    rows, total = 0, 0
    for batch in _batches(table, connection):
        rows, total = rows + len(batch), total + sum(map(_digest, batch))
    return Copied(table.name, rows, _checksum(total))


def _batches(table: Table, connection: Connection) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH))
    for part in found.mappings().partitions():
        yield [dict(row) for row in part]


def _count(table: Table, connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _digest(row: dict[str, Any]) -> int:
    return int.from_bytes(sha256(repr(sorted(row.items())).encode("utf-8", "surrogatepass")).digest()[:16])


def _checksum(total: int) -> str:
    return f"{total % (1 << 64):016x}"
