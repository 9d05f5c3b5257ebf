"""What every table and every repository shares: the tenant, instants in UTC, and the statements all of them need."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    TypeDecorator,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, CursorResult, Dialect

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


class Repository:
    """The questions about one noun, bound to one workspace inside one transaction."""

    def __init__(self, connection: Connection, workspace_id: int, vault: Vault, now: datetime) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        self._vault = vault
        self._now = now

    def _mine(self, table: Table, *columns: Any) -> Select[Any]:
        """A query that sees this workspace's rows only; every query of a repository begins here."""
        return select(*(columns or table.c)).where(table.c.workspace_id == self._workspace_id)

    def _rows(self, query: Select[Any]) -> list[Any]:
        return list(self._connection.execute(query))

    def _row(self, query: Select[Any]) -> Any | None:
        return self._connection.execute(query).first()

    def _count(self, query: Select[Any]) -> int:
        return int(self._connection.execute(query).scalar_one())

    def _add(self, table: Table, **values: Any) -> int:
        """Insert one row of this workspace; its id."""
        statement = insert(table).values(workspace_id=self._workspace_id, **values)
        return int(self._connection.execute(statement.returning(table.c.id)).scalar_one())

    def _change(self, table: Table, *where: Any, **values: Any) -> int:
        """Change rows of this workspace; how many there were."""
        statement = update(table).where(table.c.workspace_id == self._workspace_id, *where).values(**values)
        return self._connection.execute(statement).rowcount

    def _remove(self, table: Table, *where: Any) -> int:
        """Delete rows of this workspace; how many there were."""
        result: CursorResult[Any] = self._connection.execute(
            table.delete().where(table.c.workspace_id == self._workspace_id, *where)
        )
        return result.rowcount

    def _add_if_new(self, table: Table, **values: Any) -> bool:
        """Insert one row of this workspace unless a unique key says it is there; whether it was new."""
        make = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = make(table).values(workspace_id=self._workspace_id, **values).on_conflict_do_nothing()
        # Not by `rowcount`, which PostgreSQL's driver leaves unknown here.
        return self._connection.execute(statement.returning(table.c.workspace_id)).first() is not None
