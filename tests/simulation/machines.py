"""Machines: replicas of the app in one virtual loop, each of which can be killed at any step and started again.

A killed replica does nothing more: no `finally` of it reaches the database or Slack.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from random import Random
from typing import Any

from tests.simulation.chronicle import DEATH, Chronicle, Mishap

ALIVE: ContextVar[Replica | None] = ContextVar("ALIVE", default=None)


class Killed(BaseException):
    """The process is no more."""


def must_live() -> None:
    """Raises Killed where the replica that asks is no more."""
    replica = ALIVE.get()
    if replica and replica.dead:
        raise Killed


class Replica:
    """One process. `live` is what it does from its start on, until it is killed."""

    def __init__(self, machines: Machines, number: int) -> None:
        self.machines = machines
        self.number = number
        self.dead = False
        self.tasks: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()
        self.life = [asyncio.get_running_loop().time()]
        machines.chronicle.lives.append(self.life)

    def at(self, step: str) -> None:
        """A step of its work: it may be its last."""
        must_live()
        if self.machines.strikes(step):
            self.machines.crashes[step] = self.machines.crashes.get(step, 0) + 1
            self.kill()
            raise Killed(step)

    def kill(self) -> None:
        """End it at once; another one takes its place after a while."""
        self.dead = True
        at = asyncio.get_running_loop().time()
        self.life.append(at)
        self.machines.chronicle.mishaps.append(Mishap(at, DEATH))
        for task in list(self.tasks):
            task.cancel()
        asyncio.get_running_loop().call_later(self.machines.dice.uniform(1, 90), self.machines.start, self.number)


class Machines:
    """Keeps so many replicas alive. `live` runs one; `odds` says how often each step is a replica's last."""

    def __init__(
        self,
        dice: Random,
        chronicle: Chronicle,
        live: Callable[[Replica], Coroutine[Any, Any, None]],
        odds: Callable[[str], float],
    ) -> None:
        self.dice = dice
        self.chronicle = chronicle
        self.crashes: dict[str, int] = {}
        self.calm = False
        self.running: dict[int, Replica] = {}
        self._live = live
        self._odds = odds

    def strikes(self, step: str) -> bool:
        """Whether a replica dies here."""
        return not self.calm and self.dice.random() < self._odds(step)

    def start(self, number: int) -> None:
        """Start a replica in this place."""
        if self.calm and number in self.running and not self.running[number].dead:
            return
        replica = self.running[number] = Replica(self, number)
        token = ALIVE.set(replica)
        try:
            asyncio.get_running_loop().create_task(self._live(replica))
        finally:
            ALIVE.reset(token)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let each task belong to the replica that started it."""

        def make(loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> asyncio.Task[Any]:
            task = asyncio.Task(work, loop=loop, **more)
            replica = ALIVE.get()
            if replica:
                replica.tasks.add(task)
                if replica.dead:
                    task.cancel()
            return task

        def complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            if not isinstance(context.get("exception"), Killed):
                loop.default_exception_handler(context)

        loop.set_task_factory(make)
        loop.set_exception_handler(complain)
