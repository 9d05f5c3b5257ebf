"""Databases come up from empty, on both engines, and come up the same however often and by how many it is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import migrate
from storage.base import metadata
from storage.engine import Storage
from storage.errors import Unavailable
from storage.workspaces import Settings, WorkspaceKey
from tests.asked import prompt_for
from tests.databases import VAULT, opened, postgres_database

STEPS = str(Path(migrate.__file__).parent / "migrations")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, testrun_uid: str, worker_id: str) -> Any:
    """The URL of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with postgres_database(f"empty_{testrun_uid[:12]}_{worker_id}") as url:
            yield url


@pytest.fixture
def empty_postgres(testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of a PostgreSQL database without a single table."""
    with postgres_database(f"empty_{testrun_uid[:12]}_{worker_id}") as url:
        yield url


def test_an_empty_database_is_not_current_until_it_is_upgraded(empty_url: str) -> None:
    with opened(empty_url) as storage:
        assert not migrate.is_current(storage)
        migrate.upgrade(storage)
        assert migrate.is_current(storage)


def test_upgrading_again_keeps_what_is_there(storage: Storage) -> None:
    acme = WorkspaceKey("slack", "T1")
    with storage.begin(acme) as store:
        store.members.greet("U1", "Ana")
    migrate.upgrade(storage)
    with storage.begin(acme) as store:
        assert [one.name for one in store.members.people()] == ["Ana"]


def test_the_steps_make_exactly_the_tables_that_the_code_declares(storage: Storage) -> None:
    options = {"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
    with storage.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert found == []


def test_what_a_team_was_spared_is_spared_to_its_manager(empty_url: str) -> None:
    with opened(empty_url) as storage, storage.connect() as connection:
        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        say = connection.exec_driver_sql
        for number, settings in ((1, '{"zone": "UTC", "no_digest": [11, 12, 99]}'), (2, "{}")):
            say(
                "INSERT INTO workspaces (id, platform, external_id, name, settings, revision, created_at)"
                f" VALUES ({number}, 'slack', 'T{number}', '', '{settings}', 0, '2026-03-02 09:00')"
            )
        say(
            "INSERT INTO members (id, workspace_id, key, name, zone, kind, active, admin, known, reach, told_of_kudos, "
            "met_at) VALUES (5, 1, 'U5', 'Dee', '', 'person', true, false, true, '', true, '2026-03-02 09:00')"
        )
        for number, manager in ((11, "5"), (12, "NULL"), (13, "5")):
            say(
                "INSERT INTO teams "
                "(id, workspace_id, name, manager_id, channel, share, closes_on, closes_at, created_at) "
                f"VALUES ({number}, 1, '{number}', {manager}, '', 'manager', 4, '18:00', '2026-03-02 09:00')"
            )
        command.upgrade(config, "head")
    with opened(empty_url) as storage, storage.begin(WorkspaceKey("slack", "T1")) as store:
        assert store.mutes.teams_of(5) == {11}
        assert store.workspace.settings == Settings()


def test_the_newest_step_is_the_one_that_the_code_expects() -> None:
    steps = ScriptDirectory(STEPS)
    assert steps.get_heads() == [migrate.HEAD]


def test_asking_whether_it_is_current_does_not_load_alembic(sqlite_storage: Storage) -> None:
    asked = (
        "import sys; from storage.engine import Storage; from storage.crypto import *; from storage.migrate import *;"
        "assert is_current(Storage(sys.argv[1], Vault([new_key()]))); assert 'alembic' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", asked, sqlite_storage.url], check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )


def test_two_processes_upgrade_at_once(empty_url: str) -> None:
    program = (
        "import sys; from storage.engine import Storage; from storage.crypto import *; from storage.migrate import *;"
        "storage = Storage(sys.argv[1], Vault([new_key()])); print('ready', flush=True); sys.stdin.readline();"
        "upgrade(storage)"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.communicate("now\n", timeout=20)
    assert [process.returncode for process in both] == [0, 0]
    with opened(empty_url) as storage:
        assert migrate.is_current(storage)


def go_on_to(storage: Storage, version: str) -> None:
    with storage.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_one_of_a_newer_version_is_left_as_it_is(empty_url: str) -> None:
    with opened(empty_url) as storage:
        migrate.upgrade(storage)
        go_on_to(storage, "9999")
        migrate.upgrade(storage)
        assert migrate.standing(storage) == "newer"
        assert not migrate.is_current(storage)
        go_on_to(storage, "9999_for_9998")
        with pytest.raises(Unavailable, match="upgraded for a newer version"):
            migrate.upgrade(storage)


def test_an_upgrade_lets_turns_that_are_under_way_finish_first(
    empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "FIRST_PATIENCE", "100ms")
    with opened(empty_postgres) as storage, opened(empty_postgres) as replica, ThreadPoolExecutor(1) as thread:
        before(storage)
        with replica.begin(WorkspaceKey("slack", "T1")) as store:
            upgraded = thread.submit(migrate.upgrade, storage)
            wait_for_lock(replica)
            assert not upgraded.done()
            store.members.greet("U1", "Ana")
        upgraded.result(20)
        assert migrate.is_current(storage)
        with replica.begin(WorkspaceKey("slack", "T1")) as store:
            assert [one.name for one in store.members.people()] == ["Ana"]


def test_an_upgrade_gives_up_on_what_does_not_let_go(empty_postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "PATIENCE", "50ms")
    monkeypatch.setattr(migrate, "TRIES", 1)
    with opened(empty_postgres) as storage, opened(empty_postgres) as replica:
        before(storage)
        with replica.connect() as backup:
            backup.execute(text("LOCK TABLE members IN ACCESS SHARE MODE"))
            with pytest.raises(Unavailable, match="try again when that is done"):
                migrate.upgrade(storage)
        assert migrate.standing(storage) == "older"


def before(storage: Storage) -> None:
    """Bring a database to the version before."""
    steps = [one.revision for one in ScriptDirectory(STEPS).walk_revisions()]
    with storage.connect() as connection:
        _upgrade(connection, steps[1])


def wait_for_lock(storage: Storage) -> None:
    """Until somebody has waited for a table, and was told to come back."""
    asleep = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()")
    with storage.connect() as connection:
        for _ in range(1000):
            if connection.execute(asleep).scalar():
                return
            connection.execute(text("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)"))
    raise AssertionError("nobody came back")


def test_a_database_that_cannot_be_reached_is_unavailable_rather_than_outdated() -> None:
    nowhere = Storage("postgresql://nobody@127.0.0.1:1/nothing", VAULT)
    with pytest.raises(Unavailable):
        migrate.is_current(nowhere)
    nowhere.close()


NOON = "2026-03-02 12:00:00+00:00"
PLANNED_BEFORE: dict[str, dict[str, Any]] = {
    "workspaces": {"platform": "slack", "external_id": "T1", "name": "Acme", "settings": "{}", "revision": 0}
    | {"created_at": NOON},
    "members": {"workspace_id": 1, "key": "U1", "name": "Ana", "zone": "", "active": True, "admin": False, "reach": ""}
    | {"told_of_kudos": False, "known": True, "met_at": NOON},
    "cadences": {"workspace_id": 1, "name": "Weekly", "feature": "checkins", "details": "{}", "paused": False}
    | {"version": 1, "made_at": NOON},
    "prompts": {"workspace_id": 1, "cadence_id": 1, "member_id": 1, "day": "2026-03-02", "closes_on": "2026-03-02"}
    | {"zone": "UTC", "due_at": NOON, "closes_at": NOON, "state": "sent", "why": "", "version": 1},
}


def test_prompts_planned_before_an_upgrade_are_kept_and_nobody_is_asked_again(empty_url: str) -> None:
    day = date(2026, 3, 2)
    with opened(empty_url) as storage:
        with storage.connect() as connection:
            _upgrade(connection, "0004")
            for table, row in PLANNED_BEFORE.items():
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)
        migrate.upgrade(storage)
        with storage.begin(WorkspaceKey("slack", "T1")) as store:
            assert [prompt.state for prompt in store.prompts.closing([1], day, day)] == ["sent"]
            assert prompt_for(store, 1, 1, day, day, "UTC", store.now, store.now) is None
            assert prompt_for(store, 1, 1, date(2026, 3, 3), day, "UTC", store.now, store.now) is not None


def _upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
