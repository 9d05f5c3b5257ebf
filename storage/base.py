"""What every table and every repository shares: the tenant, instants in UTC, and the statements all of them need."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    TypeDecorator,
    bindparam,
    literal_column,
    select,
    update,
)
from sqlalchemy.engine import Connection, Dialect

from storage.known import Known
from storage.prepared import adding, adding_if_new, adding_many, changing, defaults, new, numbered, prepared

if TYPE_CHECKING:
    from storage.crypto import Vault

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows in one statement; a database takes some thousands of values in one.
AT_ONCE = 50

# SQLite numbers rows by itself only where the column is exactly INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A point in time: aware and in UTC on both sides of the database. Raises ValueError for a naive datetime."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def row_id() -> Column[int]:
    """The primary key that most tables have."""
    return Column("id", Id, primary_key=True)


def tenant() -> Column[int]:
    """The workspace that a row belongs to."""
    return Column("workspace_id", Id, ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False)


def only(condition: str) -> dict[str, Any]:
    """For an index of those rows only for which a condition holds."""
    return {"sqlite_where": literal_column(condition), "postgresql_where": literal_column(condition)}


@lru_cache(maxsize=256)
def mine(table: Table, *columns: Any) -> Select[Any]:
    """A question that sees one workspace's rows only; every question of a repository begins here.

    Questions that are asked in every turn are module constants, since putting one together costs more than asking it.
    """
    return select(*(columns or table.c)).where(table.c.workspace_id == bindparam("tenant"))


@lru_cache(maxsize=64)
def _has_id(table: Table) -> ColumnElement[bool]:
    return table.c.id == bindparam("id")


class Repository:
    """The questions about one noun, bound to one workspace inside one transaction."""

    def __init__(self, connection: Connection, workspace_id: int, vault: Vault, now: datetime, known: Known) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._vault = vault
        self._now = now
        self._known = known

    def _rows(self, query: Select[Any], **asked: Any) -> list[Any]:
        """The rows that a question made by `mine` finds. A constant one says with `asked` what it is about."""
        about = {"tenant": self._workspace_id, **asked}
        if not asked:
            return list(self._connection.execute(query, about).all())
        key = (query, *(tuple(value) if isinstance(value, list) else value for value in asked.values()))
        rows = self._known.find(key)
        if rows is None:
            rows = self._ask(query, about)
            self._known.keep(key, query, rows)
        return rows

    def _anew(self, query: Select[Any], **asked: Any) -> list[Any]:
        """The rows that a constant question finds now, whatever was read before in this transaction."""
        return self._ask(query, {"tenant": self._workspace_id, **asked})

    def _ask(self, query: Select[Any], about: dict[str, Any]) -> list[Any]:
        ready = prepared(query, self._connection.dialect)
        if ready.whole:
            return ready.ask(self._connection, about)
        return list(self._connection.execute(query, about).all())

    def _row(self, query: Select[Any], **asked: Any) -> Any | None:
        return next(iter(self._rows(query, **asked)), None)

    def _count(self, query: Select[Any], **asked: Any) -> int:
        return int(self._rows(query, **asked)[0][0])

    def _about_to_change(self, table: Table) -> None:
        if self._known.forget(table):
            workspaces = metadata.tables["workspaces"]
            mine_alone = update(workspaces).where(workspaces.c.id == self._workspace_id)  # the tenant itself
            self._connection.execute(mine_alone.values(revision=workspaces.c.revision + 1))

    def _add(self, table: Table, **values: Any) -> int:
        """Insert one row of this workspace; its id."""
        self._about_to_change(table)
        row = self._new(table, values)
        dialect = self._connection.dialect
        return int(adding(table, tuple(row), dialect).ask(self._connection, row)[0][0])

    def _add_all(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert several rows of this workspace, each with the same columns."""
        self._about_to_change(table)
        new = [self._new(table, values) for values in rows]
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            statement = adding_many(table, tuple(some[0]), len(some), self._connection.dialect)
            statement.ask(self._connection, numbered(some))

    def _add_if_new(self, table: Table, **values: Any) -> bool:
        """Insert one row of this workspace unless a unique key says it is there; whether it was new."""
        self._about_to_change(table)
        row = self._new(table, values)
        return bool(adding_if_new(table, tuple(row), self._connection.dialect).ask(self._connection, row))

    def _new(self, table: Table, values: dict[str, Any]) -> dict[str, Any]:
        return {**defaults(table), "workspace_id": self._workspace_id, **values}

    def _change(self, table: Table, *where: Any, **values: Any) -> int:
        """Change rows of this workspace; how many there were."""
        self._about_to_change(table)
        statement = update(table).where(table.c.workspace_id == self._workspace_id, *where).values(**values)
        return self._connection.execute(statement).rowcount

    def _change_one(self, table: Table, row_id: int, *where: Any, **values: Any) -> int:
        """Change the row with this id where these constant conditions hold; 1, or 0 where there is none."""
        return self._change_about(table, {"id": row_id}, _has_id(table), *where, **values)

    def _change_about(self, table: Table, about: dict[str, Any], *where: Any, **values: Any) -> int:
        """Change rows of this workspace; how many there were. The conditions are constant, as `mine` says.

        They are about what is handed over with `about`. A value may be a constant expression.
        """
        self._about_to_change(table)
        constant = {name: value if isinstance(value, ClauseElement) else None for name, value in values.items()}
        handed = {new(name): value for name, value in values.items() if constant[name] is None}
        ready = changing(table, where, tuple(constant.items()), self._connection.dialect)
        return ready.change(self._connection, {"tenant": self._workspace_id, **about, **handed})

    def _remove(self, table: Table, *where: Any) -> int:
        """Delete rows of this workspace; how many there were."""
        self._about_to_change(table)
        statement = table.delete().where(table.c.workspace_id == self._workspace_id, *where)
        return self._connection.execute(statement).rowcount
