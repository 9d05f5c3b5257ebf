"""A rolling upgrade: replicas of this version and of the next on one PostgreSQL, in the middle of a fan-out.

Two replicas of this version send; the next version's `soundings db upgrade` runs under them; then they are taken away
one after the other, one of them comes back once more on the newer database, and the next version takes over. Meanwhile
people check in by whatever replica a proxy would choose.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.company import KEY
from bench.payloads import TEAM
from bench.process import Process, launch_ours
from storage.crypto import Vault
from storage.engine import Storage
from storage.installs import Install, keep_install
from storage.migrate import standing, upgrade
from storage.workspaces import WorkspaceKey
from tests.faults.carnage import own_postgres, slack_running
from tests.faults.next_version import make_next, upgrade_to
from tests.faults.proxy import Proxy
from tests.faults.replicas import arrived, kill, queue
from tests.faults.slack import FakeSlack
from tests.faults.victims import ROOT

WORKSPACES = tuple(WorkspaceKey("slack", team) for team in (TEAM, "TEAM1", "TEAM2", "TEAM3"))
BATCH, BACKLOG = 4, 5  # messages to each workspace at a time, and how many times that is always on its way


@dataclass(frozen=True)
class Rolled:
    """What was seen. `refused` counts answers to people that were no 200, `forgotten` check-ins that were not kept.

    `by` says how many messages each replica sent after the upgrade, `complaints` what any of them logged as an error.
    """

    lost: int
    twice: int
    checked_in: int
    refused: int
    forgotten: int
    by: Counter[str]
    complaints: list[str]


class Fleet:
    """Replicas by name, each with a log of its own, and the proxy before them."""

    def __init__(self, slack: FakeSlack, database: str, folder: Path) -> None:
        self.proxy = Proxy()
        self._host, self._database, self._folder = slack.url.removesuffix("api/"), database, folder
        self._running: dict[str, Process] = {}

    async def start(self, name: str, tree: Path) -> None:
        """Start a replica from these sources, and let the proxy know when it is ready. Raises RuntimeError."""
        with (self._folder / f"{name}.log").open("wb") as log:
            settings = {"PYTHONPATH": str(tree)}
            one = await launch_ours(f"{self._host}{name}/api/", self._database, settings=settings, stderr=log)
        self._running[name] = one
        self.proxy.put_in(name, one.url)

    async def stop(self, name: str) -> None:
        """Take one away as an admin does."""
        await self.proxy.take_out(name)
        await self._running.pop(name).end()

    async def kill(self, name: str) -> None:
        """Take one away as `kill -9` does, while it sends."""
        await self.proxy.take_out(name)
        await kill(self._running.pop(name))

    async def end(self) -> None:
        """Kill whatever is left."""
        for one in self._running.values():
            await kill(one)

    def complaints(self) -> list[str]:
        """What any of them logged as an error."""
        lines = [line for log in self._folder.glob("*.log") for line in log.read_text().splitlines()]
        return [line for line in lines if " error " in line or line.startswith("Traceback")]


async def rolled(folder: Path, *, roughly: bool) -> Rolled:
    """Play it; `roughly` kills the first replica that goes, instead of stopping it."""
    tree = make_next(folder)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(own_postgres(folder)).get_uri()
        storage = Storage(database, Vault([KEY]))
        stack.callback(storage.close)
        found(storage)
        slack = await stack.enter_async_context(slack_running())
        fleet = Fleet(slack, database, folder)
        stack.push_async_callback(fleet.end)
        await asyncio.gather(fleet.start("first", ROOT), fleet.start("second", ROOT))
        over = asyncio.Event()
        people = asyncio.create_task(fleet.proxy.evenings(slack, over))
        fan_out = FanOut(slack, database)
        for _ in range(BACKLOG):
            await fan_out.more()

        await fan_out.during(asyncio.to_thread(upgrade_to, tree, database, KEY))
        assert standing(storage) == "newer"
        since = len(slack.callers)
        await fan_out.during(fleet.start("next", tree))
        one, other = sorted(("first", "second"), key=lambda name: name != slack.callers[-1])
        await fan_out.during(fleet.kill(one) if roughly else fleet.stop(one))
        await fan_out.during(fleet.start("again", ROOT))
        await fan_out.during(fleet.stop(other))
        await fan_out.during(fleet.stop("again"))
        await fan_out.rest()

        over.set()
        await people
        await fleet.stop("next")
        return Rolled(
            *fan_out.verdict(),
            checked_in=fleet.proxy.checked_in,
            refused=fleet.proxy.refused,
            forgotten=fleet.proxy.checked_in - kept(storage),
            by=Counter(slack.callers[since:]),
            complaints=fleet.complaints(),
        )


class FanOut:
    """Messages to many people in all workspaces, a batch at a time, so that there is always something to send."""

    def __init__(self, slack: FakeSlack, database: str) -> None:
        self._slack, self._database = slack, database
        self._messages = 0

    async def more(self) -> None:
        """Queue a batch."""
        for workspace in WORKSPACES:
            await asyncio.to_thread(queue, self._database, BATCH, workspace, first=self._messages)
        self._messages += BATCH

    async def during(self, happening: Coroutine[Any, Any, None]) -> None:
        """Keep messages on their way while something happens, and for a while before and after."""
        await self._some()
        task = asyncio.create_task(happening)
        while not task.done():
            await self._some()
        await task
        await self._some()

    async def _some(self) -> None:
        seen = len(self._slack.ground.arrived)
        await self.more()
        await arrived(self._slack, seen + BATCH * len(WORKSPACES))

    async def rest(self) -> None:
        """Wait until all have arrived, and a little longer: whatever comes twice would come then."""
        await arrived(self._slack, self._messages * len(WORKSPACES))
        await asyncio.sleep(1)

    def verdict(self) -> tuple[int, int]:
        """How many were lost, and how many came again."""
        queued = self._messages * len(WORKSPACES)
        times = Counter((one.team, one.text) for one in self._slack.ground.arrived)
        return queued - len(times), times.total() - len(times)


def found(storage: Storage) -> None:
    """Bring the database to this version, and let the workspaces install us and be met."""
    upgrade(storage)
    with storage.connect() as connection:
        for key in WORKSPACES:
            team = key.external_id
            install = Install(key, team, f"xoxb-{team}", "U0BOT", "B0BOT", installed_at=storage.clock.now())
            keep_install(connection, storage.vault, install, storage.clock.now())
    for key in WORKSPACES:
        with storage.begin(key):
            pass


def kept(storage: Storage) -> int:
    """How many check-ins there are."""
    with storage.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM checkins")).scalar_one())
