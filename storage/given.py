"""Rows that are given with a question, as a table in it: one parameter however many rows there are.

So the wording of a question, which takes longer than its answer, does not depend on how many it is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Select, Subquery, Text, bindparam, cast, literal, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from storage.base import Instant


def written(rows: Iterable[Any]) -> str:
    """Rows as they are handed over: numbers, or mappings of texts, numbers, dates and instants."""
    return json.dumps(list(rows), default=_plain)


def numbers(name: str) -> Select[Any]:
    """The numbers in the list handed over as the parameter of this name."""
    # Of no tenant: these rows are in no table.
    return select(cast(_value(name), BigInteger))


def numbers_of(some: Iterable[int]) -> Select[Any]:
    """These numbers, handed over as one parameter."""
    # Of no tenant: these rows are in no table.
    return select(cast(_each(literal(written(some), Text)).table_valued("value").c.value, BigInteger))


def given(name: str, **columns: type) -> Subquery:
    """The rows handed over as the parameter of this name, with columns that hold str, int, date or datetime."""
    value: Any = type_coerce(_value(name), JSON)
    # Of no tenant: these rows are in no table. The offset of nothing has them read once and not at every mention.
    rows = select(*(_read(value[column], kind).label(column) for column, kind in columns.items()))
    return rows.offset(0).subquery(name)


def _read(found: Any, kind: type) -> Any:
    if kind is int:
        return found.as_integer()
    text = found.as_string()
    return _instant(text) if kind is datetime else _day(text) if kind is date else text


def _value(name: str) -> Any:
    return _each(bindparam(name, type_=Text)).table_valued("value").c.value


@lru_cache(maxsize=1024)  # most of a thousand rows are about the same few moments
def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    assert isinstance(value, date)
    return value.isoformat()


class _each(FunctionElement[Any]):
    """The elements of a list, one in a row."""

    name = "each"
    inherit_cache = True


class _day(FunctionElement[date]):
    """A date that was written down."""

    type = Date()
    inherit_cache = True


class _instant(FunctionElement[datetime]):
    """An instant that was written down, in UTC."""

    type = Instant()
    inherit_cache = True


@compiles(_each, "sqlite")
def _each_on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_each, "postgresql")
def _each_on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **more)} AS JSONB))"


@compiles(_day, "sqlite")
@compiles(_instant, "sqlite")
def _as_written(element: Any, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(_day, "postgresql")
def _day_on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} AS DATE)"


@compiles(_instant, "postgresql")
def _instant_on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"(CAST({compiler.process(element.clauses, **more)} AS TIMESTAMP) AT TIME ZONE 'UTC')"
