"""A company in virtual time: one database, several replicas of courier and ticker on it, a Slack, and misfortune."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.slack.outbound import SlackOutbound
from handlers.feature import Feature
from scheduler.courier import Courier
from scheduler.tick import Ticker
from storage.engine import Storage
from storage.workspaces import WorkspaceKey
from tests.databases import VAULT
from tests.faults.ground import Arrived
from tests.simulation.chronicle import Chronicle
from tests.simulation.loop import MachineClock, VirtualLoop
from tests.simulation.machines import Killed, Machines, Replica, must_live
from tests.simulation.slack import NONE, Misfortunes, SimulatedSlack

# When something is due next: on any lane, or in any wave.
NEXT = """
SELECT min(at) FROM (
    SELECT CASE status WHEN 'leased' THEN leased_until ELSE not_before END AS at
    FROM deliveries WHERE settled_at IS NULL
    UNION ALL SELECT look_at FROM waves WHERE look_at IS NOT NULL
)
"""
UNSETTLED = "SELECT count(*) FROM deliveries WHERE settled_at IS NULL"
LONGEST_NAP = 24 * 3600.0


@dataclass(frozen=True)
class Trouble:
    """What befalls a company.

    `crash` says how often each step is a replica's last, out of one; `jump_days` after how many days, more or less,
    the clock jumps; `nap` for how many seconds at most a replica looks away.
    """

    slack: Misfortunes = field(default_factory=Misfortunes)
    crash: float = 0.003
    crash_after_accept: float = 0.01
    jump_days: float = 6.0
    replicas: int = 2
    nap: float = LONGEST_NAP


class Company:
    """Everything that one seed decides. `arrived_at` says in which second of the loop each message arrived first."""

    def __init__(
        self,
        seed: int,
        database: Path,
        trouble: Trouble,
        features: tuple[Feature, ...] = (),
    ) -> None:
        self.dice = Random(seed)
        self.loop = VirtualLoop(self.dice, must_live)
        self.clock = MachineClock(self.loop)
        self.chronicle = Chronicle(self.clock)
        self.slack = SimulatedSlack(self.chronicle, self.dice, trouble.slack)
        self.arrived_at: dict[str, float] = {}
        self.slack.heard.append(self._hear)
        self.machines = Machines(self.dice, self.chronicle, self._live, self._odds)
        self.machines.watch(self.loop)
        self.trouble = trouble
        self.jumps = 0
        self._stirred = asyncio.Event()
        self.url = f"sqlite:///{database}"
        self.storage = Storage(self.url, VAULT, self.clock)
        self._compiled: dict[Any, Any] = {}
        self.storage.engine.update_execution_options(compiled_cache=self._compiled)
        with self.storage.connect():
            pass  # its dialect has to know the database before others use it
        self._look = sqlite3.connect(database)
        self._features = features
        self._storages: list[Storage] = []

    def play(self, story: Callable[[Company], Awaitable[None]]) -> None:
        """Play a story to its end, and then let everything that is due be sent in peace."""
        try:
            self.loop.run_until_complete(self._play(story))
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.run_until_complete(asyncio.sleep(1))
            for storage in (self.storage, *self._storages):
                storage.close()
            self._look.close()
            self.loop.close()

    async def _play(self, story: Callable[[Company], Awaitable[None]]) -> None:
        for number in range(self.trouble.replicas):
            self.machines.start(number)
        troubles = asyncio.create_task(self._jump()) if self.trouble.jump_days else None
        await story(self)
        if troubles:
            troubles.cancel()
        self.machines.calm = True
        self.slack.misfortunes = NONE
        self.clock.set_right()
        self._stir()
        for _ in range(200):
            await asyncio.sleep(600)
            if not self._look.execute(UNSETTLED).fetchone()[0]:
                break

    def _hear(self, arrived: Arrived) -> None:
        self.arrived_at.setdefault(arrived.mark, self.loop.time())

    def _odds(self, step: str) -> float:
        return self.trouble.crash_after_accept if step == "accepted" else self.trouble.crash

    async def _live(self, replica: Replica) -> None:
        storage = Storage(self.url, VAULT, self.clock)
        # What was compiled for one replica need not be compiled again for the next.
        storage.engine.dialect = self.storage.engine.dialect
        storage.engine.update_execution_options(compiled_cache=self._compiled)
        self._storages.append(storage)
        outbound = SlackOutbound(self._client_for)
        chance = Random(self.dice.getrandbits(64))
        courier = Courier(storage, outbound, self.clock, self._features, chance=chance, at=replica.at)
        ticker = Ticker(storage, self._features, courier.wake, at=replica.at)
        rounds, changed = 0, True
        try:
            await courier.sweep()
            while True:
                await ticker.tick()
                if changed or rounds % 5 == 0:
                    await ticker.look_round()
                    await ticker.tick()
                rounds += 1
                await courier.sweep()
                changed = await self._look_away()
        except Killed:
            replica.dead or replica.kill()

    async def _client_for(self, workspace: WorkspaceKey) -> Any:
        return self.slack.client(workspace.external_id)

    def changed(self) -> None:
        """Somebody has moved, or has edited something: that is noticed at the next look, and not after idle hours."""
        self.chronicle.changes.append(self.loop.time())
        self._stir()

    def _stir(self) -> None:
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def _look_away(self) -> bool:
        """Until the next look; whether something has happened meanwhile, after which a look comes soon."""
        try:
            async with asyncio.timeout(self._until_next()):
                await self._stirred.wait()
        except TimeoutError:
            return False
        await asyncio.sleep(self.dice.uniform(0, 30))
        return True

    def _until_next(self) -> float:
        """Seconds until a replica looks round again: what would be thousands of idle looks is left out."""
        (found,) = self._look.execute(NEXT).fetchone()
        due = datetime.fromisoformat(found).replace(tzinfo=UTC) if found else datetime.max.replace(tzinfo=UTC)
        wait = (due - self.clock.now()).total_seconds() + self.dice.uniform(0, 30)
        return min(max(wait, self.dice.uniform(20, 40)), self.trouble.nap * self.dice.uniform(0.5, 1))

    async def _jump(self) -> None:
        """Now and then, while messages are on their way, the clock is set wrong or the machines are suspended."""
        while True:
            await asyncio.sleep(self.dice.uniform(0.2, 1.8) * self.trouble.jump_days * 86_400)
            self.slack.called.clear()
            await self.slack.called.wait()
            await asyncio.sleep(self.dice.uniform(0, 0.1))
            self.jumps += 1
            if self.dice.random() < 0.3:
                self.clock.suspend(timedelta(hours=8))
            else:
                self.clock.jump(timedelta(hours=self.dice.choice((-2, -1, -0.01, 0.01, 1, 2))))
                self._stir()
                await asyncio.sleep(self.dice.uniform(0.05, 0.5) * min(1, self.trouble.jump_days) * 86_400)
                self.clock.set_right()
            self._stir()


def founded(template: Path, path: Path) -> Path:
    """A fresh database beside a template."""
    shutil.copy(template, path)
    return path
