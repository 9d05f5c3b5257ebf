"""A round: one courier's work on one lane, from leasing it to leaving it.

Its first message goes alone for a moment, until the platform has not refused it; then several go at once.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from scheduler.errand import Errand
from scheduler.pace import LanePace
from scheduler.steps import Tools
from scheduler.transport import RateLimited, SendingProblem
from storage.lanes import Taken
from storage.workspaces import WorkspaceKey

LEASE = timedelta(seconds=60)
RENEW_AFTER = 20.0
# Enough for 10 messages a second with answers that take six seconds.
MOST_AT_ONCE = 64
# Seconds for which the first message of a round goes alone; a refusal comes sooner, and an answer that hangs is none.
ALONE = 2.0


class Round:
    """The work on one lane. `stirred` is set when there may be more to do."""

    def __init__(
        self, tools: Tools, workspace: WorkspaceKey, owner: str, pace: LanePace, stopping: asyncio.Event
    ) -> None:
        self.stirred = asyncio.Event()
        self.handled = 0
        self._tools = tools
        self._workspace = workspace
        self._owner = owner
        self._pace = pace
        self._stopping = stopping
        self._flights: dict[str, asyncio.Task[SendingProblem | None]] = {}
        self._in_doubt = ""  # to whom the one message goes that may have arrived before
        self._trouble: BaseException | None = None
        self._halt = asyncio.Event()  # nothing more is sent in this round
        self._heard = asyncio.Event()  # the platform has listened to one, so several may go at once
        self._slowed = False
        self._begun = False
        self._began_at = self._renewed = tools.clock.monotonic()

    async def run(self) -> float | None:
        """Send all that can be sent now; seconds until there may be more, if anything waits. Raises StorageError."""
        try:
            await self._send()
            while self._flights:
                await self._stir()
        finally:
            for flight in self._flights.values():
                flight.cancel()
        if self._trouble:
            raise self._trouble
        self._tools.at("leaving")
        return await self._tools.storage.run(self._leave)

    async def _send(self) -> None:
        while not self._halt.is_set() and not self._stopping.is_set():
            self.stirred.clear()
            if len(self._flights) >= self._most_at_once():
                await self._stir()
            elif wait := self._pace.wait():
                await self._pace.rest(wait)
            elif taken := await self._tools.storage.run(self._claim):
                self._tools.at("claimed")
                for one in taken:
                    self._start(one)
            elif self._flights:
                await self._stir()
            elif (wait := self._pace.wait_for_channel()) and await self._tools.storage.run(self._has_due):
                await self._pace.rest(wait)
            else:
                return

    def _most_at_once(self) -> int:
        # Whoever may not write here any more is told so once, and not by as many answers as a burst has messages.
        waited = self._tools.clock.monotonic() - self._began_at
        return MOST_AT_ONCE if self._heard.is_set() or waited >= ALONE else 1

    # -- flights -------------------------------------------------------------------------------------------------------

    def _start(self, taken: Taken) -> None:
        if taken.to == "home":
            self._pace.take_home()
        else:
            self._pace.take(taken.to_key)
        errand = Errand(self._tools, self._workspace, taken, self._pace, self._halt, self._heard)
        flight = asyncio.create_task(errand.run(), name=f"delivery {taken.id}")
        self._flights[taken.to_key] = flight
        if taken.doubtful_since:
            self._in_doubt = taken.to_key
        flight.add_done_callback(lambda done: self._landed(taken, done))

    def _landed(self, taken: Taken, flight: asyncio.Task[SendingProblem | None]) -> None:
        del self._flights[taken.to_key]
        if taken.to_key == self._in_doubt:
            self._in_doubt = ""
        self.handled += 1
        self.stirred.set()
        if flight.cancelled():
            return
        if trouble := flight.exception():
            self._trouble = self._trouble or trouble
            self._halt.set()
            return
        problem = flight.result()
        if isinstance(problem, RateLimited) and taken.to != "home":
            self._pace.hold(problem.retry_after)
            # The limit of edits is another than that of messages, and says nothing about it.
            if not taken.replaces and not self._slowed:
                self._slowed = True
                self._pace.slow_down()

    async def _stir(self) -> None:
        """Wait until something has happened, and keep the lease meanwhile."""
        try:
            seconds = self._pace.wait_for_channel() or RENEW_AFTER
            async with asyncio.timeout(min(seconds, ALONE) if self._most_at_once() == 1 else seconds):
                await self.stirred.wait()
        except TimeoutError:
            pass
        self.stirred.clear()
        now = self._tools.clock.monotonic()
        if now - self._renewed >= RENEW_AFTER:
            self._renewed = now
            if not await self._tools.storage.run(self._renew):
                self._halt.set()

    # -- in threads ----------------------------------------------------------------------------------------------------

    def _claim(self) -> list[Taken]:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            if not self._begun:
                self._begun = True
                self._pace.recall(store.lanes.state().rate)
            most = min(self._pace.ready(), self._most_at_once() - len(self._flights))
            busy = {*self._flights, *self._pace.busy()}
            taken = store.lanes.take(self._owner, LEASE, most, busy, not self._in_doubt, self._pace.homes())
            self._pace.pressed = self._heard.is_set() and len(taken) >= most
            self._tools.at("claiming")
            return taken

    def _has_due(self) -> bool:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            return store.lanes.has_due()

    def _renew(self) -> bool:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            return store.lanes.renew(self._owner, LEASE)

    def _leave(self) -> float | None:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            if self._pace.to_keep():
                store.lanes.learn(self._pace.rate)
            store.lanes.leave(self._owner, hand_on=self._stopping.is_set())
            next_at = store.lanes.next_at()
            return max((next_at - store.now).total_seconds(), 0.1) if next_at else None
