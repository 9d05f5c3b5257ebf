"""The courier brings every message, in order, at the pace that the platform bears, whatever happens on the way.

The platform here is a recorder in memory: it is the outside world, so it may be played.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from handlers.screens import Home
from scheduler.errand import MOST_ATTEMPTS, back_off
from scheduler.pace import Pace
from scheduler.transport import Gone, Outgoing, Parked, RateLimited, TryAgain
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.wakeups import Listener
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY, VAULT, held
from tests.scheduler.outside import (
    ACME,
    FAST,
    ZETA,
    Platform,
    card,
    courier,
    move,
    queue,
    queue_for_everybody,
    status,
    words,
)


async def test_messages_arrive_once_and_in_the_order_in_which_they_were_queued(storage: Storage) -> None:
    platform = Platform()
    queue(storage, "one", "two", "three")
    queue(storage, "two")
    await courier(storage, platform).drain()
    assert platform.said() == ["one", "two", "three"]
    await courier(storage, platform).drain()
    assert platform.calls == 3
    with storage.begin(ACME) as store:
        found = store.deliveries.find("two")
    assert found
    assert found.status == "sent"
    assert found.reference == {"channel": "D-C1", "ts": "2"}
    assert found.screen == card("two")


async def test_a_message_for_later_waits_for_its_time(storage: Storage) -> None:
    platform = Platform()
    queue(storage, "later", not_before=MONDAY + timedelta(hours=1))
    queue(storage, "now")
    await courier(storage, platform).drain()
    assert platform.said() == ["now"]
    move(storage, hours=1)
    await courier(storage, platform).drain()
    assert platform.said() == ["now", "later"]


async def test_what_comes_due_soon_after_a_start_does_not_wait_for_another_sweep(storage: Storage) -> None:
    platform, arrived = Platform(), asyncio.Event()
    platform.rule = lambda workspace, outgoing: arrived.set()
    queue(storage, "soon", not_before=MONDAY + timedelta(seconds=0.2))
    queue(storage, "tomorrow", not_before=MONDAY + timedelta(days=1), workspace=ZETA)
    sender = courier(storage, platform)
    await sender.sweep()
    move(storage, seconds=1)
    async with asyncio.timeout(10):
        await arrived.wait()
    await sender.stop()
    assert platform.said() == ["soon"]
    assert platform.said(ZETA) == []


async def test_two_couriers_at_once_send_every_message_once(storage: Storage) -> None:
    platform = Platform()
    queue(storage, *(f"message {number}" for number in range(30)))
    queue(storage, *(f"message {number}" for number in range(30)), workspace=ZETA)
    others = [Storage(storage.url, VAULT, storage.clock) for _ in range(2)]

    def play(other: Storage) -> None:
        asyncio.run(courier(other, platform).drain())

    threads = [threading.Thread(target=play, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    await courier(storage, platform).drain()
    for other in others:
        other.close()
    assert platform.said(ACME) == platform.said(ZETA) == [f"message {number}" for number in range(30)]


async def test_a_rate_limit_pauses_one_lane_and_costs_no_attempt(storage: Storage) -> None:
    platform = Platform()

    def slow_down(workspace: WorkspaceKey, outgoing: Outgoing) -> None:
        if workspace == ACME:
            raise RateLimited(30)

    platform.rule = slow_down
    queue(storage, "one", "two")
    queue(storage, "one", "two", workspace=ZETA)
    await courier(storage, platform).drain()
    assert platform.calls == 3
    assert platform.said(ZETA) == ["one", "two"]

    platform.rule = lambda workspace, outgoing: None
    move(storage, seconds=29)
    await courier(storage, platform).drain()
    assert platform.said(ACME) == []
    move(storage, seconds=1)
    await courier(storage, platform).drain()
    assert platform.said(ACME) == ["one", "two"]
    with storage.begin(ACME) as store:
        found = store.deliveries.find("one")
    assert found
    assert found.attempts == 1


async def test_what_fails_comes_back_ever_later_and_others_go_before_it(storage: Storage) -> None:
    platform = Platform()

    def stumble(_workspace: WorkspaceKey, outgoing: Outgoing) -> None:
        if words(outgoing) == "first":
            raise TryAgain("The platform is not well.")

    platform.rule = stumble
    queue(storage, "first", "second")
    await courier(storage, platform).drain()
    assert platform.said() == ["second"]
    platform.rule = lambda workspace, outgoing: None
    await courier(storage, platform).drain()
    assert platform.said() == ["second"]
    move(storage, seconds=3)
    await courier(storage, platform).drain()
    assert platform.said() == ["second", "first"]


def test_back_off_doubles_and_is_spread() -> None:
    chance = Random(1)
    for attempts in range(1, MOST_ATTEMPTS):
        seconds = [(back_off(MONDAY, attempts, chance) - MONDAY).total_seconds() for _ in range(50)]
        assert min(seconds) >= 2**attempts / 2
        assert max(seconds) <= 2**attempts * 1.5
        assert len(set(seconds)) > 1


async def test_after_eight_attempts_it_is_given_up_where_admins_can_see_it(storage: Storage) -> None:
    platform = Platform()

    def fail(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        raise TryAgain("The platform is not well.")

    platform.rule = fail
    queue(storage, "hello")
    for _ in range(MOST_ATTEMPTS + 3):
        await courier(storage, platform).drain()
        move(storage, minutes=10)
    assert platform.calls == MOST_ATTEMPTS
    with storage.begin(ACME) as store:
        (unsent,) = store.deliveries.unsent()
    assert (unsent.status, unsent.to_key, unsent.why) == ("dead", "C1", "The platform is not well.")


async def test_a_message_that_cannot_be_drawn_does_not_hold_up_the_lane(storage: Storage) -> None:
    platform = Platform()
    with storage.begin(ACME) as store:
        store.deliveries.queue("channel", "C1", {"is": "Hologram"}, key="from the future")
    queue(storage, "hello")
    await courier(storage, platform).drain()
    assert platform.said() == ["hello"]
    for _ in range(MOST_ATTEMPTS):
        move(storage, minutes=10)
        await courier(storage, platform).drain()
    with storage.begin(ACME) as store:
        (unsent,) = store.deliveries.unsent()
    assert unsent.why == "Something broke on our side while sending (KeyError)."


async def test_who_is_gone_is_not_tried_again(storage: Storage) -> None:
    platform = Platform()

    def archived(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        raise Gone("The channel is archived.")

    platform.rule = archived
    queue(storage, "hello")
    await courier(storage, platform).drain()
    move(storage, days=1)
    await courier(storage, platform).drain()
    assert platform.calls == 1
    assert status(storage, "hello") == "cancelled"


async def test_an_uninstalled_workspace_is_left_alone_after_one_call_until_it_is_installed_again(
    storage: Storage,
) -> None:
    platform = Platform()

    def revoked(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        raise Parked("Soundings was uninstalled.")

    platform.rule = revoked
    queue(storage, "one", "two")
    await courier(storage, platform).drain()
    move(storage, days=1)
    await courier(storage, platform).drain()
    assert platform.calls == 1
    with storage.begin(ACME) as store:
        assert store.lanes.state().parked_why == "Soundings was uninstalled."

    platform.rule = lambda workspace, outgoing: None
    again = courier(storage, platform)
    await again.resume(ACME)
    await again.drain()
    assert platform.said() == ["one", "two"]


@pytest.mark.parametrize("worked_before", [0, 3])
async def test_a_revoked_token_costs_one_call_though_the_platform_takes_its_time(
    storage: Storage, worked_before: int
) -> None:
    """Nothing goes beside the first of a round before the platform has answered it."""

    class Slow(Platform):
        async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
            self.calls += 1
            await asyncio.sleep(0.1)
            raise Parked("Somebody revoked the token.")

    sender = courier(storage, before := Platform(), FAST)
    queue_for_everybody(storage, worked_before)
    await sender.drain()
    assert before.calls == worked_before
    platform = Slow()
    queue(storage, *(f"message {number}" for number in range(5)))
    queue_for_everybody(storage, 40)
    await courier(storage, platform, FAST).drain()
    move(storage, days=1)
    await courier(storage, platform, FAST).drain()
    assert platform.calls == 1
    with storage.begin(ACME) as store:
        assert store.lanes.state().parked_why == "Somebody revoked the token."


async def test_who_is_gone_does_not_hold_up_the_rest(storage: Storage) -> None:
    """The platform has answered: from then on several are on their way at once."""
    together = asyncio.Barrier(10)

    class Slow(Platform):
        async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
            if outgoing.to_key == "C1":
                raise Gone("The channel is archived.")
            async with asyncio.timeout(10):
                await together.wait()
            return await super().send(workspace, outgoing)

    platform = Slow()
    queue(storage, "hello")
    queue_for_everybody(storage, 10)
    await courier(storage, platform, FAST).drain()
    assert len(platform.got) == 10


async def test_a_courier_that_dies_after_sending_leaves_its_message_to_another(storage: Storage) -> None:
    platform = Platform()
    queue(storage, "one", "two")
    with storage.begin(ACME) as store:
        assert store.lanes.take("a courier that dies", timedelta(seconds=60))
    await courier(storage, platform).drain()
    assert platform.said() == []
    move(storage, seconds=60)
    await courier(storage, platform).drain()
    assert platform.said() == ["one", "two"]


KILLED = """
import asyncio, os, signal, sys
from datetime import datetime
from scheduler.courier import Courier
from storage.clock import SetClock
from storage.crypto import Vault
from storage.engine import Storage

