"""Steps only add, so that replicas of the version before go on; or their name says for which versions they work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, UniqueConstraint

from storage import migrate
from storage.engine import Storage
from storage.migrate import NAME, compared
from tests.databases import opened, postgres_database

STEPS = Path(migrate.__file__).parent / "migrations"

BAD = {
    "a column is gone": 'op.drop_column("members", "zone")',
    "a column has another name": 'op.alter_column("members", "zone", new_column_name="time_zone")',
    "a table is gone": 'op.drop_table("drafts")',
    "a table has another name": 'op.rename_table("drafts", "sketches")',
    "a column must be filled": 'op.add_column("members", sa.Column("shoe", sa.Text(), nullable=False))',
    "a column must be filled now": 'op.alter_column("lanes", "leased_until", nullable=False)',
    "a column may be empty now": 'op.alter_column("lanes", "owner", nullable=True)',
    "a column has another type": 'op.alter_column("lanes", "rate", type_=sa.Integer())',
    "a default is gone": 'op.alter_column("lanes", "rate", server_default=None)',
    "a column is unique now": 'op.create_index("uq_names", "members", ["name"], unique=True)',
    "a constraint is unique now": 'op.create_unique_constraint("uq_names", "members", ["name"])',
    "a unique constraint is gone": 'op.drop_constraint("uq_members_workspace_id_key", "members")',
    "a column points at something now": 'op.create_foreign_key("fk_x", "events", "members", ["workspace_id"], ["id"])',
    "a check is made now": 'op.create_check_constraint("ck_rate", "lanes", "rate < 1000")',
}
GOOD = {
    "a column that may be empty": 'op.add_column("members", sa.Column("shoe", sa.Text()))',
    "a column with a default": 'op.add_column("lanes", sa.Column("x", sa.Text(), nullable=False, server_default=""))',
    "an index": 'op.create_index("ix_x", "members", ["name"])',
    "an index less": 'op.drop_index("ix_members_zone", "members")',
    "a foreign key less": 'op.drop_constraint("fk_prompts_member_id", "prompts")',
    "a table": 'op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True))',
}  # fmt: skip


def breaks(before: MetaData, after: MetaData) -> Iterator[str]:
    """What code that expects the tables of `before` cannot work with in those of `after`."""
    for table in before.tables.values():
        if table.name in after.tables:
            yield from broken_in(table, after.tables[table.name])
        else:
            yield f"{table.name} is gone"


def broken_in(before: Table, after: Table) -> Iterator[str]:
    for column in before.columns:
        found = after.columns.get(column.name)
        if found is None:
            yield f"{column} is gone"
        elif (str(found.type), found.nullable) != (str(column.type), column.nullable):
            yield f"{column} is not what it was"
        elif column.server_default is not None and found.server_default is None:
            yield f"{column} has no default any more"
    for column in after.columns:
        if column.name not in before.columns and not column.nullable and column.server_default is None:
            yield f"{column} must be filled"
    if unique(before) != unique(after):
        yield f"{before.name} has other unique keys"
    if pointing(after) - pointing(before):
        yield f"{before.name} points at more"
    if checks(after) - checks(before):
        yield f"{before.name} is checked for more"


def unique(table: Table) -> set[tuple[str, ...]]:
    keys: list[Any] = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [one for one in table.indexes if one.unique]
    return {tuple(table.primary_key.columns.keys()), *(tuple(sorted(one.columns.keys())) for one in keys)}


def pointing(table: Table) -> set[tuple[str, str]]:
    # Of a table that was dropped before, or is not there yet, only the name is known.
    return {(key.parent.name, key.target_fullname) for key in table.foreign_keys}


def checks(table: Table) -> set[str]:
    return {str(one.sqltext) for one in table.constraints if hasattr(one, "sqltext")}


def undeclared(before: str, after: str, broken: list[str]) -> list[str]:
    """What is wrong with the name of a step that comes after `before` and breaks this."""
    was, now = NAME.fullmatch(before), NAME.fullmatch(after)
    if not now or not was:
        return [f"{after} is no name of a step"]
    until, since = was["oldest"] or "", now["oldest"] or ""
    if since < until:
        return [f"{after} works for nothing before {until}, as the step before"]
    return [] if since > until else broken


def found(connection: Connection) -> MetaData:
    tables = MetaData()
    tables.reflect(connection)
    return tables


def take(connection: Connection, to: str, *more: Path) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, (STEPS / "versions", *more))))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with postgres_database(f"steps_{testrun_uid[:12]}_{worker_id}") as url:
            yield url


def test_every_step_only_adds_or_its_name_says_for_what_it_works(empty_url: str) -> None:
    steps = [one.revision for one in ScriptDirectory(str(STEPS)).walk_revisions()][::-1]
    with opened(empty_url) as storage, storage.connect() as connection:
        take(connection, steps[0])
        for last, step in pairwise(steps):
            before = found(connection)
            take(connection, step)
            assert undeclared(last, step, list(breaks(before, found(connection)))) == [], step


def after_one_more(storage: Storage, folder: Path, body: str) -> list[str]:
    """What one more step breaks; it is not kept."""
    (folder / "next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision = '9999', '{migrate.HEAD}'\n\n\ndef upgrade() -> None:\n    {body}\n"
    )
    with storage.engine.connect() as connection, connection.begin() as transaction:
        before = found(connection)
        take(connection, "9999", folder)
        broken = list(breaks(before, found(connection)))
        transaction.rollback()
    return broken


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_a_step_that_breaks_something_is_noticed(body: str, postgres_storage: Storage, tmp_path: Path) -> None:
    broken = after_one_more(postgres_storage, tmp_path, body)
    assert broken
    assert undeclared(migrate.HEAD, "9999", broken) == broken
    assert undeclared(migrate.HEAD, f"9999_for_{migrate.HEAD[:4]}", broken) == []


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_a_step_that_only_adds_breaks_nothing(body: str, postgres_storage: Storage, tmp_path: Path) -> None:
    assert after_one_more(postgres_storage, tmp_path, body) == []


def test_what_a_step_asks_for_is_asked_for_by_the_steps_after_it_too() -> None:
    assert undeclared("0009_for_0008", "0010", [])
    assert undeclared("0009_for_0008", "0010_for_0007", [])
    assert undeclared("0009_for_0008", "0010_for_0008", []) == []
    assert undeclared("0009_for_0008", "0010_for_0008", ["x is gone"]) == ["x is gone"]
    assert undeclared("0009_for_0008", "ten", [])


@pytest.mark.parametrize(
    ("there", "here", "how"),
    [
        (None, "0004", "empty"),
        (None, "0009_for_0008", "empty"),
        ("0004", "0004", "current"),
        ("0009_for_0008", "0009_for_0008", "current"),
        ("0003", "0004", "older"),
        ("0009", "0004", "newer"),
        ("0009_for_0004", "0004", "newer"),
        ("0009_for_0005", "0004", "too new"),
        ("0009_for_0005", "0006_for_0005", "newer"),
        ("0008", "0009_for_0008", "older"),
        ("0007", "0009_for_0008", "too old"),
        ("0007_for_0005", "0009_for_0008", "too old"),
        ("a1b2c3", "0004", "too new"),
    ],
)
def test_how_a_database_stands_to_a_version(there: str | None, here: str, how: str) -> None:
    assert compared(there, here) == how
