"""kill -9 at every step of the tick: each person is asked and reminded once, and it closes once, on both databases."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from scheduler import steps
from scheduler.tick import STEPS
from storage.cadences import Audience, Cadence
from storage.clock import SetClock
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.members import Listed
from storage.prompts import prompts
from storage.recurrence import Recurrence, Timing
from storage.waves import occurrences, waves
from tests.faults.slack import FakeSlack
from tests.faults.victim import ACME
from tests.faults.victims import KILLED, Victims

pytestmark = pytest.mark.long

# Long ago, so that what Slack dates is never older than what the victims believe.
THURSDAY = date(2024, 3, 7)
OFFICE = Cadence(
    0,
    "Thursdays",
    Recurrence(THURSDAY),
    audience=Audience(everybody=True),
    timing=Timing(time(10), closes_after=0, closes_at=time(17), nudges=1),
)
PEOPLE = {f"U{number}": "Asia/Tokyo" if number < 4 else "Europe/Berlin" for number in range(7)}
# Asked, reminded and closed in Tokyo, then in Berlin, and a while after that; in UTC.
MOMENTS = [
    datetime.combine(THURSDAY, at, UTC)
    for at in (time(1), time(4, 30), time(8), time(9), time(12, 30), time(16), time(17))
]
LEASE_IS_OVER = timedelta(seconds=90)
WHILE_SENDING = ("claimed", "accepted", "settling")


def found(storage: Storage, key: str) -> None:
    """People in two zones, the evening before they are asked."""
    evening = SetClock(MOMENTS[0] - timedelta(hours=6))
    with closing(Storage(storage.url, Vault([key]), evening)) as ours, ours.begin(ACME) as store:
        store.change_settings(quiet="", budget=9)
        for name, zone in PEOPLE.items():
            store.members.keep(Listed(name, name, zone))
        store.waves.arrange(store.cadences.add(OFFICE))


@pytest.mark.parametrize("step", [*STEPS, *WHILE_SENDING])
async def test_whoever_is_killed_while_asking_forgets_nobody_and_asks_nobody_twice(
    step: str, storage: Storage, slack: FakeSlack, victims: Victims
) -> None:
    assert step in {*STEPS, *steps.STEPS}
    key = new_key()
    found(storage, key)
    order = {"does": "tick", "database": storage.url, "key": key, "slack": slack.url}
    deaths = 0
    for moment in MOMENTS:
        ended = await victims.play(**order, at=moment.isoformat(), failpoint=step)
        assert ended in (0, KILLED)
        if ended == KILLED:
            deaths += 1
            assert await victims.play(**order, at=(moment + LEASE_IS_OVER).isoformat()) == 0
    assert deaths, step
    arrived = Counter(one.channel for one in slack.ground.arrived)
    assert arrived == {f"D{name[1:]}": 2 for name in PEOPLE}, "one prompt and one reminder each"
    assert slack.ground.repeated() == []
    with storage.connect() as connection:
        asked = connection.execute(
            select(prompts.c.day, prompts.c.state, func.count()).group_by(prompts.c.day, "state")
        )
        assert [tuple(row) for row in asked] == [(THURSDAY, "sent", len(PEOPLE))]
        assert [row.day for row in connection.execute(select(occurrences))] == [THURSDAY]
        coming = connection.execute(select(waves.c.day, waves.c.zone).where(waves.c.state == "coming"))
        week_later = THURSDAY + timedelta(days=7)
        assert {tuple(row) for row in coming} == {(week_later, zone) for zone in PEOPLE.values()}
