"""Reminders follow what each person was sent, whatever their hours, the window and the delays were.

It is Monday, 2 March 2026, 09:00 UTC. Messages go out as soon as they are due, unless nothing runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.feature import Feature
from handlers.prompts.moments import SOONEST, reminder
from handlers.screens import Card, Para
from handlers.text import line
from scheduler.tick import next_moment
from storage.engine import Storage
from storage.known import Arrangements
from storage.recurrence import DAY, Recurrence, Timing
from storage.workspaces import workspaces
from tests.databases import MONDAY
from tests.posted import Posted, post
from tests.scheduler.offices import ACME, THURSDAYS, Office, replace, utc

ASKS = Feature("checkins", "Asks.")
ASKS.on_prompt("How it was")(lambda turn, prompt: Card((Para(line("How was it?")),)))
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
Sent: TypeAlias = list[tuple[str, datetime]]


@dataclass
class Days:
    """An office, and who was sent what when. In a `pause`, from when to when, nothing runs."""

    office: Office
    pause: tuple[datetime, datetime] = (MONDAY, MONDAY)
    sent: list[Posted] = field(default_factory=list)

    async def until(self, at: datetime) -> None:
        """Let the time pass, with a tick whenever something is due, and a courier."""
        clock = self.office.clock
        self.sent += post(self.office.storage, ACME, (ASKS,))
        while (due := next_moment(self.office.storage)) and due <= at:
            began, ended = self.pause
            clock.move_to(ended if began <= max(due, clock.now()) < ended else due)
            await self.office.ticker.tick()
            self.sent += post(self.office.storage, ACME, (ASKS,))
        clock.move_to(at)

    def of(self, name: str) -> Sent:
        """What somebody was sent, and when."""
        return [(kind, at) for whom, kind, at in self.sent if whom == name]


def the_days(storage: Storage, timing: Timing, quiet: str = "18:00-09:00", **zones: str) -> Days:
    """An office with a cadence on Tuesdays."""
    office = Office(storage, ASKS, **zones)
    with storage.begin(ACME) as store:
        store.change_settings(quiet=quiet)
    tuesdays = Recurrence(date(2026, 3, 2), (1,))
    office.arrange(replace(THURSDAYS, name="Tuesdays", recurrence=tuesdays, timing=timing))
    return Days(office)


async def test_whose_prompt_waited_for_the_morning_is_reminded_half_way_from_there(storage: Storage) -> None:
    days = the_days(storage, Timing(time(8), closes_after=0, closes_at=time(10), nudges=1), ana="UTC")
    await days.until(utc(4))
    assert days.of("ana") == [("prompt", utc(3, 9)), ("nudge", utc(3, 9, 30))]


async def test_whose_prompt_comes_after_the_middle_of_the_wave_is_reminded_too(storage: Storage) -> None:
    days = the_days(storage, Timing(time(20), closes_after=1, closes_at=time(18), nudges=1), ana="UTC")
    await days.until(utc(5))
    assert days.of("ana") == [("prompt", utc(4, 9)), ("nudge", utc(4, 13, 30))]


async def test_within_a_window_each_has_as_many_reminders_from_their_own_moment_on(storage: Storage) -> None:
    people = {f"p{number}": "UTC" for number in range(12)}
    timing = Timing(time(9), minutes=240, closes_after=0, closes_at=time(17), nudges=2)
    days = the_days(storage, timing, **people)
    await days.until(utc(4))
    for name in people:
        (_, asked), *reminders = days.of(name)
        rest = utc(3, 17) - asked
        assert reminders == [("nudge", asked + rest / 3), ("nudge", asked + rest * 2 / 3)]


async def test_whose_prompt_was_late_for_an_outage_is_reminded_that_much_later(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, closes_at=time(18), nudges=2), ana="UTC")
    days.pause = (utc(3, 9), utc(3, 12))
    await days.until(utc(4))
    assert days.of("ana") == [("prompt", utc(3, 12)), ("nudge", utc(3, 14)), ("nudge", utc(3, 16))]


async def test_two_reminders_that_an_outage_held_back_do_not_come_at_once(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, closes_at=time(18), nudges=2), ana="UTC")
    days.pause = (utc(3, 11), utc(3, 16))
    await days.until(utc(4))
    assert days.of("ana") == [("prompt", utc(3, 10)), ("nudge", utc(3, 16)), ("nudge", utc(3, 17))]


async def test_two_reminders_that_fall_into_one_night_do_not_come_together_in_the_morning(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), nudges=2), ana="UTC")
    await days.until(utc(5))
    assert days.of("ana") == [("prompt", utc(3, 10)), ("nudge", utc(4, 9)), ("nudge", utc(4, 13, 30))]


async def test_a_message_that_cannot_go_out_is_not_preceded_by_its_reminder(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, closes_at=time(18), nudges=2), ana="UTC")
    await days.until(utc(3, 9, 59))
    days.office.clock.move_to(utc(3, 10))
    await days.office.ticker.tick()
    with storage.begin(ACME) as store:
        (held,) = store.lanes.take("post", MINUTE)
        store.lanes.try_again(held, utc(3, 13, 30), "Not reached.")
        store.lanes.leave("post")
    await days.until(utc(4))
    assert days.of("ana") == [("prompt", utc(3, 13, 30)), ("nudge", utc(3, 15)), ("nudge", utc(3, 16, 30))]


async def test_who_joins_after_the_reminders_of_the_others_has_their_own(storage: Storage) -> None:
    days = the_days(storage, Timing(time(9), closes_after=0, closes_at=time(13), nudges=2), ana="UTC")
    await days.until(utc(3, 12))
    days.office.hire("bo", "UTC")
    await days.office.ticker.look_round()
    await days.until(utc(4))
    assert days.of("bo") == [("prompt", utc(3, 12)), ("nudge", utc(3, 12, 20)), ("nudge", utc(3, 12, 40))]


async def test_who_wants_to_be_asked_later_is_reminded_after_that_and_not_before(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, closes_at=time(18), nudges=2), ana="UTC")
    await days.until(utc(3, 12))
    days.office.change_prompts("ana", snoozed_until=utc(3, 15))
    with storage.begin(ACME) as store:
        (prompt,) = store.prompts.open_of(days.office.ids["ana"])
        key = f"prompt {prompt.id} again {utc(3, 15).isoformat()}"
        store.deliveries.queue_prompt(prompt.id, "ana", "prompt", key=key, not_before=utc(3, 15))
    await days.until(utc(4))
    asked = [("prompt", utc(3, 10)), ("prompt", utc(3, 15))]
    assert days.of("ana") == [*asked, ("nudge", utc(3, 16))]


async def test_a_reminder_of_which_nobody_knows_whether_it_arrived_counts_as_one_that_did(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, closes_at=time(18), nudges=2), ana="UTC")
    await days.until(utc(3, 11))
    days.office.clock.move_to(utc(3, 16))
    await days.office.ticker.tick()
    with storage.begin(ACME) as store:
        (first,) = store.lanes.take("post", MINUTE)
        store.lanes.doubt(first, utc(3, 16, 1), "Nobody heard.")
        store.lanes.leave("post")
    await days.until(utc(4))
    assert days.of("ana") == [("prompt", utc(3, 10)), ("nudge", utc(3, 16, 1)), ("nudge", utc(3, 17))]


async def test_what_was_put_off_into_the_next_week_is_reminded_of_there(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, nudges=0), ana="UTC")
    with storage.begin(ACME) as store:
        store.change_settings(budget=1)
    wednesdays = Recurrence(date(2026, 3, 2), (2,))
    days.office.arrange(replace(THURSDAYS, recurrence=wednesdays, timing=Timing(closes_after=6, nudges=1)))
    await days.until(utc(10, 9, 59))
    assert days.of("ana") == [("prompt", utc(3, 10)), ("prompt", utc(9, 10)), ("nudge", utc(10, 9))]


async def test_with_fewer_reminders_by_now_no_more_come(storage: Storage) -> None:
    days = the_days(storage, Timing(time(10), closes_after=0, closes_at=time(18), nudges=2), ana="UTC")
    days.pause = (utc(3, 13), utc(3, 15))
    await days.until(utc(3, 15))
    with storage.begin(ACME) as store:
        (cadence,) = store.cadences.all()
    days.office.arrange(replace(cadence, timing=replace(cadence.timing, nudges=1)))
    await days.until(utc(4))
    assert days.of("ana") == [("prompt", utc(3, 10)), ("nudge", utc(3, 12, 40))]


half_hours = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
hours = st.sampled_from(["", "18:00-09:00", "22:00-06:00", "12:00-14:00", "01:00-23:00"])
pauses = st.none() | st.tuples(st.integers(0, 60 * 40), st.integers(1, 60 * 8))


@pytest.mark.long
@given(half_hours, st.sampled_from([0, 60, 240]), st.integers(0, 3), half_hours, st.integers(0, 2), hours, pauses)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_whatever_befalls_a_prompt_its_reminders_come_after_it_and_apart(
    sqlite_storage: Storage,
    at: time,
    minutes: int,
    closes_after: int,
    closes_at: time,
    nudges: int,
    quiet: str,
    pause: tuple[int, int] | None,
) -> None:
    storage = sqlite_storage
    with storage.connect() as connection:
        connection.execute(workspaces.delete())
    storage.clock._now = MONDAY  # type: ignore[attr-defined]
    storage._arrangements = Arrangements()  # ids may come again
    timing = Timing(at, "", minutes, closes_after, closes_at, nudges)
    people = {f"p{number}": "UTC" for number in range(4)}
    days = the_days(storage, timing, quiet, **people)
    if pause:
        began = utc(3) + pause[0] * MINUTE
        days.pause = (began, began + pause[1] * MINUTE)
    await days.until(utc(8))
    closes = datetime.combine(date(2026, 3, 3) + closes_after * DAY, closes_at, MONDAY.tzinfo)
    for name in people:
        sent = days.of(name)
        assert [kind for kind, _ in sent] in [[], ["prompt", *["nudge"] * (len(sent) - 1)]]
        assert len(sent) <= 1 + nudges
        assert all(moment < closes and moment == _allowed(moment, quiet) for _, moment in sent)
        if sent:
            _judge([moment for _, moment in sent], closes, nudges, quiet, days.pause)


def _judge(
    moments: list[datetime], closes: datetime, nudges: int, quiet: str, pause: tuple[datetime, datetime]
) -> None:
    """That reminders share what is left of the time evenly, as far as their reader's hours and a pause let them."""
    for number, last in enumerate(moments):
        left = nudges - number
        share = max((closes - last) / (left + 1), SOONEST)
        first, expected = (_allowed(last + share * part / 10, quiet) for part in (9, 10))
        if pause[0] <= expected < pause[1]:
            expected = _allowed(pause[1], quiet)
        if left and last + share < closes and expected < closes:
            assert len(moments) > number + 1, f"there was time for one more at {expected}"
            assert first <= moments[number + 1] <= expected + MINUTE
        elif first == expected:
            assert len(moments) == number + 1


def _allowed(at: datetime, quiet: str) -> datetime:
    """The first moment from this one on that is outside of the quiet hours, minute by minute and on working days."""
    if not quiet and at.weekday() < 5:
        return at
    first, last = (int(part[:2]) for part in (quiet or "00:00-00:00").split("-"))
    while at.weekday() > 4 or (first <= at.hour < last if first <= last else not last <= at.hour < first):
        at = at.replace(minute=0, second=0, microsecond=0) + HOUR
    return at


@given(st.integers(1, 7 * 86_400), st.integers(0, 2), st.integers(0, 7 * 86_400))
def test_a_reminder_is_never_near_the_message_before_it(rest: int, left: int, waited: int) -> None:
    closes, now = MONDAY + rest * SECOND, MONDAY + waited * SECOND
    at = reminder(now, MONDAY, closes, left)
    if at is None:
        assert not left or rest * SECOND <= max(SOONEST, rest * SECOND / (left + 1))
    else:
        assert at >= now
        assert at - MONDAY >= max(SOONEST, rest * SECOND / (left + 1)) * 0.9
        assert at == now or at < closes
        assert reminder(at, MONDAY, closes, left) == at
