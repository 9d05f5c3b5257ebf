"""The courier: sends what is in the outbox, lane by lane. Several couriers, in any processes, share the work.

A lane is one workspace's deliveries. One courier works on a lane at a time, so that its pace is kept, and nothing is
sent while a transaction is open. What a courier was about to send when it died is looked for before it is sent again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import timedelta

from handlers.feature import Feature
from handlers.outages import reopen
from scheduler.pace import LanePace, Pace
from scheduler.round import Round
from scheduler.steps import Tools
from scheduler.transport import Transport
from storage.clock import Clock
from storage.engine import Storage
from storage.errors import NotHere, StorageError, Unavailable
from storage.lanes import lanes_with_work
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

DATABASE_REST = 5.0
# A lane is looked at before something is due on it, and waits for that: the next sweep would come too late.
AHEAD = timedelta(seconds=30)


class Courier:
    """Sends what is due, for all workspaces. `chance` and `at` are for tests: see `Tools`."""

    def __init__(
        self,
        storage: Storage,
        transport: Transport,
        clock: Clock,
        features: tuple[Feature, ...],
        pace: Pace | None = None,
        *,
        chance: random.Random | None = None,
        at: Callable[[str], None] | None = None,
    ) -> None:
        chance = chance or random.Random()
        self._tools = Tools(storage, transport, clock, features, chance, *([at] if at else []))
        self._pace = pace or Pace()
        self._owner = f"{chance.getrandbits(64):016x}"
        self._paces: dict[WorkspaceKey, LanePace] = {}
        self._rounds: dict[WorkspaceKey, Round] = {}
        self._tasks: dict[WorkspaceKey, asyncio.Task[None]] = {}
        self._timers: dict[WorkspaceKey, asyncio.TimerHandle] = {}
        self._woken: set[WorkspaceKey] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()
        self._handled = 0

    async def run(self) -> None:
        """Send what is due, now and whenever woken, until stopped."""
        await self.sweep()
        await self._stopped.wait()

    def wake(self, workspace: WorkspaceKey) -> None:
        """Something may be due for this workspace. May be called from any thread, after the commit."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start, workspace)

    async def resume(self, workspace: WorkspaceKey) -> None:
        """Somebody has installed us again: a parked lane is sent from here on, with what waited in it."""
        await self._tools.storage.run(self._reopen, workspace)
        self.wake(workspace)

    async def sweep(self) -> None:
        """Look for work that is due now or soon in all workspaces, in case a wake-up was lost or a courier died."""
        self._loop = asyncio.get_running_loop()
        try:
            found = await self._tools.storage.run(self._lanes_with_work)
        except Unavailable:
            log.warning("the outbox was not swept: the database cannot be reached")
            return
        for workspace in found:
            self._start(workspace)

    async def drain(self) -> None:
        """Send until nothing is left that is due and can be sent now."""
        before = -1
        while self._handled != before:
            before = self._handled
            await self.sweep()
            while self._tasks:
                await asyncio.gather(*self._tasks.values())

    async def stop(self) -> None:
        """Finish the messages in hand, leave the lanes to others, and end `run`."""
        self._stopped.set()
        for one in self._rounds.values():
            one.stirred.set()
        for timer in self._timers.values():
            timer.cancel()
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    def _lanes_with_work(self) -> list[WorkspaceKey]:
        with self._tools.storage.connect() as connection:
            return lanes_with_work(connection, self._tools.clock.now() + AHEAD)

    def _reopen(self, workspace: WorkspaceKey) -> None:
        with self._tools.storage.begin(workspace) as store:
            reopen(store)

    def _start(self, workspace: WorkspaceKey) -> None:
        if self._stopped.is_set():
            return
        if workspace in self._tasks:
            self._woken.add(workspace)
            if current := self._rounds.get(workspace):
                current.stirred.set()
            return
        if timer := self._timers.pop(workspace, None):
            timer.cancel()
        self._tasks[workspace] = asyncio.create_task(self._work(workspace), name=f"lane {workspace.external_id}")

    async def _work(self, workspace: WorkspaceKey) -> None:
        rest: float | None = DATABASE_REST
        try:
            while True:
                self._woken.discard(workspace)
                rest = await self._go_round(workspace)
                if workspace not in self._woken or self._stopped.is_set():
                    break
        except NotHere:
            rest = None
            log.info("the workspace of a lane was erased")
        except StorageError as problem:
            log.warning("a lane rests for %.0f s: %s", DATABASE_REST, problem)
        except Exception:
            log.exception("a lane rests for %.0f s", DATABASE_REST)
        finally:
            del self._tasks[workspace]
        if rest is not None and self._loop and not self._stopped.is_set():
            self._timers[workspace] = self._loop.call_later(rest, self._start, workspace)

    async def _go_round(self, workspace: WorkspaceKey) -> float | None:
        pace = self._paces.get(workspace)
        if pace is None:
            pace = self._paces[workspace] = LanePace(self._pace, self._tools.clock)
        current = self._rounds[workspace] = Round(self._tools, workspace, self._owner, pace, self._stopped)
        try:
            return await current.run()
        finally:
            del self._rounds[workspace]
            self._handled += current.handled
