"""The outbox and its courier: a loop that leases a lane, sends what is due and settles it.

A lane is one workspace's deliveries. One courier works on a lane at a time, so that its pace is kept, and nothing is
sent while a transaction is open. A courier that dies between sending and settling leaves one message in doubt, which is
sent again when its lease has ended: at least once, then.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, Protocol

from handlers.feature import Feature
from handlers.screens import Card, Home
from handlers.turn import home_of
from handlers.wire import from_json
from scheduler.pace import LanePace, Pace
from storage.clock import Clock
from storage.deliveries import To
from storage.engine import Storage
from storage.errors import Conflict, StorageError, Unavailable
from storage.lanes import Taken, lanes_with_work
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
# Shorter than the lease, so that a call without an answer is over before anybody else tries.
SEND_SECONDS = 30.0
LONGEST_BACK_OFF = 300.0
DATABASE_REST = 5.0
SETTLING_TRIES = 5
P = ParamSpec("P")


@dataclass(frozen=True)
class Outgoing:
    """What a transport is given. `replaces` and `thread` are references that it once returned."""

    to: To
    to_key: str
    reach: str
    screen: Card | Home
    replaces: dict[str, Any] | None
    thread: dict[str, Any] | None
    delivery_id: int


class Transport(Protocol):
    """A platform's way out."""

    async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
        """Send, edit or publish; where the platform put it, as JSON can hold it (`channel` is where it was written).

        Raises RateLimited, TryAgain, Gone or Parked.
        """
        ...


class SendingProblem(Exception):
    """The platform did not take it. The message says why, in plain words without anybody's own."""


