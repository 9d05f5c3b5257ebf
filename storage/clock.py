"""The one clock. Every other file asks it for the time, so that a demo or a test can play a quarter in seconds."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day, counts seconds, and waits."""

    def now(self) -> datetime:
        """The present instant: aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds of this clock."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SetClock:
    """A clock that stands still until it is moved; waiting moves nothing and takes no real time."""

    def __init__(self, at: datetime) -> None:
        self._now = at.astimezone(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def move(self, by: timedelta) -> None:
        """Move forward by a span of time."""
        self._now += by
        self._elapsed += by.total_seconds()

    def move_to(self, at: datetime) -> None:
        """Move forward to an instant; an earlier one is ignored."""
        if at > self._now:
            self.move(at - self._now)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
