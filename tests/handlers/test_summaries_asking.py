"""Reading what followed `/team-summary`: team and period in any order, as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.feature import Refusal
from handlers.summaries.asking import EARLIEST, EXAMPLES, MOST_DAYS, Asked, read, week_of
from insights.digest import Period

WEDNESDAY = date(2026, 3, 4)
THIS = Period(date(2026, 3, 2), date(2026, 3, 8))
LAST = Period(date(2026, 2, 23), date(2026, 3, 1))
THIRTY = Period(date(2026, 2, 3), WEDNESDAY)
JANUARY = Period(date(2026, 1, 5), date(2026, 1, 16))


@pytest.mark.parametrize(
    ("text", "team", "period"),
    [
        ("", "", THIS),
        ("this week", "", THIS),
        ("  LAST   Week ", "", LAST),
        ("last 30 days", "", THIRTY),
        ("the last 30 days", "", THIRTY),
        ("last 1 day", "", Period(WEDNESDAY, WEDNESDAY)),
        ("2026-01-05 to 2026-01-16", "", JANUARY),
        ("2026-01-05..2026-01-16", "", JANUARY),
        ("from 2026-01-05 until 2026-01-16", "", JANUARY),
        ("2026-01-05 – 2026-01-16", "", JANUARY),
        ("2026-1-5-2026-1-16", "", JANUARY),
        ("2026-01-16 to 2026-01-05", "", JANUARY),
        ("2026-01-14", "", Period(date(2026, 1, 12), date(2026, 1, 18))),
        ("Platform", "Platform", THIS),
        ("Data and Design", "Data and Design", THIS),
        ("Data and Design last week", "Data and Design", LAST),
        ("last week Data and Design", "Data and Design", LAST),
        ("last week for Data and Design", "Data and Design", LAST),
        ("Data and Design, 2026-01-05 to 2026-01-16", "Data and Design", JANUARY),
        ("“Data and Design” last 30 days", "Data and Design", THIRTY),
        ("for real last week", "for real", LAST),
        ("this weekend", "this weekend", THIS),
        ("next week", "next week", THIS),
        ("last week this week", "this week", LAST),
    ],
)
def test_what_people_type(text: str, team: str, period: Period):
    assert read(text, WEDNESDAY, ["for real"]) == Asked(team, period)


@pytest.mark.parametrize("example", EXAMPLES)
def test_our_own_examples_are_read(example: str):
    assert read(example.removeprefix("/team-summary"), WEDNESDAY).team in ("", "Platform")


@given(st.text() | st.from_regex(r"(last \d{1,5} days|\d{4}-\d\d?-\d\d?(\.\.\d{4}-\d\d?-\d\d?)?) ?\w*", fullmatch=True))
def test_anything_typed_is_read_or_refused_kindly(text: str):
    with suppress(Refusal):
        asked = read(text, WEDNESDAY)
        assert 1 <= asked.period.days <= MOST_DAYS
        assert asked.period.last >= EARLIEST
        assert asked.period.first <= WEDNESDAY


@given(st.dates(EARLIEST, date(2100, 1, 1)))
def test_a_week_runs_from_monday_to_sunday(day: date):
    week = week_of(day)
    assert week.first <= day <= week.last
    assert (week.first.weekday(), week.last.weekday()) == (0, 6)
