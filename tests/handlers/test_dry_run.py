"""The dry run says who is asked what and when, who is left out and why, and what is worth knowing before saving."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from handlers.cadences.ahead import Ahead, dry_run, look_ahead, worth_knowing
from handlers.cadences.typed import Which
from handlers.plain import line_text, text
from handlers.text import Mention, line
from storage.cadences import Cadence
from storage.planning import Foreseen
from storage.recurrence import Recurrence, Timing

THURSDAY = date(2026, 3, 5)
TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
WEEKLY = Cadence(0, "Weekly", Recurrence(THURSDAY))
NAMES = {number: Mention(f"U{number}", f"Person {number}") for number in range(1, 30)}


def row(people: int = 1, members: tuple[int, ...] = (), **more: Any) -> Foreseen:
    """What is foreseen for some people of one zone."""
    told: dict[str, Any] = {
        "day": THURSDAY,
        "zone": "UTC",
        "due_at": TEN,
        "closes_at": TEN + timedelta(hours=32),
        "state": "waiting",
        "why": "",
        **more,
    }
    return Foreseen(**told, count=people, members=members)


def ahead(*rows: Foreseen, cadence: Cadence = WEEKLY, **more: Any) -> Ahead:
    people = more.pop("people", sum(one.count for one in rows))
    return Ahead(cadence, "Check-in questions", line("for everybody here"), people, rows, NAMES, **more)


def notes(shown: Ahead) -> str:
    return "\n".join(line_text(one) for one in worth_knowing(shown))


def test_each_day_says_how_many_people_of_which_zones_are_asked():
    said = text(
        dry_run(
            ahead(
                row(2, (1, 2)),
                row(1, (3,), zone="America/New_York", due_at=TEN + timedelta(hours=5)),
                row(4, day=THURSDAY + timedelta(days=7), due_at=TEN + timedelta(days=7)),
            ),
            Which(),
        )
    )
    assert "Thursday 5 March: 3 people are asked (@Person 1, @Person 2, @Person 3)" in said
    assert "UTC, Thursday 10:00: 2 people; for you 5 Mar 2026, 10:00 UTC, until 6 Mar 2026, 18:00 UTC" in said
    assert "America/New York, Thursday 10:00: 1 person; for you 5 Mar 2026, 15:00 UTC" in said
    assert "Thursday 12 March: 4 people are asked\n" in said
    assert "All messages of one moment are sent within a minute, at 300 a minute." in said


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("absent", "on leave"),
        ("holiday", "on a public holiday"),
        ("day_off", "not working that day"),
        ("paused", "pausing it"),
        ("unreachable", "out of reach for Soundings"),
        ("answered", "done with it beforehand"),
        ("something new", "for another reason"),
    ],
)
def test_whoever_is_left_out_is_told_with_the_reason_and_by_name_where_they_are_few(why: str, words: str):
    few = text(look_ahead(ahead(row(3), row(2, (1, 2), state="left_out", why=why))))
    assert f"Left out: 2 {words} (@Person 1, @Person 2)." in few
    many = text(look_ahead(ahead(row(3), row(11, tuple(range(1, 12)), state="left_out", why=why))))
    assert f"Left out: 11 {words}." in many
    first_few = text(look_ahead(ahead(row(3), row(7, (1, 2, 3, 4, 5), state="left_out", why=why))))
    assert f"Left out: 7 {words}." in first_few


def test_whoever_comes_too_late_for_it_is_among_those_left_out():
    shown = ahead(row(3), row(1, (7,), state="missed"))
    assert "Left out: 1 too late for it (@Person 7)." in text(look_ahead(shown))


def test_a_budget_that_is_used_up_is_said_at_the_top():
    monday, week_after = TEN + timedelta(days=4), TEN + timedelta(days=5)
    shown = ahead(row(3), row(1, (7,), state="put_off", due_at=monday, closes_at=week_after))
    assert "1 prompt does not fit into the week of whoever has as many as their budget allows (@Person 7)." in notes(
        shown
    )
    assert "on Home, where it can be answered, and comes on Monday if it is open still" in notes(shown)
    put_off = "Put off: 1 over their weekly budget (@Person 7). It stays on their Home"
    assert f"{put_off}, and comes on Monday if that week has room." in text(look_ahead(shown))
    # What has closed by Monday does not come then, and nobody's week has room where there is no budget.
    closed = ahead(row(3), row(1, (7,), state="put_off", due_at=TEN + timedelta(hours=32)))
    assert f"{put_off} until it closes." in text(look_ahead(closed))
    assert "Monday" not in text(look_ahead(replace(shown, budget=0)))


def test_whoever_may_not_be_written_to_before_the_close_is_not_taken_for_over_budget():
    shown = ahead(row(3), row(1, (7,), state="put_off", why="hours"))
    assert notes(shown) == (
        "On Thursday 5 March, it closes before the next hours in which 1 person may be written to (@Person 7). "
        "They get no message, and find it on Home."
    )
    assert "Left out: 1 not at work before it closes (@Person 7)." in text(look_ahead(shown))


def test_a_long_queue_is_worth_a_window():
    shown = ahead(row(6_000))
    assert "Sending takes about 20 minutes" in notes(shown)
    assert "“spread over 30 minutes”" in notes(shown)
    assert notes(ahead(row(3_000))) == ""
    assert "10 minutes, at 300 a minute" in text(look_ahead(ahead(row(3_000))))
    assert notes(ahead(row(6_000), rate=600)) == ""
    windowed = replace(WEEKLY, timing=Timing(minutes=30))
    assert notes(ahead(row(6_000), cadence=windowed)) == ""
    assert "spread over 30 minutes." in text(look_ahead(ahead(row(6_000), cadence=windowed)))
    assert "“spread over 2 hours”" in notes(ahead(row(30_000), cadence=windowed))
    assert notes(ahead(row(200_000), cadence=replace(WEEKLY, timing=Timing(minutes=240)))).endswith("than others.")


def test_people_of_two_zones_at_one_moment_are_one_queue():
    fixed = replace(WEEKLY, timing=Timing(zone="UTC"))
    assert "Sending takes about 14 minutes" in notes(ahead(row(2_000), row(2_000, zone="Europe/Lisbon"), cadence=fixed))


def test_people_in_quiet_hours_get_it_later_and_it_says_when():
    shown = ahead(row(3), row(2, due_at=TEN + timedelta(hours=23)))
    assert (
        "On Thursday 5 March, 2 people would be asked in their quiet hours or off work, and get it later: "
        "in UTC on Friday at 09:00, which is 6 Mar 2026, 09:00 UTC for you." in notes(shown)
    )
    assert (
        notes(ahead(row(3, due_at=TEN + timedelta(minutes=20)), cadence=replace(WEEKLY, timing=Timing(minutes=30))))
        == ""
    )


def test_nobody_is_said_too():
    nobody = text(dry_run(ahead(people=0, first_day=date(2026, 4, 9)), Which()))
    assert "Nobody is in this audience today." in nobody
    assert "Nobody is asked within these days. The first day is Thursday 9 April 2026." in nobody


def test_many_zones_are_not_all_listed():
    rows = [row(5, zone=f"Etc/GMT+{hour}", due_at=TEN + timedelta(hours=hour)) for hour in range(12)]
    said = text(look_ahead(ahead(*rows)))
    assert "Elsewhere: 20 people more, each in their own time" in said
