"""kill -9 at every step: nothing is lost and nothing comes twice, on both databases."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from scheduler.steps import STEPS
from storage.crypto import Vault, new_key
from storage.engine import Storage
from tests.faults.slack import FakeSlack
from tests.faults.victim import ACME
from tests.faults.victims import KILLED, Victims

pytestmark = pytest.mark.long

LEASE_IS_OVER = 90.0
ONLY_AFTER_A_DEATH = ("looking", "found")
ONLY_WHERE_SOMETHING_IS_STILL_TO_BE_SENT = ("drawn", "posting", "accepted")
FIRST = [(step,) for step in STEPS if step not in ONLY_AFTER_A_DEATH]
SECOND = [("posting:2" if step in ONLY_WHERE_SOMETHING_IS_STILL_TO_BE_SENT else "accepted:3", step) for step in STEPS]


def queue(storage: Storage, key: str) -> list[str]:
    """Messages to five people and a channel."""
    said = [f"message {number}" for number in range(8)]
    with closing(Storage(storage.url, Vault([key]))) as ours, ours.begin(ACME) as store:
        for number, text in enumerate(said):
            to: Any = "member" if number < 5 else "channel"
            if to == "member":
                store.members.greet(f"M{number}")
            store.deliveries.queue(to, f"{to[0].upper()}{number}", to_json(Card((Para(line(text)),))), key=text)
    return said


@pytest.mark.parametrize("deaths", [*FIRST, *SECOND], ids=" then ".join)
async def test_whoever_is_killed_at_a_step_loses_and_repeats_nothing(
    deaths: tuple[str, ...], storage: Storage, slack: FakeSlack, victims: Victims
) -> None:
    key = new_key()
    said = queue(storage, key)
    order = {"does": "send", "database": storage.url, "key": key, "slack": slack.url}
    for number, step in enumerate(deaths):
        ahead = number * LEASE_IS_OVER
        slack.ahead = timedelta(seconds=ahead)
        assert await victims.play(**order, ahead=ahead, failpoint=step) == KILLED, step
    ahead = len(deaths) * LEASE_IS_OVER
    slack.ahead = timedelta(seconds=ahead)
    assert await victims.play(**order, ahead=ahead) == 0
    assert sorted(one.text for one in slack.ground.arrived) == said
    assert slack.ground.repeated() == []
