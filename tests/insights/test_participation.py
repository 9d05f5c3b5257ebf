"""Who counts in a period, who is late and who is only waiting, wherever they live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from insights.participation import Participation, closing_days, participation
from storage.checkins import CheckIn
from storage.members import Member
from storage.prompts import AWAY, Prompt, PromptState
from storage.teams import Team

MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
CREW = Team(1, "Crew")  # closes on Friday at 18:00
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def member(number: int, zone: str = "UTC", since: datetime | None = None) -> Member:
    return Member(number, f"U{number}", f"Person {number}", ZoneInfo(zone), team_since=since)


def checkin(who: int, *, late: bool = False) -> CheckIn:
    closes = datetime(2026, 3, 6, 18, tzinfo=UTC)
    return CheckIn(who, who, 1, date(2026, 3, 6), closes, closes + timedelta(hours=1 if late else -1))


def prompt(who: int, state: PromptState, why: str = "", day: int = 6) -> Prompt:
    on = date(2026, 3, day)
    return Prompt(who, 1, who, on, on, "UTC", at(day, 9), at(day, 18), state, why)


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


def test_who_gave_it_late_is_named_as_late():
    took = participation(CREW, [member(1), member(2)], [checkin(1), checkin(2, late=True)], MONDAY, SUNDAY, at(6, 20))
    assert took == Participation(checked_in=(1, 2), late=(2,))


def test_who_was_away_did_not_keep_silent():
    crew = [member(number) for number in range(1, 4)]
    took = participation(CREW, crew, [checkin(3)], MONDAY, SUNDAY, at(7, 8), away={date(2026, 3, 6): {1, 3}})
    assert took == Participation(checked_in=(3,), missed=(2,), away=(1,))
    assert took.asked == 2


def test_who_was_away_one_time_of_two_is_measured_by_the_other():
    away = {date(2026, 3, 6): {1}}
    took = participation(CREW, [member(1)], [], MONDAY, date(2026, 3, 15), at(14, 8), away=away)
    assert took == Participation(missed=(1,))


def test_what_was_asked_is_known_from_the_prompts():
    asked = [
        prompt(1, "sent"),
        prompt(2, "skipped"),
        *(prompt(number, "left_out", why) for number, why in enumerate(AWAY, start=3)),
        prompt(7, "left_out", "unreachable"),
        prompt(8, "missed"),
        prompt(9, "put_off"),
        prompt(10, "left_out", "absent", day=3),
        prompt(10, "sent"),
    ]
    crew = [member(number) for number in range(1, 11)]
    took = participation(CREW, crew, [], MONDAY, SUNDAY, at(7, 8), asked)
    assert took == Participation(missed=(1, 2, 10), away=(3, 4, 5, 6), unasked=(7, 8, 9))
    took = participation(CREW, crew, [], MONDAY, SUNDAY, at(6, 12), asked)
    assert took == Participation(waiting=(1, 2, 9, 10), away=(3, 4, 5, 6), unasked=(7, 8))


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
