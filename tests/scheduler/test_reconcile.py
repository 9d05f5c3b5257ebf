"""What became of a message is found out before it is sent again, and nobody gets anything twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from scheduler.courier import Courier
from scheduler.errand import FATAL, MOST_ATTEMPTS, NOT_SENT_TWICE
from scheduler.round import MOST_AT_ONCE
from scheduler.steps import STEPS
from scheduler.transport import Ambiguous, Gone, Outgoing, Parked, RateLimited, Unreadable
from storage.cadences import Audience, Cadence
from storage.deliveries import NOT_NEEDED
from storage.engine import Storage
from storage.members import Listed
from storage.prompts import prompts
from storage.recurrence import Recurrence
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.asked import prompt_for
from tests.databases import MONDAY
from tests.scheduler.outside import ACME, FAST, Platform, courier, move, queue, queue_for_everybody, status, words

LOST = Ambiguous("The answer was lost.")
asking = Feature("asking", "asks how it goes")


@asking.on_prompt("A question")
def _(turn: Any, prompt: Any) -> Card:
    return Card((Para(line(f"How are you, {turn.actor.name}?")),))


def arrives_but_nobody_hears(times: int) -> Callable[[Outgoing], None]:
    """The first so many messages arrive, and the answers are lost."""
    left = [times]

    def lose(_outgoing: Outgoing) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise LOST

    return lose


async def play(storage: Storage, platform: Platform, minutes: int = 20) -> None:
    for _ in range(minutes):
        await courier(storage, platform).drain()
        move(storage, minutes=1)


async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(storage: Storage) -> None:
    platform = Platform()
    platform.after = arrives_but_nobody_hears(1)
    queue(storage, "hello")
    await courier(storage, platform).drain()
    assert status(storage, "hello") == "queued"
    move(storage, seconds=4)
    await courier(storage, platform).drain()
    assert platform.looked == 0, "what was accepted need not be shown at once"
    await play(storage, platform)
    assert (platform.said(), platform.looked) == (["hello"], 1)
    with storage.begin(ACME) as store:
        found = store.deliveries.find("hello")
    assert found
    assert (found.status, found.reference) == ("sent", {"channel": "D-C1", "ts": "1"})


async def test_a_message_that_never_arrived_is_sent_once_it_was_looked_for(storage: Storage) -> None:
    platform = Platform()

    def lose(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        if platform.calls == 1:
            raise LOST

    platform.rule = lose
    queue(storage, "hello")
    await play(storage, platform)
    assert (platform.said(), platform.calls, platform.looked) == (["hello"], 2, 1)


async def test_an_edit_whose_answer_was_lost_is_simply_made_again(storage: Storage) -> None:
    platform = Platform()
    queue(storage, "draft")
    await courier(storage, platform).drain()
    platform.after = arrives_but_nobody_hears(1)
    queue(storage, "edited", replaces="draft")
    await play(storage, platform)
    assert platform.said() == ["draft", "edited", "edited"]
    assert platform.looked == 0


async def test_where_nobody_may_look_a_message_goes_again_and_a_reminder_does_not(storage: Storage) -> None:
    platform = Platform()
    platform.unreadable = Unreadable("The history is not for us to read.")
    platform.after = arrives_but_nobody_hears(2)
    with storage.begin(ACME) as store:
        prompt, nudge = (invited(store, key) for key in ("U1", "U2"))
        store.deliveries.queue_prompt(prompt, "U1", "prompt", key="prompt", not_before=MONDAY)
        store.deliveries.queue_prompt(nudge, "U2", "nudge", key="nudge", not_before=MONDAY)
    with storage.connect() as connection:
        days_ago = {"state": "sent", "sent_at": MONDAY - timedelta(days=5)}
        connection.execute(prompts.update().where(prompts.c.id == nudge).values(days_ago))
    for _ in range(20):
        await Courier(storage, platform, storage.clock, (asking,), FAST).drain()
        move(storage, minutes=1)
    assert sorted(one.to_key for _, one in platform.got) == ["U1", "U1", "U2"]
    assert status(storage, "prompt") == "sent"
    with storage.begin(ACME) as store:
        assert [(one.to_key, one.why) for one in store.deliveries.unsent()] == [("U2", NOT_SENT_TWICE)]


async def test_a_look_that_is_asked_to_wait_waits_and_costs_no_attempt(storage: Storage) -> None:
    platform = Platform()
    platform.after = arrives_but_nobody_hears(1)
    platform.unreadable = RateLimited(30)
    queue(storage, "hello", "to somebody else")
    await play(storage, platform, 10)
    assert platform.looked == 9
    assert platform.said() == ["hello", "to somebody else"], "others do not wait for it"
    platform.unreadable = None
    await play(storage, platform, 2)
    with storage.begin(ACME) as store:
        found = store.deliveries.find("hello")
    assert found
    assert (found.status, found.attempts) == ("sent", 2)
    assert platform.said() == ["hello", "to somebody else"]


async def test_who_is_asked_to_wait_for_a_quarter_of_an_hour_looks_no_more(storage: Storage) -> None:
    platform = Platform()
    platform.after = arrives_but_nobody_hears(1)
    platform.unreadable = RateLimited(60)
    queue(storage, "hello")
    patient = courier(storage, platform)
    for _ in range(20):
        await patient.drain()
        move(storage, minutes=1)
    assert platform.said() == ["hello", "hello"]


async def test_a_message_that_breaks_off_every_time_ends_as_dead_and_stops_nobody(storage: Storage) -> None:
    """Whoever takes it in hand dies of it."""
    platform = Platform()
    queue(storage, "poison")
    for number in range(MOST_ATTEMPTS):
        with storage.begin(ACME) as store:
            assert store.lanes.take(f"victim {number}", timedelta(seconds=60))
        move(storage, seconds=60)
    queue(storage, "hello", to_key="C2")
    await play(storage, platform, 2)
    assert platform.said() == ["hello"]
    with storage.begin(ACME) as store:
        assert [(one.status, one.why) for one in store.deliveries.unsent()] == [("dead", FATAL)]


class Killed(BaseException):
    """The process ends here; nothing is cleared up."""


@pytest.mark.parametrize("step", STEPS)
async def test_a_courier_that_ends_at_any_step_leaves_nothing_lost_and_nothing_doubled(
    storage: Storage, step: str
) -> None:
    platform = Platform()
    if step == "looking" or step == "found":
        platform.after = arrives_but_nobody_hears(1)
    queue(storage, "one", "two", to_key="C1")
    queue(storage, "three", to_key="C2")

    def end(at: str) -> None:
        if at == step:
            raise Killed

    for _ in range(3):
        victim = courier(storage, platform, at=end)
        with contextlib.suppress(Killed):
            await victim.drain()
        move(storage, seconds=61)
    await asyncio.sleep(0)
    await play(storage, platform, 5)
    assert sorted(platform.said()) == ["one", "three", "two"]
    assert [status(storage, key) for key in ("one", "two", "three")] == ["sent"] * 3


# -- prompts ---------------------------------------------------------------------------------------------------------


def invited(store: Store, key: str) -> int:
    member = store.members.greet(key, "Ana")
    cadence = store.cadences.add(Cadence(0, "Weekly", Recurrence(MONDAY.date()), "asking", Audience(everybody=True)))
    closes = MONDAY + timedelta(days=4)
    prompt = prompt_for(store, cadence.id, member.id, MONDAY.date(), closes.date(), "UTC", MONDAY, closes)
    assert prompt
    return prompt.id


def queue_prompt(storage: Storage) -> int:
    with storage.begin(ACME) as store:
        prompt = invited(store, "U1")
        store.deliveries.queue_prompt(prompt, "U1", "prompt", key="prompt", not_before=MONDAY)
    return prompt


async def test_a_prompt_is_drawn_when_it_is_sent_and_what_it_said_is_kept(storage: Storage) -> None:
    platform = Platform()
    prompt = queue_prompt(storage)
    await Courier(storage, platform, storage.clock, (asking,), FAST).drain()
    assert platform.said() == ["How are you, Ana?"]
    with storage.begin(ACME) as store:
        found, asked = store.deliveries.find("prompt"), store.prompts.by_id(prompt)
    assert found
    assert asked
    assert "How are you, Ana?" in str(found.screen)
    assert (found.status, asked.state) == ("sent", "sent")


async def test_a_prompt_that_was_answered_beforehand_is_not_sent_and_nothing_went_wrong(storage: Storage) -> None:
    platform = Platform()
    prompt = queue_prompt(storage)
    with storage.begin(ACME) as store:
        store.prompts.mark_answered(prompt)
    await Courier(storage, platform, storage.clock, (asking,), FAST).drain()
    assert platform.calls == 0
    with storage.begin(ACME) as store:
        found = store.deliveries.find("prompt")
        assert store.deliveries.unsent() == []
    assert found
    assert (found.status, found.last_error) == ("cancelled", NOT_NEEDED)


async def test_who_cannot_be_reached_is_left_out_and_did_not_keep_silent(storage: Storage) -> None:
    platform = Platform()

    def deactivated(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        raise Gone("The account is deactivated.")

    platform.rule = deactivated
    prompt = queue_prompt(storage)
    await Courier(storage, platform, storage.clock, (asking,), FAST).drain()
    with storage.begin(ACME) as store:
        asked = store.prompts.by_id(prompt)
    assert asked
    assert (asked.state, asked.why) == ("left_out", "unreachable")


# -- parking ---------------------------------------------------------------------------------------------------------


async def test_admins_are_told_once_since_when_nothing_was_sent(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform()
    with storage.begin(ACME) as store:
        for number in range(4):
            store.members.keep(Listed(f"U{number}", f"Admin {number}", admin=True))
        store.members.keep(Listed("U4", "Somebody else"))

    def revoked(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        raise Parked("Somebody revoked the token.")

    platform.rule = revoked
    queue(storage, "one", to_key="C1")
    await courier(storage, platform).drain()
    queue(storage, "two", to_key="C2")
    move(storage, hours=2)
    again = courier(storage, platform)
    for _ in range(3):  # whoever installs without mending it
        await again.resume(ACME)
        await again.drain()
    assert [one.levelname for one in caplog.records].count("ERROR") == 4
    platform.rule = lambda workspace, outgoing: None
    await again.resume(ACME)
    await again.resume(ACME)
    await again.drain()
    told = [one for _, one in platform.got if one.to == "member"]
    assert sorted(one.to_key for one in told) == ["U0", "U1", "U2"]
    assert "could not write to anybody here. Somebody revoked the token." in words(told[0])
    assert sorted(platform.said())[-2:] == ["one", "two"]


async def test_once_a_lane_is_parked_what_was_in_hand_is_put_back(storage: Storage) -> None:
    platform = Platform()

    def revoked(_workspace: WorkspaceKey, _outgoing: Outgoing) -> None:
        if platform.got:
            raise Parked("Somebody revoked the token.")

    platform.rule = revoked
    queue_for_everybody(storage, 200)
    await courier(storage, platform).drain()
    called = platform.calls
    assert 2 <= called <= 1 + MOST_AT_ONCE, "none but those that were on their way already"
    move(storage, days=1)
    await courier(storage, platform).drain()
    assert platform.calls == called
    platform.rule = lambda workspace, outgoing: None
    again = courier(storage, platform)
    await again.resume(ACME)
    await again.drain()
    assert len(platform.got) == 200
    assert platform.looked == 0, "a clear refusal leaves no doubt"
