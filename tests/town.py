"""The town: a strict local Slack, the real Bolt app beside it over real HTTP, and people with stories.

`town` runs on SQLite. Nothing is replaced but the addresses, the clock and the pace of sending.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.manifest import over_http
from bot.settings import Settings
from sandbox.people import Person
from sandbox.slack.server import SlackSandbox
from sandbox.slack.workspace import Workspace
from scheduler.pace import Pace
from storage.clock import SetClock
from storage.crypto import new_key
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PERSONS = ("ana", "bo", "cy", "dee", "eli")
CHANNELS = ("kudos", "ops")
KEYS = (SecretStr(new_key()),)
AT_ONCE = Pace(60_000, 60_000, 1000)


class Town:
    """A workspace with the app installed, and a second one whose people must never be seen here."""

    def __init__(self, sandbox: SlackSandbox, workspace: Workspace, app: App, clock: SetClock) -> None:
        self.sandbox = sandbox
        self.workspace = workspace
        self.app = app
        self.clock = clock
        self.key = WorkspaceKey("slack", self.workspace.id)

    def people(self, *names: str) -> tuple[Person, ...]:
        """People of the workspace, by name."""
        return tuple(self.person(name) for name in names)

    def person(self, name: str, workspace: Workspace | None = None) -> Person:
        """One of them."""
        where = workspace or self.workspace
        user = where.find_user(name)
        assert user is not None, f"nobody is called {name}"
        return Person(self.sandbox.seat(where, user.id))

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The workspace's rows, in a transaction of its own."""
        with self.app.storage.begin(self.key) as store:
            yield store

    def channel(self, name: str) -> str:
        """A channel's id."""
        found = self.workspace.find_channel(name)
        assert found is not None, f"no channel is called {name}"
        return found.id

    async def settle(self) -> None:
        """Wait until nothing is under way: no request, no answer, no delivery that is due."""
        await self.sandbox.settle(10)
        await self.app.inbound.drain()
        await self.app.courier.drain()
        await self.sandbox.settle(10)


def settle(sandbox: SlackSandbox, name: str, domain: str) -> Workspace:
    """A workspace with its people, its channels and the app."""
    workspace = sandbox.add_workspace(name, domain)
    workspace.add_channel("general", members=[])
    for person in PERSONS:
        workspace.add_user(name=person, tz="UTC")
    workspace.add_user(name="max", tz="UTC", admin=True)
    workspace.add_user(name="gus", tz="UTC", guest="restricted")
    workspace.add_user(name="rob", tz="UTC", bot=True)
    workspace.add_user(name="dan", tz="UTC", deleted=True)
    install = sandbox.install(workspace)
    for channel in CHANNELS:
        workspace.invite(workspace.add_channel(channel).id, install.bot_user_id)
    return workspace


def settings_beside(sandbox: SlackSandbox, database: str, **more: Any) -> Settings:
    """Settings of an app beside a sandbox."""
    return Settings(
        database=SecretStr(database),
        vault_keys=KEYS,
        host="127.0.0.1",
        port=0,
        slack_api_url=f"{sandbox.url}/api/",
        **more,
    )


@asynccontextmanager
async def founded(database: str, clock: SetClock) -> AsyncIterator[Town]:
    """A town on a migrated database, taken down afterwards."""
    sandbox = SlackSandbox(
        over_http("https://bot.example.com"), request_url="", signing_secret=SECRET, clock=clock, real_rates=False
    )
    await sandbox.start()
    workspace = settle(sandbox, "Acme", "acme")
    assert workspace.install is not None
    settings = settings_beside(
        sandbox, database, bot_token=SecretStr(workspace.install.bot_token), signing_secret=SecretStr(SECRET)
    )
    app = App(settings, clock=clock, pace=AT_ONCE, ticking=False)
    try:
        await app.start()
        for _ in range(2):  # its first look round is over before the story begins; one alone may overtake it
            await app.courier.drain()
        sandbox.delivery.request_url = f"{app.url}/slack/events"
        yield Town(sandbox, workspace, app, clock)
    finally:
        await app.stop()
        await sandbox.stop()


@pytest.fixture
async def town(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """A town on a fresh SQLite database; it is Monday, 2026-03-02, 09:00 UTC until its clock is moved."""
    path = tmp_path / "town.db"
    shutil.copy(sqlite_template, path)
    async with founded(f"sqlite:///{path}", SetClock(MONDAY)) as one:
        yield one
