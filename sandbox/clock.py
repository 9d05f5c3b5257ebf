"""The sandbox's clock: stands still while a history is played, then runs at the pace of the machine's own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class VirtualClock:
    """A clock that can be moved forward. It stands until `start` is called; then it runs, and can still be moved."""

    def __init__(self, at: datetime, *, running: bool = False) -> None:
        self._at = at.astimezone(UTC)
        self._since: float | None = None
        self._moved = 0.0
        if running:
            self.start()

    def now(self) -> datetime:
        """The present instant of this clock, in UTC."""
        return self._at + timedelta(seconds=self._ran())

    def monotonic(self) -> float:
        """Seconds this clock has run or was moved."""
        return self._moved + self._ran()

    async def sleep(self, seconds: float) -> None:
        """Wait for real seconds while the clock runs; a standing clock only lets others have their turn."""
        await asyncio.sleep(seconds if self._since is not None else 0)

    def start(self) -> None:
        """Let the clock run from where it stands."""
        if self._since is None:
            self._since = time.monotonic()

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Let the clock stand meanwhile; one that ran runs on afterwards."""
        ran, running = self._ran(), self._since is not None
        self._since = None
        self.move(timedelta(seconds=ran))
        try:
            yield
        finally:
            if running:
                self.start()

    def move(self, by: timedelta) -> None:
        """Move forward by a span of time."""
        self._at += by
        self._moved += by.total_seconds()

    def move_to(self, at: datetime) -> None:
        """Move forward to an instant; an earlier one is ignored."""
        if at > self.now():
            self.move(at - self.now())

    def _ran(self) -> float:
        return time.monotonic() - self._since if self._since is not None else 0.0
