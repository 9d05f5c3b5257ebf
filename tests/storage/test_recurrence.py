"""On which dates something comes round: weeks and months by weekday, counted from where it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.recurrence import LAST, Hours, Recurrence, Timing, evenly

MONDAY = date(2026, 3, 2)
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
recurrences = st.builds(
    Recurrence, days, weekdays, every=st.integers(1, 6), nth=st.sampled_from((0, 0, 1, 2, 3, 4, LAST))
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def test_every_other_monday_and_thursday() -> None:
    found = Recurrence(date(2026, 3, 4), (0, 3), every=2).between(MONDAY, date(2026, 4, 10))
    assert found == [date(2026, 3, 5), date(2026, 3, 16), date(2026, 3, 19), date(2026, 3, 30), date(2026, 4, 2)]


def test_the_first_and_the_last_friday_of_a_month() -> None:
    first, last = Recurrence(MONDAY, (4,), nth=1), Recurrence(MONDAY, (4,), nth=LAST)
    assert first.between(MONDAY, date(2026, 5, 31)) == [date(2026, 3, 6), date(2026, 4, 3), date(2026, 5, 1)]
    assert last.between(MONDAY, date(2026, 5, 31)) == [date(2026, 3, 27), date(2026, 4, 24), date(2026, 5, 29)]


def test_a_quarter_has_one_of_every_third_month_across_the_turn_of_the_year() -> None:
    quarterly = Recurrence(date(2026, 11, 1), (0,), every=3, nth=1)
    assert quarterly.between(date(2026, 11, 1), date(2027, 6, 1)) == [
        date(2026, 11, 2),
        date(2027, 2, 1),
        date(2027, 5, 3),
    ]


def test_it_ends_when_it_was_to_end() -> None:
    ends = Recurrence(MONDAY, (0,), ends_on=date(2026, 3, 9))
    assert ends.between(MONDAY, date(2027, 1, 1)) == [MONDAY, date(2026, 3, 9)]
    assert ends.next_from(date(2026, 3, 10)) is None


@given(recurrences, days, days)
def test_wherever_one_begins_to_look_the_dates_are_the_same(rule: Recurrence, one: date, other: date) -> None:
    first, second = sorted((one, other))
    last = second + timedelta(days=200)
    found = rule.between(first, last)
    assert [day for day in found if day >= second] == rule.between(second, last)
    assert all(earlier < later for earlier, later in pairwise(found))
    assert all(day.weekday() in rule.weekdays and day >= rule.starts_on for day in found)


@given(recurrences, days)
def test_the_last_before_the_next_is_the_one_before_it(rule: Recurrence, day: date) -> None:
    following = rule.next_from(day)
    assert following is not None
    before = rule.last_before(day)
    if before is None:
        assert not rule.between(rule.starts_on, day - timedelta(days=1))
    else:
        assert rule.between(before, following) == [before, following]


def test_reminders_are_spread_evenly_between_opening_and_close() -> None:
    timing = Timing(time(10), closes_after=1, closes_at=time(18), nudges=1)
    berlin = ZoneInfo("Europe/Berlin")
    day = date(2026, 3, 5)
    (nudge,) = evenly(timing.opens(day, berlin), timing.closes(day, berlin), timing.nudges)
    assert nudge - timing.opens(day, berlin) == timedelta(hours=16)
    assert timing.closes_on(day) == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("hours", "at", "moved_to"),
    [
        (Hours(), time(3), (0, time(3))),
        (Hours(time(9), time(17)), time(8), (0, time(9))),
        (Hours(time(9), time(17)), time(18), (1, time(9))),
        (Hours(quiet_from=time(18), quiet_to=time(9)), time(20), (1, time(9))),
        (Hours(quiet_from=time(18), quiet_to=time(9)), time(2), (0, time(9))),
        (Hours(time(22), time(6)), time(12), (0, time(22))),
        # Quiet hours that leave nothing of the working hours do not count, for nobody is written to at every time then.
        (Hours(time(10), time(12), time(9), time(18)), time(8), (0, time(10))),
        (Hours(time(20), time(4), time(18), time(9)), time(10), (0, time(20))),
        (Hours(time(20), time(4), time(18), time(9)), time(2), (0, time(2))),
    ],
)
def test_somebody_is_written_to_when_they_may_be(hours: Hours, at: time, moved_to: tuple[int, time]) -> None:
    late, then = moved_to
    assert hours.first_from(MONDAY, at) == (MONDAY + timedelta(days=late), then)


@given(st.builds(Hours, times, times, times, times), times)
def test_whatever_hours_somebody_keeps_a_moment_is_never_earlier_and_suits_them(hours: Hours, at: time) -> None:
    day, then = hours.first_from(MONDAY, at)
    assert (day, then) >= (MONDAY, at)
    assert hours.allow(then)


@given(st.builds(Hours, times, times, times, times))
def test_quiet_hours_count_wherever_they_leave_any_time_and_working_hours_always(hours: Hours) -> None:
    minutes = [time(hour, minute) for hour in range(24) for minute in range(60)]
    worked = [at for at in minutes if replace(hours, quiet_from=time(), quiet_to=time()).allow(at)]
    loud = [at for at in minutes if replace(hours, works_from=time(), works_to=time()).allow(at)]
    assert [at for at in minutes if hours.allow(at)] == ([at for at in worked if at in set(loud)] or worked)


@given(st.builds(Hours, times, times, times, times))
def test_from_when_to_when_each_time_will_do_is_told_in_full(hours: Hours) -> None:
    spans = hours.spans()
    for hour, minute in product(range(24), range(60)):
        at = time(hour, minute)
        told = any(first <= at < last if first < last else at >= first or at < last for first, last in spans)
        assert hours.allow(at) == (told or not spans)


def test_a_night_with_a_pause_in_it_is_told_as_two_spans() -> None:
    assert Hours(time(20), time(4), time(23), time()).spans() == ((time(), time(4)), (time(20), time(23)))
    assert Hours(time(20), time(4)).spans() == ((time(20), time(4)),)
    assert Hours().spans() == ()
