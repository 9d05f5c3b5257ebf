"""Prepared statements: a constant one is put into the database's words once and then handed to the driver as it is.

SQLAlchemy takes four times as long to accompany a statement as the database takes to answer it. It still writes the
statement and converts what goes in and comes out; only the accompaniment is left out.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Insert, Select, Table, Update, bindparam, insert, update
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from storage.upserts import inserting

T = TypeVar("T")

CURSOR = "cursor"  # where a connection keeps it

_row_type: Any = namedtuple  # the names of its fields are known only once the statement is


class Prepared:
    """One constant statement in the words of one database. `whole`: its text does not depend on what is asked."""

    def __init__(self, statement: Select[Any] | Insert | Update, dialect: Dialect, given: tuple[str, ...] = ()) -> None:
        self._dialect = dialect
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(given) or None)
        self.whole = not compiled.post_compile_params
        self._sql = str(compiled)
        self._names = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if name not in given}
        self._into = {
            name: into
            for bind, name in compiled.bind_names.items()
            if (into := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        columns = list(statement.exported_columns)
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        self._row: Any = _row_type("Row", [column.key for column in columns], rename=True)
        self._out: list[tuple[int, Any]] | None = None

    def ask(self, connection: Connection, about: dict[str, Any]) -> list[Any]:
        """The rows; none where the statement gives none back. Raises what SQLAlchemy raises."""
        return [self._row._make(self._read(row)) for row in self._run(connection, about, self._fetched)]

    def change(self, connection: Connection, about: dict[str, Any]) -> int:
        """How many rows the statement changed. Raises what SQLAlchemy raises."""
        return self._run(connection, about, _how_many)

    def _run(self, connection: Connection, about: dict[str, Any], take: Callable[[Any], T]) -> T:
        given = self._given(about)
        dialect, cursor = self._dialect, _cursor_of(connection)
        try:
            cursor.execute(self._sql, given)
            return take(cursor)
        except dialect.loaded_dbapi.Error as problem:
            gone = dialect.is_disconnect(problem, connection.connection, cursor)
            if gone:
                connection.invalidate(problem)
            raise DBAPIError.instance(
                self._sql,
                given,
                problem,
                dialect.loaded_dbapi.Error,
                hide_parameters=True,
                connection_invalidated=gone,
            ) from problem

    def _fetched(self, cursor: Any) -> list[Any]:
        if not self._types:
            return []
        if self._out is None:
            self._out = self._conversions(cursor.description)
        found: list[Any] = cursor.fetchall()
        return found

    def _given(self, about: dict[str, Any]) -> Any:
        asked = {**self._fixed, **about}
        for name, into in self._into.items():
            asked[name] = into(asked[name])
        return [asked[name] for name in self._names] if self._names is not None else asked

    def _conversions(self, description: Any) -> list[tuple[int, Any]]:
        """Which columns are to be converted, and how: that depends on the types the database says it answers with."""
        of_each = (
            kind.result_processor(self._dialect, column[1])
            for kind, column in zip(self._types, description, strict=True)
        )
        return [(place, out) for place, out in enumerate(of_each) if out]

    def _read(self, row: Any) -> Any:
        if not self._out:
            return row
        values = list(row)
        for place, out in self._out:
            values[place] = out(values[place])
        return values


def _cursor_of(connection: Connection) -> Any:
    """The one cursor of a connection. psycopg takes a quarter of a short statement's time to make another."""
    found = connection.info.get(CURSOR)
    if found is None:
        found = connection.info[CURSOR] = connection.connection.cursor()
    return found


def _how_many(cursor: Any) -> int:
    return int(cursor.rowcount)


@lru_cache(maxsize=512)
def prepared(query: Select[Any], dialect: Dialect) -> Prepared:
    """The question, prepared once for each database."""
    return Prepared(query, dialect)


@lru_cache(maxsize=64)
def defaults(table: Table) -> dict[str, Any]:
    """What a new row of a table holds where nothing else is said."""
    of_each: list[tuple[str, Any]] = [(column.key, column.default) for column in table.c]
    return {key: default.arg for key, default in of_each if default is not None and default.is_scalar}


@lru_cache(maxsize=128)
def adding(table: Table, given: tuple[str, ...], dialect: Dialect) -> Prepared:
    """Inserting one row with values for these columns; it gives back the row's id."""
    return Prepared(insert(table).returning(table.c.id), dialect, given)


@lru_cache(maxsize=128)
def adding_many(table: Table, given: tuple[str, ...], how_many: int, dialect: Dialect) -> Prepared:
    """Inserting so many rows, whose values are named as `numbered` names them."""
    rows = [
        {name: bindparam(f"{name}_{number}", type_=table.c[name].type) for name in given} for number in range(how_many)
    ]
    return Prepared(insert(table).values(rows), dialect)


def numbered(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The values of several rows under names of their own."""
    return {f"{name}_{number}": value for number, row in enumerate(rows) for name, value in row.items()}


@lru_cache(maxsize=128)
def adding_if_new(table: Table, given: tuple[str, ...], dialect: Dialect) -> Prepared:
    """The same, unless a unique key says that it is there; it gives back the workspace of a new row."""
    statement = inserting(table, dialect.name).on_conflict_do_nothing().returning(table.c.workspace_id)
    return Prepared(statement, dialect, given)


@lru_cache(maxsize=256)
def changing(table: Table, where: tuple[Any, ...], values: tuple[tuple[str, Any], ...], dialect: Dialect) -> Prepared:
    """Changing rows of one workspace for which constant conditions hold.

    A value is a constant expression, or None where it is handed over under the name that `new` gives its column.
    """
    set_to = {
        name: bindparam(new(name), type_=table.c[name].type) if value is None else value for name, value in values
    }
    # Of the tenant that is named.
    statement = update(table).where(table.c.workspace_id == bindparam("tenant"), *where).values(set_to)
    ready = Prepared(statement, dialect)
    assert ready.whole  # whatever stands in an IN is a `literal`
    return ready


def new(name: str) -> str:
    """What a column's new value is handed over as, beside what is asked of the old one."""
    return f"new_{name}"
