"""For how long a platform has refused to say whether something arrived: counted in seconds, not read off a clock."""

from __future__ import annotations

from datetime import timedelta

from scheduler.pace import LanePace, Pace
from storage.clock import SetClock
from tests.databases import MONDAY


def test_refusals_count_from_the_first_of_them_until_the_platform_answers() -> None:
    clock = SetClock(MONDAY)
    pace = LanePace(Pace(), clock)
    assert pace.refuse_lookup() == 0
    for minute in range(1, 10):
        clock.move(timedelta(minutes=1))
        assert pace.refuse_lookup() == minute * 60
    pace.allow_lookup()
    assert pace.refuse_lookup() == 0


def test_a_refusal_of_long_ago_does_not_count() -> None:
    clock = SetClock(MONDAY)
    pace = LanePace(Pace(), clock)
    pace.refuse_lookup()
    clock.move(timedelta(hours=8))
    assert pace.refuse_lookup() == 0
