"""Prepared questions: a constant one is put into the database's words once and then handed to the driver as it is.

SQLAlchemy takes four times as long to accompany a statement as the database takes to answer it. It still writes the
statement and converts what goes in and comes out; only the accompaniment is left out.
"""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError

_row_type: Any = namedtuple  # the names of its fields are known only once the question is


class Prepared:
    """One constant question in the words of one database. `whole`: its text does not depend on what is asked."""

    def __init__(self, query: Select[Any], dialect: Dialect) -> None:
        compiled: Any = query.compile(dialect=dialect)
        self.whole = not compiled.post_compile_params
        self._sql = str(compiled)
        self._names = compiled.positiontup
        self._fixed = dict(compiled.params)
        self._into = {
            name: into
            for bind, name in compiled.bind_names.items()
            if (into := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        columns = list(query.selected_columns)
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        self._row: Any = _row_type("Row", [column.key for column in columns], rename=True)
        self._out: list[tuple[int, Any]] | None = None

    def ask(self, connection: Connection, about: dict[str, Any]) -> list[Any]:
        """The rows. Raises what SQLAlchemy raises."""
        asked = {**self._fixed, **about}
        for name, into in self._into.items():
            asked[name] = into(asked[name])
        given: Any = [asked[name] for name in self._names] if self._names is not None else asked
        dialect = connection.dialect
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._sql, given)
            if self._out is None:
                self._out = self._conversions(dialect, cursor.description)
            found = cursor.fetchall()
        except dialect.loaded_dbapi.Error as problem:
            raise DBAPIError.instance(
                self._sql, None, problem, dialect.loaded_dbapi.Error, hide_parameters=True
            ) from problem
        finally:
            cursor.close()
        return [self._row._make(self._read(row)) for row in found]

    def _conversions(self, dialect: Dialect, description: Any) -> list[tuple[int, Any]]:
        """Which columns are to be converted, and how: that depends on the types the database says it answers with."""
        of_each = (
            kind.result_processor(dialect, column[1]) for kind, column in zip(self._types, description, strict=True)
        )
        return [(place, out) for place, out in enumerate(of_each) if out]

    def _read(self, row: Any) -> Any:
        if not self._out:
            return row
        values = list(row)
        for place, out in self._out:
            values[place] = out(values[place])
        return values


@lru_cache(maxsize=512)
def prepared(query: Select[Any], dialect: Dialect) -> Prepared:
    """The question, prepared once for each database."""
    return Prepared(query, dialect)
