"""An errand: one delivery in a courier's hands, from taking it up to writing down what became of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, ParamSpec

from scheduler.drawing import Lost, NotNeeded, PutOff, address_of, draw
from scheduler.pace import LanePace
from scheduler.reconcile import SHOWN_AFTER, Later, look_for
from scheduler.steps import Tools
from scheduler.transport import Ambiguous, Gone, Parked, RateLimited, SendingProblem, TryAgain, Unreadable
from storage.deliveries import NOT_NEEDED
from storage.errors import StorageError, Unavailable
from storage.lanes import Taken
from storage.store import Store
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
# Shorter than the lease, so that a call without an answer is over before anybody else tries.
SEND_SECONDS = 30.0
LONGEST_BACK_OFF = 300.0
SETTLING_TRIES = 5
NOT_SENT_TWICE = "It may have arrived, and nobody could look; a reminder is not sent twice."
FATAL = "Soundings stopped each time it tried to send this."
P = ParamSpec("P")


class Halted(Exception):
    """The lane was paused or parked before this one was sent."""


class Dead(Exception):
    """It is not tried again; the message says why."""


class Errand:
    """One delivery. `halt` says to all of a round that nothing more is sent; it is set as soon as this is heard.

    `heard` says that the platform has not refused the workspace: it took something, or that had another problem.
    """

    def __init__(
        self,
        tools: Tools,
        workspace: WorkspaceKey,
        taken: Taken,
        pace: LanePace,
        halt: asyncio.Event,
        heard: asyncio.Event,
    ) -> None:
        self._tools = tools
        self._workspace = workspace
        self._taken = taken
        self._address = address_of(taken)
        self._pace = pace
        self._halt = halt
        self._heard = heard

    async def run(self) -> SendingProblem | None:
        """Bring it and settle it. What the platform had against it, if anything. Raises StorageError."""
        try:
            reference = await self._bring()
        except SendingProblem as problem:
            if _stops_all(problem, self._taken):
                # Before it is written down: what is drawn already would be refused as well.
                self._halt.set()
            else:
                self._heard.set()
            await self._settle(self._settle_problem, problem)
            return problem
        except Later as later:
            await self._settle(self._put_back, later.seconds)
        except PutOff as later:
            await self._settle(self._put_off, later.at)
        except Halted:
            await self._settle(self._put_back, 0.0)
        except NotNeeded:
            await self._settle(self._give_up, NOT_NEEDED)
        except Dead as dead:
            await self._settle(self._bury, str(dead))
        except Lost:
            log.info("delivery %s is somebody else's by now", self._taken.id)
        else:
            self._heard.set()
            await self._settle(self._settle_sent, reference)
            if self._taken.to != "home":
                self._pace.went_well()
        return None

    # -- bringing ------------------------------------------------------------------------------------------------------

    async def _bring(self) -> dict[str, Any]:
        taken, tools = self._taken, self._tools
        if not taken.known:
            raise NotNeeded
        if taken.doubtful_since and not self._address.may_be_repeated and (found := await self._look(taken)):
            return found
        if taken.attempts > MOST_ATTEMPTS:
            raise Dead(FATAL)
        try:
            outgoing = await tools.storage.run(draw, tools.storage, self._workspace, taken, tools.features)
        except (SendingProblem, StorageError, NotNeeded, PutOff, Lost):
            raise
        except Exception as problem:
            log.exception("delivery %s could not be drawn", taken.id)
            raise TryAgain(_ours(problem)) from None
        tools.at("drawn")
        if self._halt.is_set():
            raise Halted
        tools.at("posting")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                reference = await tools.transport.send(self._workspace, outgoing)
        except SendingProblem:
            raise
        except TimeoutError:
            raise Ambiguous("The platform did not answer in time.") from None
        except Exception as problem:
            log.exception("delivery %s could not be sent", taken.id)
            raise Ambiguous(_ours(problem)) from None
        tools.at("accepted")
        return reference

    async def _look(self, taken: Taken) -> dict[str, Any] | None:
        assert taken.doubtful_since
        if self._halt.is_set():
            raise Halted
        try:
            return await look_for(self._tools, self._workspace, self._address, taken.doubtful_since, self._pace)
        except Unreadable:
            if taken.kind == "nudge":
                raise Gone(NOT_SENT_TWICE) from None
            return None

    # -- settling ------------------------------------------------------------------------------------------------------

    async def _settle(self, function: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        # What has happened outside must be written down here, or it has to be looked for: so the database is asked
        # patiently.
        for patience in range(SETTLING_TRIES):
            try:
                await self._tools.storage.run(function, *args, **kwargs)
                break
            except Unavailable:
                if patience == SETTLING_TRIES - 1:
                    raise
                await self._tools.clock.sleep(2**patience)
        self._tools.at("settled")

    def _settle_sent(self, reference: dict[str, Any]) -> None:
        taken = self._taken
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            if not store.lanes.settle_sent(taken, reference):
                log.info("delivery %s was sent, and settled by somebody else", taken.id)
            elif taken.prompt_id is not None and taken.kind == "prompt":
                store.prompts.mark_sent(taken.prompt_id)
            reach = str(reference.get("channel", ""))
            if taken.to == "member" and reach and reach != taken.reach:
                store.members.set_reach(taken.to_key, reach)
            self._tools.at("settling")

    def _settle_problem(self, problem: SendingProblem) -> None:
        taken = self._taken
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            if isinstance(problem, RateLimited):
                until = store.now + timedelta(seconds=problem.retry_after)
                if _stops_all(problem, taken):
                    store.lanes.put_back(taken)
                    store.lanes.pause(until)
                else:
                    store.lanes.put_back(taken, until)
                    store.lanes.put_off_homes(until)
            elif isinstance(problem, Parked):
                store.lanes.put_back(taken)
                if store.lanes.park(str(problem)):
                    log.error(PARKED, store.workspace.name, problem, store.deliveries.waiting())
            elif isinstance(problem, Gone):
                self._end(store, "cancelled", str(problem))
            elif taken.attempts >= MOST_ATTEMPTS:
                self._end(store, "dead", str(problem))
            elif isinstance(problem, TryAgain):
                store.lanes.try_again(taken, self._later(store.now), str(problem))
            else:
                store.lanes.doubt(taken, max(store.now + SHOWN_AFTER, self._later(store.now)), str(problem))
            self._tools.at("settling")

    def _put_back(self, seconds: float) -> None:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            store.lanes.put_back(self._taken, store.now + timedelta(seconds=seconds) if seconds else None)
            self._tools.at("settling")

    def _put_off(self, at: datetime) -> None:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            store.lanes.put_back(self._taken, at)
            self._tools.at("settling")

    def _give_up(self, why: str) -> None:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            store.lanes.give_up(self._taken, "cancelled", why)
            self._tools.at("settling")

    def _bury(self, why: str) -> None:
        with self._tools.storage.begin(self._workspace, meet=False) as store:
            self._end(store, "dead", why)
            self._tools.at("settling")

    def _end(self, store: Store, status: Any, why: str) -> None:
        settled = store.lanes.give_up(self._taken, status, why)
        # Whoever could not be reached is not taken for somebody who kept silent.
        if settled and self._taken.prompt_id is not None and self._taken.kind == "prompt":
            store.prompts.leave_out(self._taken.prompt_id, "unreachable")

    def _later(self, now: datetime) -> datetime:
        return back_off(now, self._taken.attempts, self._tools.chance)


def _stops_all(problem: SendingProblem, taken: Taken) -> bool:
    """Whether nothing more may go now. Homes are counted apart: where one was refused, only homes wait."""
    return isinstance(problem, Parked) or (isinstance(problem, RateLimited) and taken.to != "home")


PARKED = (
    "Soundings can no longer write to %s: %s Install the app there again; until then nothing is sent, and %s messages "
    "wait."
)


def back_off(now: datetime, attempts: int, chance: Random) -> datetime:
    """When to try again after so many attempts: twice as long each time, spread so that not all come back at once."""
    seconds = min(2.0**attempts, LONGEST_BACK_OFF) * chance.uniform(0.5, 1.5)
    return now + timedelta(seconds=seconds)


def _ours(problem: Exception) -> str:
    return f"Something broke on our side while sending ({type(problem).__name__})."
