"""A fan-out in computed time: a pace, and a platform that takes only so much and needs its time to answer."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from scheduler.pace import LanePace
from scheduler.round import MOST_AT_ONCE
from storage.clock import SetClock


@dataclass
class Busy:
    """A platform that takes so many messages a second after a burst, and otherwise asks to wait. Seconds throughout."""

    per_second: float = 150
    burst: float = 150
    latency: float = 0.03
    retry_after: float = 1
    level: float = field(init=False)
    at: float = 0.0
    taken: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.level = self.burst

    def takes(self, now: float) -> bool:
        self.level = min(self.burst, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level < 1:
            self.refused += 1
            return False
        self.level -= 1
        self.taken += 1
        return True


@dataclass(frozen=True)
class FannedOut:
    """How it went: seconds, refusals, how often the lane was paused, and the most that were on their way at once."""

    seconds: float
    refused: int
    pauses: int
    most: int


def fan_out(pace: LanePace, clock: SetClock, platform: Busy, messages: int) -> FannedOut:
    """Send so many, as rounds do: what is refused goes again after the pause that the platform asked for."""
    began = clock.monotonic()
    under_way: deque[tuple[float, bool]] = deque()
    paused_until: float | None = None
    pauses = most = 0
    at_once = 1  # a round's first goes alone
    while platform.taken < messages or under_way:
        now = clock.monotonic()
        waiting = messages - platform.taken - sum(not taken for _, taken in under_way)
        wait = pace.wait()
        if under_way and under_way[0][0] <= now:
            if under_way.popleft()[1]:
                pace.went_well()
                at_once = MOST_AT_ONCE
                continue
            pace.hold(platform.retry_after)
            if paused_until is None:
                pauses += 1
                pace.slow_down()
            paused_until = now + platform.retry_after
        elif paused_until is not None:
            _move(clock, under_way[0][0] if under_way else paused_until)
            if not under_way:
                paused_until, at_once = None, 1
        elif waiting and not wait and len(under_way) < at_once:
            pace.pressed = at_once > 1
            for _ in range(min(pace.ready(), waiting, at_once - len(under_way))):
                pace.take("")
                under_way.append((now + platform.latency, platform.takes(now)))
            most = max(most, len(under_way))
        else:
            moments = [under_way[0][0]] if under_way else []
            _move(clock, min([*moments, *([now + wait] if waiting and wait else [])]))
    return FannedOut(clock.monotonic() - began, platform.refused, pauses, most)


def _move(clock: SetClock, to: float) -> None:
    clock.move(timedelta(seconds=max(to - clock.monotonic(), 1e-6)))
