"""A budget is kept to: whatever is put off, nobody gets more prompts in a week of theirs than they may."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from storage.cadences import Audience, Cadence
from storage.civil import week_of, zone
from storage.engine import Storage
from storage.known import Arrangements
from storage.recurrence import Recurrence, Timing
from storage.workspaces import workspaces
from tests.carrying import Carrier
from tests.databases import MONDAY
from tests.scheduler.offices import ACME, Office, replace, utc

ZONES = {"ana": "UTC", "tomo": "Asia/Tokyo", "lou": "America/Los_Angeles"}
ASKS = Feature("checkins", "Asks.")
ASKS.on_prompt("How it was")(lambda turn, prompt: Card((Para(line("How was it?")),)))
WEEK = timedelta(weeks=1)


class Post:
    """An office whose messages are carried: who got a prompt, and when."""

    def __init__(self, storage: Storage, budget: int, **zones: str) -> None:
        self.office = Office(storage, ASKS, **zones)
        self.zones = zones
        self.carrier = Carrier(storage, ACME, (ASKS,))
        self.until = self.carrier.until
        with storage.begin(ACME) as store:
            store.change_settings(budget=budget, quiet="18:00-09:00")

    @property
    def got(self) -> list[tuple[str, datetime]]:
        """Who got a prompt, and when."""
        return [(one.to, one.at) for one in self.carrier.got if one.kind == "prompt"]

    def by_week(self, name: str) -> dict[date, int]:
        """How many prompts somebody got in each week, by its Monday where they are."""
        where = zone(self.zones[name])
        weeks = (week_of(at, where)[0].astimezone(where).date() for to, at in self.got if to == name)
        return dict(Counter(weeks))


def weekly(name: str, weekday: int, closes_after: int, feature: str = "checkins") -> Cadence:
    """A cadence of everybody's, on one weekday at ten, without reminders."""
    return Cadence(
        0,
        name,
        Recurrence(date(2026, 3, 2), (weekday,)),
        feature=feature,
        audience=Audience(everybody=True),
        timing=Timing(time(10), closes_after=closes_after, nudges=0),
    )


async def test_of_two_that_were_put_off_one_comes_on_monday_where_the_week_has_room_for_one(storage: Storage) -> None:
    post = Post(storage, 1, ana="UTC")
    # Their closes are days apart, so that one answer is not both.
    for number, weekday in enumerate((1, 3, 4)):
        post.office.arrange(weekly(f"{number}", weekday, 4 + number))
    await post.until(utc(8))
    assert post.got == [("ana", utc(3, 10))]
    assert {day: state for (_, day), (state, _) in post.office.states().items() if day.month == 3} == {
        date(2026, 3, 3): "sent",
        date(2026, 3, 5): "put_off",
        date(2026, 3, 6): "put_off",
    }
    await post.until(utc(9, 12))
    assert post.got[1:] == [("ana", utc(9, 10))]
    assert post.office.states()["ana", date(2026, 3, 6)] == ("put_off", "")
    with storage.begin(ACME) as store:
        # Both can be answered on Home, and nobody is taken to have been asked for the one.
        assert [one.state for one in store.prompts.open_of(post.office.ids["ana"])] == ["sent", "put_off"]
    await post.until(utc(30))
    assert set(post.by_week("ana").values()) == {1}


async def test_a_budget_of_nothing_sends_nothing_and_not_on_monday_either(storage: Storage) -> None:
    post = Post(storage, 0, ana="UTC")
    post.office.arrange(weekly("Fridays", 4, 5))
    await post.until(utc(20))
    assert not post.got
    assert {state for state, _ in post.office.states().values()} == {"put_off"}


async def test_friday_evening_moves_to_monday_and_counts_there(storage: Storage) -> None:
    post = Post(storage, 1, ana="UTC")
    for number in range(3):
        late = weekly(f"{number}", 4, 4 + number)
        post.office.arrange(replace(late, timing=replace(late.timing, at=time(20))))
    await post.until(utc(13))
    assert post.got == [("ana", utc(9, 9))]


