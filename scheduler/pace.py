"""Pace: how fast a lane may go. It begins carefully, goes faster while the platform bears it, and slows down at once
when the platform asks to wait: additive increase, multiplicative decrease. Each time that it is asked to wait costs as
many refusals as are on their way, so that it asks for more slowly, and more slowly still where it was refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.bounds import Bounds
from storage.clock import Clock

SLOWER = 0.7  # what is left of the rate when the platform asks to wait
STEP = 1 / 2000  # of the ceiling, for each message that was taken at the rate of the start
CAREFUL_STEP = STEP / 5  # while it is remembered that the platform has asked to wait: its bound is near
REMEMBERED = 5 * 60.0  # seconds
SLOWEST = 1 / 20  # of the ceiling
NOTHING = 1e-6  # what is missing of a message, and is not worth waiting for: a clock could not tell
REFUSED_AGAIN = 5 * 60.0  # seconds within which one refused question has to do with the one before it
AT_A_TIME = 0.05  # seconds of messages that are taken in hand together


@dataclass(frozen=True)
class Pace(Bounds):
    """Messages a minute for a workspace, within their bounds; how many may go at once before that.

    A channel or chat has a pace of its own, in messages a second, as have the questions whether something arrived, in
    questions a minute, and homes, in homes a minute: the platform counts those apart from messages.
    """

    burst: int = 20
    per_second_and_channel: float = 1
    channel_burst: int = 3
    lookups: float = 45
    lookups_burst: int = 30
    homes: float = 90
    homes_burst: int = 10


class Bucket:
    """Lets `burst` pass at once, then one each 1/`per_second` seconds. `per_second` may change."""

    def __init__(self, per_second: float, burst: int) -> None:
        self.per_second = per_second
        self._burst = burst
        self._level = float(burst)
        self._at = float("-inf")

    def wait(self, now: float, count: int = 1) -> float:
        """Seconds until that many may pass."""
        missing = min(count, self._burst) - self._level_at(now)
        return missing / self.per_second if missing > NOTHING else 0.0

    def ready(self, now: float) -> int:
        """How many may pass now."""
        return max(0, int(self._level_at(now) + NOTHING))

    def rested(self, now: float) -> bool:
        """Whether it is as if nothing had ever passed."""
        return self._level_at(now) >= self._burst

    def take(self, now: float) -> None:
        """Let one pass."""
        self._level, self._at = self._level_at(now) - 1, max(now, self._at)

    def change(self, now: float, per_second: float) -> None:
        """Go at another rate from now on."""
        self._level, self._at = self._level_at(now), max(now, self._at)
        self.per_second = per_second

    def empty(self, until: float) -> None:
        """Let nothing pass before then, and have nothing saved up by then."""
        self._level, self._at = min(0.0, self._level), max(until, self._at)

    def _level_at(self, now: float) -> float:
        if self._level >= self._burst:
            return self._level
        return min(float(self._burst), self._level + max(0.0, now - self._at) * self.per_second)


class LanePace:
    """The pace of one workspace and of each of its channels.

    `rate` is in messages a minute; `pressed` says that more is due than may go. Time is the clock's, or what it should
    be after a `rest`: a clock that stands holds up nobody.
    """

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._pace = pace
        self._clock = clock
        self._rested_until = float("-inf")
        self._slowed_at = float("-inf")
        self._kept = 0.0
        self.rate = pace.rate()
        self._all = Bucket(self.rate / 60, pace.burst)
        self._channels: dict[str, Bucket] = {}
        self._lookups = Bucket(pace.lookups / 60, pace.lookups_burst)
        self._homes = Bucket(pace.homes / 60, pace.homes_burst)
        self._refused: tuple[float, float] | None = None
        self.pressed = False

    def ready(self) -> int:
        """How many messages may go now."""
        return self._all.ready(self._now())

    def wait(self) -> float:
        """Seconds until as many may go as are worth taking in hand together."""
        return self._all.wait(self._now(), max(1, int(self._all.per_second * AT_A_TIME)))

    def busy(self) -> set[str]:
        """The channels that have to wait."""
        now = self._now()
        return {key for key, bucket in self._channels.items() if not bucket.ready(now)}

    def homes(self) -> int:
        """How many homes may go now."""
        return self._homes.ready(self._now())

    def wait_for_channel(self) -> float:
        """Seconds until the first of the busy channels, or homes, need not wait any more; 0 where none has to."""
        now, buckets = self._now(), (*self._channels.values(), self._homes)
        return min((bucket.wait(now) for bucket in buckets if not bucket.ready(now)), default=0.0)

    async def rest(self, seconds: float) -> None:
        """Wait for so many seconds."""
        until = self._now() + seconds
        await self._clock.sleep(seconds)
        self._rested_until = until

    def take_home(self) -> None:
        """Let one home pass, beside the messages."""
        self._homes.take(self._now())

    def take(self, channel: str) -> None:
        """Let one message pass, to a channel or chat, or to none."""
        now = self._now()
        self._all.take(now)
        if not channel:
            return
        if channel not in self._channels:
            self._channels = {key: bucket for key, bucket in self._channels.items() if not bucket.rested(now)}
            self._channels[channel] = Bucket(self._pace.per_second_and_channel, self._pace.channel_burst)
        self._channels[channel].take(now)

    def take_lookup(self) -> float:
        """Let one question pass whether something arrived, or say for how many seconds it has to wait."""
        now = self._now()
        wait = self._lookups.wait(now)
        if not wait:
            self._lookups.take(now)
        return wait

    def refuse_lookup(self) -> float:
        """The platform asked to wait before it says whether something arrived; for how long it has done so by now."""
        now = self._now()
        first, last = self._refused or (now, now)
        self._refused = (first if now - last < REFUSED_AGAIN else now, now)
        return now - self._refused[0]

    def allow_lookup(self) -> None:
        """The platform said whether something arrived."""
        self._refused = None

    def went_well(self) -> None:
        """The platform took a message: a little faster, if it was the pace that held us up."""
        if self.pressed:
            step = CAREFUL_STEP if self._now() - self._slowed_at < REMEMBERED else STEP
            # The faster messages go, the less each adds: so the rate rises evenly in time, and is not far above what
            # the platform bears when a burst that it takes is used up.
            step *= self._pace.start / self.rate
            self._change(min(self._pace.ceiling, self.rate + step * self._pace.ceiling))

    def slow_down(self) -> None:
        """The platform asked to wait: what was sent just before was too fast."""
        self._slowed_at = self._now()
        self._change(max(self.rate * SLOWER, self._pace.ceiling * SLOWEST))

    def hold(self, seconds: float) -> None:
        """Nothing goes for so long, and no burst after it: the platform has none to spare."""
        self._all.empty(self._now() + seconds)

    def recall(self, rate: float) -> None:
        """Go on at the rate that this or another courier has found out, if any has."""
        if rate and rate != self._kept:
            self._kept, self._slowed_at = rate, self._now()
            self._change(self._pace.rate(rate))

    def to_keep(self) -> bool:
        """Whether the rate has become another one than whoever comes next would begin with; it is kept then."""
        before = self._kept or self._pace.start
        if abs(self.rate - before) < before / 100:
            return False
        self._kept = self.rate
        return True

    def _change(self, rate: float) -> None:
        self.rate = rate
        self._all.change(self._now(), rate / 60)

    def _now(self) -> float:
        return max(self._clock.monotonic(), self._rested_until)
