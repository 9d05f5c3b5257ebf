"""kill -9 in the middle of an upgrade, at every statement: the database is as it was, or as it is to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from storage import migrate
from storage.base import metadata
from storage.crypto import new_key
from storage.engine import Storage
from tests.databases import opened, postgres_database
from tests.faults.victims import KILLED, Victims

pytestmark = pytest.mark.long

FIRST_STEP = "0001"


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path, testrun_uid: str, worker_id: str) -> Any:
    """The URL of a database of the first version, with somebody in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
        make_old(url)
        yield url
    else:
        with postgres_database(f"old_{testrun_uid[:12]}_{worker_id}") as url:
            make_old(url)
            yield url


def make_old(url: str) -> None:
    with opened(url) as storage, storage.connect() as connection:
        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST_STEP)
        connection.execute(
            text(
                "INSERT INTO workspaces (platform, external_id, name, settings, revision, created_at)"
                " VALUES ('slack', 'TACME', 'Acme', '{}', 0, '2026-03-02 09:00:00')"
            )
        )


def version(storage: Storage) -> str:
    with storage.connect() as connection:
        assert connection.execute(text("SELECT name FROM workspaces")).scalar_one() == "Acme"
        found: str = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return found


async def test_an_upgrade_that_is_killed_at_any_statement_leaves_all_as_it_was(old_url: str, victims: Victims) -> None:
    order = {"does": "migrate", "database": old_url, "key": new_key()}
    kills = 0
    while await victims.play(**order, failpoint=f"statement:{kills + 1}") == KILLED:
        kills += 1
        with opened(old_url) as storage:
            assert version(storage) == FIRST_STEP, kills
    assert kills > 20, "statements to speak of"
    with opened(old_url) as storage:
        assert version(storage) == migrate.HEAD
        options = {"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        with storage.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
