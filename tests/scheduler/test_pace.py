"""How fast a lane goes: as fast as the platform bears, found out with few refusals, and never above the ceiling."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.pace import SLOWEST, LanePace, Pace
from scheduler.round import MOST_AT_ONCE
from scheduler.transport import Outgoing, RateLimited
from storage.clock import SetClock
from storage.engine import Storage
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY
from tests.scheduler.outside import ACME, FAST, Platform, courier, move, queue, queue_for_everybody


@dataclass
class Busy:
    """A platform that takes so many messages a second after a burst, and otherwise asks to wait a second."""

    per_second: float = 150
    burst: float = 150
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
            return False
        self.level -= 1
        self.taken += 1
        return True


async def fan_out(pace: LanePace, clock: SetClock, platform: Busy, messages: int) -> float:
    """Send so many; the seconds that it took. Answers take 30 ms, so several are on their way when one is refused."""
    started = clock.monotonic()
    while platform.taken < messages:
        if wait := pace.wait():
            clock.move(timedelta(seconds=max(wait, 1e-6)))
            continue
        batch = min(pace.ready(), messages - platform.taken)
        pace.pressed = True
        refused = 0
        for _ in range(batch):
            pace.take("")
            if platform.takes(clock.monotonic()):
                pace.went_well()
            else:
                refused += 1
        if refused:
            platform.refused += refused
            pace.slow_down()
            clock.move(timedelta(seconds=1.03))
    return clock.monotonic() - started


async def test_a_rate_that_is_known_is_kept_and_nothing_is_refused() -> None:
    clock, platform = SetClock(MONDAY), Busy()
    took = await fan_out(LanePace(Pace(148 * 60, 148 * 60), clock), clock, platform, 3_000)
    assert platform.refused == 0
    assert took / ((3_000 - 150) / 150) <= 1.10


async def test_a_rate_is_found_out_with_few_refusals() -> None:
    for ceiling in (180, 225, 300):
        clock, platform = SetClock(MONDAY), Busy()
        took = await fan_out(LanePace(Pace(90 * 60, ceiling * 60), clock), clock, platform, 3_000)
        assert platform.refused <= 3_000 * 0.005, ceiling
        assert took / ((3_000 - 150) / 150) <= 1.20, ceiling


@given(st.lists(st.sampled_from(["well", "refused", "idle"]), max_size=400), st.floats(10, 1000), st.floats(1, 3))
def test_the_rate_stays_below_the_ceiling_and_recovers(what: list[str], start: float, factor: float) -> None:
    clock = SetClock(MONDAY)
    pace = LanePace(Pace(start, start * factor), clock)
    for one in what:
        before = pace.rate
        pace.pressed = one != "idle"
        if one == "refused":
            pace.slow_down()
            assert pace.rate < before or pace.rate == start * factor * SLOWEST
        else:
            pace.went_well()
            assert (pace.rate > before) == (pace.pressed and before < start * factor)
        assert start * factor * SLOWEST <= pace.rate <= start * factor
    pace.pressed = True
    for _ in range(4_001):
        pace.went_well()
    assert pace.rate == start * factor


def test_who_has_little_to_say_does_not_become_faster() -> None:
    pace = LanePace(Pace(), SetClock(MONDAY))
    for _ in range(1_000):
        pace.went_well()
    assert pace.rate == Pace().start


async def test_whoever_takes_the_lane_next_begins_at_the_rate_that_was_found_out(storage: Storage) -> None:
    platform = Platform()

    def once(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        if platform.calls == 1:
            raise RateLimited(5)

    platform.rule = once
    queue(storage, "hello")
    await courier(storage, platform, Pace(300, 600)).drain()
    with storage.begin(ACME) as store:
        assert store.lanes.state().rate == 210
    move(storage, seconds=5)
    await courier(storage, platform, Pace(300, 600)).drain()
    assert platform.said() == ["hello"]
    with storage.begin(ACME) as store:
        assert store.lanes.state().rate == 210


async def test_several_are_on_their_way_at_once_and_one_to_each_channel(storage: Storage) -> None:
    together = asyncio.Barrier(10)
    under_way: list[str] = []
    most = 0

    class Slow(Platform):
        async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, str]:
            nonlocal most
            assert outgoing.to_key not in under_way
            under_way.append(outgoing.to_key)
            most = max(most, len(under_way))
            async with asyncio.timeout(10):
                if outgoing.to_key.startswith("U"):
                    await together.wait()
            under_way.remove(outgoing.to_key)
            return await super().send(workspace, outgoing)

    platform = Slow()
    queue(storage, "one", "two", "three")
    queue_for_everybody(storage, 100)
    await courier(storage, platform, FAST).drain()
    assert len(platform.got) == 103
    assert 10 <= most <= MOST_AT_ONCE
    assert [words for words in platform.said() if not words.startswith("hello")] == ["one", "two", "three"]


async def test_a_storm_of_refusals_costs_no_attempt_and_loses_nothing(storage: Storage) -> None:
    platform = Platform()

    def three_in_ten(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        if platform.calls % 10 < 3:
            raise RateLimited(platform.calls % 60 + 1)

    platform.rule = three_in_ten
    queue_for_everybody(storage, 60)
    queue(storage, *(f"other {number}" for number in range(5)), workspace=WorkspaceKey("slack", "T-OTHER"))
    for _ in range(60):
        await courier(storage, platform, Pace(6_000, 6_000)).drain()
        move(storage, seconds=61)
    assert len(platform.got) == 65
    with storage.begin(ACME) as store:
        assert store.deliveries.waiting() == 0
        assert store.deliveries.unsent() == []


async def test_a_lane_is_kept_while_a_message_takes_its_time(storage: Storage) -> None:
    """And somebody else who looks round meanwhile does not get it."""
    held, began = asyncio.Event(), asyncio.Event()

    class Slow(Platform):
        async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, str]:
            began.set()
            await held.wait()
            return await super().send(workspace, outgoing)

    platform, other = Slow(), Platform()
    queue(storage, "slow")
    sending = asyncio.create_task(courier(storage, platform).drain())
    await began.wait()
    queue(storage, "quick", to_key="C2")
    await courier(storage, other).drain()
    held.set()
    await sending
    assert other.calls == 0
    assert platform.said() == ["slow", "quick"]