class RateLimited(SendingProblem):
    """The whole lane rests for `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"The platform asked to wait {retry_after:g} seconds.")
        self.retry_after = retry_after


class TryAgain(SendingProblem):
    """It may work later."""


class Gone(SendingProblem):
    """It never will: the person is deactivated, the channel archived, or Soundings not in it."""


class Parked(SendingProblem):
    """Our access to the workspace has ended; nothing is sent until somebody installs again."""


class Courier:
    """Sends what is due, for all workspaces. Several couriers, in any processes, share the work."""

    def __init__(
        self,
        storage: Storage,
        transport: Transport,
        clock: Clock,
        features: tuple[Feature, ...],
        pace: Pace | None = None,
    ) -> None:
        self._storage = storage
        self._transport = transport
        self._clock = clock
        self._features = features
        self._pace = pace or Pace()
        self._owner = secrets.token_hex(8)
        self._paces: dict[WorkspaceKey, LanePace] = {}
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
        await self._storage.run(self._unpark, workspace)
        self.wake(workspace)

    async def sweep(self) -> None:
        """Look for due work in all workspaces, in case a wake-up was lost or a courier died."""
        self._loop = asyncio.get_running_loop()
        try:
            found = await self._storage.run(self._lanes_with_work)
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
        for timer in self._timers.values():
            timer.cancel()
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    # -- lanes ---------------------------------------------------------------------------------------------------------

    def _lanes_with_work(self) -> list[WorkspaceKey]:
        with self._storage.connect() as connection:
            return lanes_with_work(connection, self._clock.now())

    def _unpark(self, workspace: WorkspaceKey) -> None:
        with self._storage.begin(workspace) as store:
            store.lanes.resume()

    def _start(self, workspace: WorkspaceKey) -> None:
        if self._stopped.is_set():
            return
        if workspace in self._tasks:
            self._woken.add(workspace)
            return
        if timer := self._timers.pop(workspace, None):
            timer.cancel()
        self._tasks[workspace] = asyncio.create_task(self._work(workspace), name=f"lane {workspace.external_id}")

    async def _work(self, workspace: WorkspaceKey) -> None:
        rest: float | None = DATABASE_REST
        try:
            while True:
                self._woken.discard(workspace)
                rest = await self._empty(workspace)
                if workspace not in self._woken:
                    break
        except StorageError as problem:
            log.warning("a lane rests for %.0f s: %s", DATABASE_REST, problem)
        except Exception:
            log.exception("a lane rests for %.0f s", DATABASE_REST)
        finally:
            del self._tasks[workspace]
        if rest is not None and self._loop and not self._stopped.is_set():
            self._timers[workspace] = self._loop.call_later(rest, self._start, workspace)

    async def _empty(self, workspace: WorkspaceKey) -> float | None:
        """Send all that can be sent now; seconds until there may be more, if anything waits."""
        pace = self._paces.setdefault(workspace, LanePace(self._pace))
        while not self._stopped.is_set():
            taken = await self._storage.run(self._take, workspace, pace.busy(self._clock.monotonic()))
            if not isinstance(taken, Taken):
                return taken
            await self._clock.sleep(pace.take(self._clock.monotonic(), "" if taken.to == "home" else taken.to_key))
            await self._carry(workspace, taken)
            self._handled += 1
        await self._storage.run(self._leave, workspace)
        return None

    def _take(self, workspace: WorkspaceKey, busy: set[str]) -> Taken | float | None:
        with self._storage.begin(workspace) as store:
            taken = busy and store.lanes.take(self._owner, LEASE, busy)
            taken = taken or store.lanes.take(self._owner, LEASE)
            if taken:
                return taken
            next_at = store.lanes.next_at()
            return max((next_at - store.now).total_seconds(), 0.1) if next_at else None

    def _leave(self, workspace: WorkspaceKey) -> None:
        with self._storage.begin(workspace) as store:
            store.lanes.leave(self._owner)

    # -- one delivery --------------------------------------------------------------------------------------------------

    async def _carry(self, workspace: WorkspaceKey, taken: Taken) -> None:
        try:
            outgoing = await self._storage.run(self._draw, workspace, taken)
            async with asyncio.timeout(SEND_SECONDS):
                reference = await self._transport.send(workspace, outgoing)
        except SendingProblem as problem:
            await self._settle(self._settle_problem, workspace, taken, problem)
        except (Unavailable, Conflict):
            raise
        except TimeoutError:
            await self._settle(self._settle_problem, workspace, taken, TryAgain("The platform did not answer in time."))
        except Exception as problem:
            log.exception("delivery %s could not be sent", taken.id)
            why = TryAgain(f"Something broke on our side while sending ({type(problem).__name__}).")
            await self._settle(self._settle_problem, workspace, taken, why)
        else:
            await self._settle(self._settle_sent, workspace, taken, reference)

    async def _settle(self, function: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        # What has happened outside must be written down here, or it happens again: so the database is asked patiently.
        for patience in range(SETTLING_TRIES):
            try:
                return await self._storage.run(function, *args, **kwargs)
            except Unavailable:
                if patience == SETTLING_TRIES - 1:
                    raise
                await self._clock.sleep(1)

    def _draw(self, workspace: WorkspaceKey, taken: Taken) -> Outgoing:
        return Outgoing(
            taken.to,
            taken.to_key,
            taken.reach,
            self._draw_home(workspace, taken.to_key) if taken.to == "home" else self._card(taken),
            taken.replaces,
            taken.thread,
            taken.id,
        )

    def _card(self, taken: Taken) -> Card:
        card: Card = from_json(self._storage.vault.open_json(taken.sealed))
        return card

    def _draw_home(self, workspace: WorkspaceKey, member_key: str) -> Home:
        with self._storage.begin(workspace) as store:
            member = store.members.by_key(member_key)
            if member is None:
                raise Gone("This person is not known here any more.")
            return home_of(store, member, self._features)

    def _settle_sent(self, workspace: WorkspaceKey, taken: Taken, reference: dict[str, Any]) -> None:
        with self._storage.begin(workspace) as store:
            store.lanes.settle_sent(taken, reference)
            if taken.to == "member" and (reach := reference.get("channel")):
                store.members.set_reach(taken.to_key, str(reach))

    def _settle_problem(self, workspace: WorkspaceKey, taken: Taken, problem: SendingProblem) -> None:
        with self._storage.begin(workspace) as store:
            lane = store.lanes
            if isinstance(problem, RateLimited):
                lane.put_back(taken)
                lane.pause(store.now + timedelta(seconds=problem.retry_after))
            elif isinstance(problem, Parked):
                lane.put_back(taken)
                lane.park(str(problem))
            elif isinstance(problem, Gone):
                lane.give_up(taken, "cancelled", str(problem))
            elif taken.attempts >= MOST_ATTEMPTS:
                lane.give_up(taken, "failed", str(problem))
            else:
                lane.try_again(taken, back_off(store.now, taken.attempts), str(problem))


def back_off(now: datetime, attempts: int) -> datetime:
    """When to try again after so many attempts: twice as long each time, spread so that not all come back at once."""
    seconds = min(2.0**attempts, LONGEST_BACK_OFF) * random.uniform(0.5, 1.5)
    return now + timedelta(seconds=seconds)
