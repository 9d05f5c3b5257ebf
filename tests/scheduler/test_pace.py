"""How fast a lane goes: as fast as the platform bears, found out with few refusals, and never above the ceiling."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.pace import REMEMBERED, SLOWEST, LanePace, Pace
from scheduler.round import MOST_AT_ONCE
from scheduler.transport import Outgoing, RateLimited
from storage.clock import SetClock
from storage.engine import Storage
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY
from tests.scheduler.fanned import Busy, fan_out
from tests.scheduler.outside import ACME, FAST, Platform, courier, move, queue, queue_for_everybody


def test_a_rate_that_is_known_is_kept_and_nothing_is_refused() -> None:
    clock = SetClock(MONDAY)
    seen = fan_out(LanePace(Pace(148 * 60, 148 * 60), clock), clock, Busy(), 3_000)
    assert seen.refused == 0
    assert seen.seconds / ((3_000 - 150) / 150) <= 1.10


@pytest.mark.parametrize("ceiling", [180, 225, 300])
def test_a_rate_is_found_out_with_few_refusals(ceiling: float) -> None:
    clock = SetClock(MONDAY)
    seen = fan_out(LanePace(Pace(90 * 60, ceiling * 60), clock), clock, Busy(), 3_000)
    assert seen.refused <= 3_000 * 0.0035
    assert seen.seconds / ((3_000 - 150) / 150) <= 1.20


@given(
    bears=st.floats(3, 200),
    burst=st.floats(0.5, 20),
    latency=st.floats(0.03, 0.5),
    retry_after=st.integers(1, 30),
    start=st.floats(0.3, 1.3),
    factor=st.floats(1, 4),
)
@settings(max_examples=10)
def test_any_platform_refuses_little_and_is_used_well(
    bears: float, burst: float, latency: float, retry_after: int, start: float, factor: float
) -> None:
    """Whatever it bears, its bursts (in seconds of that) and its time to answer: a pause costs what is under way."""
    clock, platform = SetClock(MONDAY), Busy(bears, max(4, bears * burst), latency, retry_after)
    pace = Pace(bears * start * 60, bears * start * factor * 60)
    seen = fan_out(LanePace(pace, clock), clock, platform, 3_000)
    bound = 3_000 / min(bears, pace.ceiling / 60)
    assert seen.refused <= 3_000 * 0.005 + 2 * seen.most
    assert seen.seconds >= (3_000 - pace.burst) / pace.ceiling * 60
    assert seen.seconds - seen.pauses * (retry_after + latency) <= 3 * bound


def test_after_a_pause_nothing_is_saved_up() -> None:
    clock = SetClock(MONDAY)
    pace = LanePace(Pace(300, 600), clock)
    assert pace.ready() == 20
    pace.hold(5)
    assert pace.ready() == 0
    clock.move(timedelta(seconds=5))
    assert pace.ready() == 0
    clock.move(timedelta(seconds=1))
    assert pace.ready() == 5


async def test_what_is_drawn_waits_as_soon_as_a_refusal_is_heard(storage: Storage) -> None:
    """Not only when it has been written down, which may take its turn behind others."""
    platform = Platform()

    def all_but_one(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        if platform.calls > 1:
            raise RateLimited(5)

    platform.rule = all_but_one
    queue_for_everybody(storage, 20)
    await courier(storage, platform, FAST).drain()
    assert platform.calls == 2


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
    clock.move(timedelta(seconds=REMEMBERED))
    pace.pressed = True
    for _ in range(3_001):
        pace.went_well()
    assert pace.rate == start * factor


def test_it_grows_by_fifths_while_a_refusal_is_remembered() -> None:
    clock = SetClock(MONDAY)
    pace = LanePace(Pace(300, 600), clock)
    pace.pressed = True
    pace.slow_down()
    pace.went_well()
    careful = pace.rate - 210
    clock.move(timedelta(seconds=REMEMBERED))
    before = pace.rate
    pace.went_well()
    assert 4.9 < (pace.rate - before) / careful < 5.1


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


async def test_homes_go_beside_the_messages_and_hold_up_none(storage: Storage) -> None:
    """Many homes were to be drawn anew before a few people are asked."""
    platform = Platform()
    with storage.begin(ACME) as store:
        for number in range(100):
            store.members.greet(f"H{number}", f"Somebody {number}")
            store.deliveries.queue_home(f"H{number}")
    queue_for_everybody(storage, 40)
    await courier(storage, platform, Pace(300, 300)).drain()
    went = [one.to for _, one in platform.got]
    assert (went.count("member"), went.count("home")) == (40, 100)
    # Forty messages, at five a second, are out while hardly half of the homes are.
    last = max(number for number, to in enumerate(went) if to == "member")
    assert went[:last].count("home") < 50


async def test_while_homes_are_refused_messages_go(storage: Storage) -> None:
    """The platform asks for a minute before it shows another home; nobody is asked later for that."""

    def no_homes(workspace: WorkspaceKey, outgoing: Outgoing) -> None:
        if outgoing.to == "home":
            refused.append(outgoing.to_key)
            raise RateLimited(60)

    refused: list[str] = []
    platform = Platform()
    platform.rule = no_homes
    with storage.begin(ACME) as store:
        for number in range(30):
            store.members.greet(f"H{number}", f"Somebody {number}")
            store.deliveries.queue_home(f"H{number}")
    queue_for_everybody(storage, 40)
    sending = courier(storage, platform, FAST)
    await sending.drain()
    assert [one.to for _, one in platform.got] == ["member"] * 40
    # What was on its way when the first was refused, and no more.
    assert 1 <= len(refused) <= FAST.homes_burst
    platform.rule = Platform().rule
    await sending.drain()
    assert len(platform.got) == 40
    move(storage, seconds=61)
    await sending.drain()
    assert sorted(one.to_key for _, one in platform.got if one.to == "home") == sorted(f"H{n}" for n in range(30))


def test_a_home_costs_no_message_and_makes_none_faster() -> None:
    clock = SetClock(MONDAY)
    pace = LanePace(Pace(300, 600), clock)
    before = pace.ready()
    for _ in range(10):
        assert pace.homes()
        pace.take_home()
    assert not pace.homes()
    assert pace.ready() == before
    assert 0 < pace.wait_for_channel() <= 60 / 90
    clock.move(timedelta(seconds=1))
    assert pace.homes()
