"""A pulse: how long an event loop was away at the longest, and how much of that it waited for one of the cores."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from pathlib import Path

EVERY = 0.005
SCHEDULING = Path("/proc/thread-self/schedstat")


class Pulse:
    """Beats on the running loop from `start` on. SIGUSR1 begins anew; `said` is what is known by then, as JSON."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.queued = 0.0  # of the longest, in seconds
        self._spent = time.process_time()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.begin_anew)
        self._task = asyncio.create_task(self._beat())

    def begin_anew(self) -> None:
        """Forget what was seen so far."""
        self.longest = self.queued = 0.0
        self._spent = time.process_time()

    def said(self) -> str:
        """Milliseconds of the longest absence, of them without a core, and seconds of work of the whole process."""
        return json.dumps(
            {
                "stall": 1000 * self.longest,
                "queued": 1000 * self.queued,
                "spent": time.process_time() - self._spent,
            }
        )

    async def _beat(self) -> None:
        at, queued = time.perf_counter(), _queued()
        while True:
            await asyncio.sleep(EVERY)
            now, queued_now = time.perf_counter(), _queued()
            if now - at - EVERY > self.longest:
                self.longest, self.queued = now - at - EVERY, queued_now - queued
            at, queued = now, queued_now


def _queued() -> float:
    """Seconds for which this thread has been ready and had no core (Linux only; 0 elsewhere)."""
    with contextlib.suppress(OSError):
        return int(SCHEDULING.read_text().split()[1]) / 1e9
    return 0.0