async def test_what_could_not_come_on_monday_takes_no_room_from_what_comes_later(storage: Storage) -> None:
    post = Post(storage, 1, ana="UTC")
    for number, weekday in enumerate((1, 3, 4)):
        post.office.arrange(weekly(f"{number}", weekday, 4 + number))
    await post.until(utc(9, 12))
    with storage.begin(ACME) as store:
        store.change_settings(budget=2)
    await post.until(utc(10, 12))
    assert post.got[1:] == [("ana", utc(9, 10)), ("ana", utc(10, 10))]


async def test_what_is_put_off_comes_on_the_monday_of_its_member_wherever_the_cadence_is(storage: Storage) -> None:
    post = Post(storage, 1, ravi="Asia/Kolkata", lou="America/Los_Angeles")
    for weekday, closes_after in ((1, 1), (3, 5)):
        one = weekly(f"{weekday}", weekday, closes_after)
        post.office.arrange(replace(one, timing=replace(one.timing, zone="America/Los_Angeles")))
    await post.until(utc(9, 20))
    # Monday at ten in Kolkata is still Sunday in Los Angeles.
    assert [at for to, at in post.got if to == "ravi"] == [utc(4, 3, 30), utc(9, 4, 30)]
    assert [at for to, at in post.got if to == "lou"] == [utc(3, 18), utc(9, 17)]


@pytest.mark.parametrize("did", ["answer", "skip"])
async def test_what_was_done_with_before_its_message_takes_no_room_on_monday(storage: Storage, did: str) -> None:
    post = Post(storage, 1, ana="UTC")
    for number, weekday in enumerate((1, 4)):
        post.office.arrange(weekly(f"{number}", weekday, 3 + number))
    await post.until(utc(7))
    with storage.begin(ACME) as store:
        (put_off,) = (one for one in store.prompts.open_of(post.office.ids["ana"]) if one.state == "put_off")
        (store.prompts.mark_answered if did == "answer" else store.prompts.skip)(put_off.id)
    await post.until(utc(11))
    assert post.got == [("ana", utc(3, 10)), ("ana", utc(10, 10))]


times = st.integers(0, 23).map(time)
cadences = st.builds(
    lambda weekdays, at, after, minutes, where: Cadence(
        0,
        "Asks",
        Recurrence(date(2026, 3, 2), tuple(sorted(weekdays))),
        audience=Audience(everybody=True),
        timing=Timing(at, closes_after=after, minutes=minutes, zone=where, nudges=1),
    ),
    st.sets(st.integers(0, 6), min_size=1, max_size=5),
    times,
    st.integers(1, 9),
    st.sampled_from((0, 0, 60)),
    st.sampled_from(("", "", "Pacific/Auckland", "America/Los_Angeles")),
)


@pytest.mark.long
@given(st.integers(0, 4), st.sampled_from((None, 1, 2)), st.lists(cadences, min_size=1, max_size=4))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_nobody_gets_more_in_a_week_of_theirs_than_they_may(
    storage: Storage, budget: int, own: int | None, some: list[Cadence]
) -> None:
    with storage.connect() as connection:
        connection.execute(workspaces.delete())
    storage.clock._now = MONDAY  # type: ignore[attr-defined]
    storage._arrangements = Arrangements()  # ids may come again
    post = Post(storage, budget, **ZONES)
    post.office.choose("ana", weekly_most=own)
    for number, one in enumerate(some):
        post.office.arrange(replace(one, name=f"Asks {number}"))
    await post.until(MONDAY + 3 * WEEK)
    for name in ZONES:
        most = min(budget, own) if own is not None and name == "ana" else budget
        weeks = post.by_week(name)
        assert all(number <= most for number in weeks.values()), f"{name}: {weeks}, of {most}"