class Platform:
    sent = 0

    async def send(self, workspace, outgoing):
        print(outgoing.screen.body[0].line[0].text, flush=True)
        self.sent += 1
        if self.sent == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"ts": str(self.sent)}

url, key, now = sys.argv[1:]
clock = SetClock(datetime.fromisoformat(now))
asyncio.run(Courier(Storage(url, Vault([key]), clock), Platform(), clock, ()).drain())
"""


async def test_a_process_that_is_killed_loses_nothing_and_repeats_only_what_it_had_in_its_hands(
    storage: Storage,
) -> None:
    key = new_key()
    said = [f"message {number}" for number in range(5)]
    with closing(Storage(storage.url, Vault([key]), storage.clock)) as ours:
        queue(ours, *said)
        killed = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", KILLED, storage.url, key, MONDAY.isoformat()),
            stdout=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        output, _ = await killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        assert output.decode().splitlines() == said[:3]

        platform = Platform()
        await courier(ours, platform).drain()
        assert platform.said() == [], "its lease has not ended"
        move(storage, seconds=60)
        await courier(ours, platform).drain()
        assert platform.said() == said[2:]


async def test_who_lost_the_lease_can_settle_nothing(storage: Storage) -> None:
    queue(storage, "one")
    with storage.begin(ACME) as store:
        (slow,) = store.lanes.take("slow", timedelta(seconds=60))
    move(storage, seconds=60)
    with storage.begin(ACME) as store:
        (quick,) = store.lanes.take("quick", timedelta(seconds=60))
        assert not store.lanes.settle_sent(slow, {"ts": "of the slow one"})
        assert not store.lanes.give_up(slow, "dead", "too slow")
        assert store.lanes.settle_sent(quick, {"ts": "of the quick one"})
        found = store.deliveries.find("one")
    assert found
    assert found.reference == {"ts": "of the quick one"}


async def test_an_edit_names_the_message_that_it_edits(storage: Storage) -> None:
    platform = Platform()
    queue(storage, "draft")
    queue(storage, "edited", replaces="draft")
    queue(storage, "reply", thread_of="draft")
    queue(storage, "edited again", replaces="edited")
    await courier(storage, platform).drain()
    sent = {words(one): one for _, one in platform.got}
    assert sent["draft"].replaces is sent["draft"].thread is None
    assert sent["edited"].replaces == sent["reply"].thread == {"channel": "D-C1", "ts": "1"}
    assert sent["edited again"].replaces == {"channel": "D-C1", "ts": "2"}


async def test_an_edit_waits_behind_a_message_that_is_not_sent_yet(storage: Storage) -> None:
    platform = Platform()

    def stumble(_workspace: WorkspaceKey, outgoing: Outgoing) -> None:
        if words(outgoing) == "draft":
            raise TryAgain("The platform is not well.")

    platform.rule = stumble
    queue(storage, "draft")
    queue(storage, "edited", replaces="draft")
    queue(storage, "edited again", replaces="draft")
    await courier(storage, platform).drain()
    assert platform.said() == []
    platform.rule = lambda workspace, outgoing: None
    move(storage, minutes=1)
    await courier(storage, platform).drain()
    assert platform.said() == ["draft", "edited", "edited again"]


async def test_an_edit_of_a_message_that_never_went_out_is_posted_anew(storage: Storage) -> None:
    platform = Platform()

    def archived(_workspace: WorkspaceKey, outgoing: Outgoing) -> None:
        if words(outgoing) == "draft":
            raise Gone("The message was too long.")

    platform.rule = archived
    queue(storage, "draft")
    queue(storage, "edited", replaces="draft")
    queue(storage, "unheard-of", thread_of="nothing")
    await courier(storage, platform).drain()
    assert platform.said() == ["edited", "unheard-of"]
    assert all(one.replaces is one.thread is None for _, one in platform.got)


async def test_where_a_member_is_reached_is_remembered(storage: Storage) -> None:
    platform = Platform()
    with storage.begin(ACME) as store:
        store.members.greet("U1", "Ana")
        store.deliveries.queue("member", "U1", card("hello"), key="hello")
    await courier(storage, platform).drain()
    with storage.begin(ACME) as store:
        ana = store.members.by_key("U1")
        store.deliveries.queue("member", "U1", card("again"), key="again")
    assert ana
    assert ana.reach == "D-U1"
    await courier(storage, platform).drain()
    assert [one.reach for _, one in platform.got] == ["", "D-U1"]


async def test_a_home_is_drawn_when_it_is_sent_and_once_however_often_it_was_asked_for(storage: Storage) -> None:
    platform = Platform()
    with storage.begin(ACME) as store:
        store.members.greet("U1", "Ana")
        for _ in range(3):
            store.deliveries.queue_home("U1")
    await courier(storage, platform).drain()
    assert platform.said() == ["Good morning, Ana."]
    assert isinstance(platform.got[0][1].screen, Home)
    with storage.begin(ACME) as store:
        store.deliveries.queue_home("U1")
    await courier(storage, platform).drain()
    assert len(platform.said()) == 2


async def test_a_home_that_changes_while_it_is_on_its_way_goes_again(storage: Storage) -> None:
    platform = Platform()

    def change(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        if platform.calls == 1:
            with closing(Storage(storage.url, VAULT, storage.clock)) as other, other.begin(ACME) as store:
                store.deliveries.queue_home("U1")

    platform.rule = change
    with storage.begin(ACME) as store:
        store.members.greet("U1", "Ana")
        store.deliveries.queue_home("U1")
    await courier(storage, platform).drain()
    assert len(platform.said()) == 2
    assert status(storage, "home U1") == "sent"


async def test_the_home_of_somebody_unknown_is_given_up(sqlite_storage: Storage) -> None:
    platform = Platform()
    with sqlite_storage.begin(ACME) as store:
        store.deliveries.queue_home("U-NOBODY")
    await courier(sqlite_storage, platform).drain()
    assert status(sqlite_storage, "home U-NOBODY") == "cancelled"


async def test_a_running_courier_is_woken_after_the_commit_and_stops_in_an_orderly_way(storage: Storage) -> None:
    platform = Platform()
    arrived = asyncio.Event()
    platform.rule = lambda workspace, outgoing: arrived.set()
    runs = courier(storage, platform)
    queue(storage, "left from yesterday")
    task = asyncio.create_task(runs.run())
    async with asyncio.timeout(5):
        await arrived.wait()
        arrived.clear()
        await asyncio.to_thread(queue, storage, "new")
        await asyncio.to_thread(runs.wake, ACME)
        await arrived.wait()
        await runs.stop()
        await task
    assert platform.said() == ["left from yesterday", "new"]
    with storage.begin(ACME) as store:
        assert store.lanes.state().owner == ""


async def test_postgresql_tells_other_processes_after_the_commit(postgres_storage: Storage) -> None:
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[WorkspaceKey] = asyncio.Queue()
    listener = Listener(postgres_storage.url, lambda key: loop.call_soon_threadsafe(heard.put_nowait, key) and None)
    listener.start()
    try:
        assert await asyncio.to_thread(listener.wait, 5)

        def rolled_back() -> None:
            with postgres_storage.begin(ZETA) as store:
                store.deliveries.queue("channel", "C1", card("never"), key="never")
                raise LookupError

        with pytest.raises(LookupError):
            rolled_back()
        queue(postgres_storage, "one", "two")
        async with asyncio.timeout(5):
            assert await heard.get() == ACME
        assert heard.empty()
    finally:
        await asyncio.to_thread(listener.stop)


async def test_a_courier_that_stops_hands_on_at_once_what_is_left(postgres_storage: Storage) -> None:
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[WorkspaceKey] = asyncio.Queue()
    arrived = asyncio.Event()
    platform = Platform()
    platform.rule = lambda workspace, outgoing: arrived.set()
    queue(postgres_storage, "one", "two")
    listener = Listener(postgres_storage.url, lambda key: loop.call_soon_threadsafe(heard.put_nowait, key) and None)
    listener.start()
    try:
        assert await asyncio.to_thread(listener.wait, 5)
        runs = courier(postgres_storage, platform)
        task = asyncio.create_task(runs.run())
        async with asyncio.timeout(5):
            await arrived.wait()
            await runs.stop()
            await task
            assert await heard.get() == ACME
    finally:
        await asyncio.to_thread(listener.stop)


async def test_messages_go_at_the_pace_of_the_lane_and_of_each_channel(sqlite_storage: Storage) -> None:
    """With a clock that waiting moves, so that paces become times."""
    clock = sqlite_storage.clock
    started = clock.monotonic()
    at: list[tuple[float, str]] = []
    platform = Platform()
    platform.rule = lambda workspace, outgoing: at.append((clock.monotonic() - started, outgoing.to_key))

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0.02)  # what was taken in hand before is sent by then
        move(sqlite_storage, seconds=seconds)

    clock.sleep = sleep  # type: ignore[method-assign]
    queue(sqlite_storage, *(f"kudos {number}" for number in range(6)), to_key="C-KUDOS")
    for number in range(6):
        queue(sqlite_storage, f"hello {number}", to_key=f"U{number}")
    await courier(sqlite_storage, platform, Pace(300, 300, 4, 1, 2)).drain()

    kudos = [seconds for seconds, key in at if key == "C-KUDOS"]
    everything = [seconds for seconds, _ in at]
    assert len(at) == 12
    assert all(later - earlier >= 0.999 for earlier, later in pairwise(kudos[2:]))
    assert everything[3] == 0
    assert all(later - earlier >= 0.199 for earlier, later in pairwise(everything[3:]))
    # People did not wait for the busy channel.
    assert [key for _, key in at].index("U5") < 9


async def test_a_backup_that_holds_the_file_makes_no_message_go_twice_or_get_lost(sqlite_storage: Storage) -> None:
    platform = Platform()
    said = [f"message {number}" for number in range(5)]
    for number, one in enumerate(said):
        queue(sqlite_storage, one, to_key=f"C{number}")
    with ExitStack() as backup:

        def hold(_outgoing: Any) -> None:
            if len(platform.got) == 2:
                backup.enter_context(held(sqlite_storage, patience=20))

        platform.after = hold
        await courier(sqlite_storage, platform).drain()
        assert "sent" not in [status(sqlite_storage, one) for one in said[1:]]
    for _ in range(3):
        move(sqlite_storage, seconds=60)
        await courier(sqlite_storage, platform).drain()
    assert sorted(platform.said()) == said
    assert [status(sqlite_storage, one) for one in said] == ["sent"] * 5


async def test_a_database_that_is_gone_for_a_moment_does_not_make_a_message_go_twice(
    sqlite_storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import Unavailable
    from storage.lanes import Lanes

    settle, failures = Lanes.settle_sent, iter([True, True, False])

    def settle_after_a_while(self: Lanes, *args: Any) -> bool:
        if next(failures):
            raise Unavailable("database is locked")
        return settle(self, *args)

    monkeypatch.setattr(Lanes, "settle_sent", settle_after_a_while)
    platform = Platform()
    queue(sqlite_storage, "hello")
    await courier(sqlite_storage, platform).drain()
    assert platform.calls == 1
    assert status(sqlite_storage, "hello") == "sent"
