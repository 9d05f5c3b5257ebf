"""How often an app may call: Slack's tiers per method and workspace, and one message a second per channel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
PER_MINUTE_SPECIAL = 600
MESSAGES_PER_MINUTE = 500
CHANNEL_BURST = 4


@dataclass
class Bucket:
    """A bucket that refills steadily; each call takes one drop."""

    capacity: float
    per_second: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until a drop is there; 0 takes it."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Rates:
    """The buckets of one sandbox, counted in real seconds."""

    def __init__(self, *, enforced: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self.enforced = enforced
        self._now = now
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def method(self, team_id: str, method: str, tier: int | None) -> int:
        """Whole seconds the app must wait before this call; 0 means it may go through."""
        per_minute = TIERS[tier] if tier else PER_MINUTE_SPECIAL
        return self._take((team_id, method), per_minute, per_minute / 60)

    def message(self, team_id: str, channel: str) -> int:
        """Whole seconds until this channel, and the workspace as a whole, take another message."""
        return self._take((team_id, "channel", channel), CHANNEL_BURST, 1.0) or self._take(
            (team_id, "messages"), MESSAGES_PER_MINUTE, MESSAGES_PER_MINUTE / 60
        )

    def _take(self, key: tuple[str, ...], capacity: float, per_second: float) -> int:
        if not self.enforced:
            return 0
        now = self._now()
        bucket = self._buckets.setdefault(key, Bucket(capacity, per_second, capacity, now))
        return math.ceil(bucket.wait(now))
