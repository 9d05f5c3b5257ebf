"""Who counts in a period, who is late and who is only waiting, wherever they live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from insights.participation import Participation, closing_days, participation
from storage.checkins import CheckIn
from storage.members import Member
from storage.teams import Team

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
CREW = Team(1, "Crew")  # closes on Friday at 18:00
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def member(number: int, zone: str = "UTC", since: datetime | None = None) -> Member:
    return Member(number, f"U{number}", f"Person {number}", ZoneInfo(zone), team_since=since)


def checkin(who: int) -> CheckIn:
    at = datetime(2026, 3, 6, 18, tzinfo=UTC)
    return CheckIn(who, who, 1, date(2026, 3, 6), at, at)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_before_the_close_nobody_is_late():
    took = participation(CREW, [member(1), member(2)], [checkin(1)], MONDAY, SUNDAY, at(6, 17))
    assert took == Participation(checked_in=(1,), waiting=(2,))
    assert took.asked == 2


def test_each_is_late_by_their_own_clock():
    people = [member(1, "Asia/Tokyo"), member(2, "Europe/Berlin"), member(3, "America/New_York")]
    took = participation(CREW, people, [], MONDAY, SUNDAY, at(6, 17))
    assert (took.missed, took.waiting) == ((1, 2), (3,))


def test_who_came_after_the_period_is_not_counted():
    took = participation(CREW, [member(1), member(2, since=at(9, 8))], [], MONDAY, SUNDAY, at(10, 8))
    assert took == Participation(missed=(1,))


def test_who_came_after_the_close_had_nothing_due():
    took = participation(CREW, [member(1, since=at(7, 8))], [], MONDAY, SUNDAY, at(10, 8))
    assert took == Participation(unasked=(1,))


def test_who_came_later_and_yet_checked_in_counts():
    took = participation(CREW, [member(1, since=at(9, 8))], [checkin(1)], MONDAY, SUNDAY, at(10, 8))
    assert took == Participation(checked_in=(1,))


def test_who_left_is_named_apart():
    took = participation(CREW, [member(1)], [checkin(7), checkin(5)], MONDAY, SUNDAY, at(10, 8))
    assert took == Participation(missed=(1,), left=(5, 7))


@given(DAYS, st.integers(0, 400), st.integers(0, 6))
def test_closing_days_are_all_the_days_of_that_weekday(first: date, length: int, weekday: int):
    last = first + timedelta(days=length)
    all_days = [first + timedelta(days=number) for number in range(length + 1)]
    assert closing_days(first, last, weekday) == [day for day in all_days if day.weekday() == weekday]


@given(
    st.lists(st.tuples(st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]), st.booleans()), max_size=12),
    st.integers(0, 14 * 24),
)
def test_everybody_is_counted_once(people: list[tuple[str, bool]], hours: int):
    members = [member(number, zone) for number, (zone, _) in enumerate(people, 1)]
    given_by = [checkin(number) for number, (_, gave) in enumerate(people, 1) if gave]
    now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)
    took = participation(CREW, members, given_by, MONDAY, SUNDAY, now)
    counted = (*took.checked_in, *took.missed, *took.waiting, *took.unasked)
    assert sorted(counted) == [one.id for one in members]
    assert len(took.checked_in) == len(given_by)
