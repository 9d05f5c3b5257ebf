"""Virtual time: an event loop that never waits, and the clock of a machine that may be set wrong or sent to sleep.

When nobody has anything to do, time leaps to the next timer. There are no threads: what would run on one runs on the
loop after a drawn moment, so that a seed decides how everybody's steps interleave.
"""

from __future__ import annotations

import asyncio
import contextvars
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

# A Monday soon before clocks are changed in America, and then in Europe.
EPOCH = datetime(2026, 3, 2, tzinfo=UTC)
# Seconds that a short transaction takes, more or less.
THREAD_SECONDS = 0.004


class Deadlock(Exception):
    """Nobody has anything to do, and nobody ever will."""


class _NoWaiting(selectors.SelectSelector):
    """Waits for no file: waiting means that time passes."""

    elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Deadlock
        self.elapsed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time. `dice` decide how long what goes to a thread takes to come back.

    `guard` is called for whoever is about to use a thread, and may raise.
    """

    def __init__(self, dice: Random, guard: Callable[[], None] = lambda: None) -> None:
        self._no_waiting = _NoWaiting()
        super().__init__(self._no_waiting)
        self._clock_resolution = 1e-6
        self._dice = dice
        self._guard = guard

    def time(self) -> float:
        return self._no_waiting.elapsed

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(self, _executor: Any, function: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        done: asyncio.Future[Any] = self.create_future()
        self._guard()

        def run() -> None:
            if done.done():
                return
            try:
                self._guard()
                result = function(*args)
            except BaseException as problem:
                if not done.done():  # whoever was killed in it awaits nothing any more
                    done.set_exception(problem)
            else:
                done.set_result(result)

        self.call_later(self._dice.uniform(0, THREAD_SECONDS), run)
        return done


class MachineClock:
    """The clock of the machines. Jumps set it wrong; a suspended machine finds that the world went on without it.

    `settings` says from which second of the loop on it was how far ahead of a clock that nobody ever touched.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._slept = timedelta()
        self._wrong_by = timedelta()
        self.settings = [(loop.time(), timedelta())]

    def true(self) -> datetime:
        """What time it is in the world, whatever the machines believe."""
        return EPOCH + timedelta(seconds=self._loop.time()) + self._slept

    def now(self) -> datetime:
        return self.true() + self._wrong_by

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        # However short a time somebody waits for, it passes.
        await asyncio.sleep(max(seconds, 1e-6))

    def jump(self, by: timedelta) -> None:
        """Somebody sets the clock, forward or back."""
        self._wrong_by += by
        self._note()

    def set_right(self) -> None:
        """The time server is heard again."""
        self._wrong_by = timedelta()
        self._note()

    def suspend(self, span: timedelta) -> None:
        """The machines sleep for a while: their timers stand still and the world goes on."""
        self._slept += span
        self._note()

    def _note(self) -> None:
        self.settings.append((self._loop.time(), self._slept + self._wrong_by))
