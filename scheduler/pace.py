"""Pace: how fast a lane may go, so that a platform's limits are met seldom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Messages a second, for a whole workspace and for one channel or chat, and how many may go at once before that."""

    per_second: float = 5
    burst: int = 20
    per_second_and_channel: float = 1
    channel_burst: int = 3


class Bucket:
    """Lets `burst` pass at once, then one each 1/`per_second` seconds."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._every = 1 / per_second
        self._ahead = (burst - 1) * self._every
        self._at = float("-inf")

    def wait(self, now: float) -> float:
        """Seconds until the next one may pass."""
        return max(0.0, self._at - self._ahead - now)

    def rested(self, now: float) -> bool:
        """Whether it is as if nothing had ever passed."""
        return self._at <= now

    def take(self, now: float) -> float:
        """Let one pass; seconds that it has to wait first."""
        seconds = self.wait(now)
        self._at = max(self._at, now) + self._every
        return seconds


class LanePace:
    """The pace of one workspace and of each of its channels."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._all = Bucket(pace.per_second, pace.burst)
        self._channels: dict[str, Bucket] = {}

    def busy(self, now: float) -> set[str]:
        """The channels that have to wait."""
        return {key for key, bucket in self._channels.items() if bucket.wait(now)}

    def take(self, now: float, channel: str) -> float:
        """Let one pass to a channel or chat (or, for "", to no channel); seconds that it has to wait first."""
        if not channel:
            return self._all.take(now)
        if channel not in self._channels:
            self._forget_rested(now)
            self._channels[channel] = Bucket(self._pace.per_second_and_channel, self._pace.channel_burst)
        return max(self._all.take(now), self._channels[channel].take(now))

    def _forget_rested(self, now: float) -> None:
        self._channels = {key: bucket for key, bucket in self._channels.items() if not bucket.rested(now)}
