"""Measures against worked examples from the papers that gave the formulas, and properties that must always hold."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.measures import Interval, Reading, compare, difference, favourable_from, read, wilson

SHARES = st.tuples(st.integers(1, 500), st.integers(0, 500)).map(lambda pair: (min(pair), max(pair)))


def as_written(share: float, n: int) -> tuple[float, float]:
    """Both roots of (p - share)² = z² p (1 - p) / n, which is what Wilson's interval means."""
    square = 3.8414588206941236 / n
    a, b, c = 1 + square, -(2 * share + square), share * share
    reach = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - reach) / (2 * a), (-b + reach) / (2 * a)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(hits: int, n: int, low: float, high: float):
    found = wilson(hits / n, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert (found.low, found.high) == pytest.approx(as_written(hits / n, n), abs=1e-12)


@pytest.mark.parametrize(
    ("one", "n", "two", "m", "low", "high"),
    # Newcombe, Stat. Med. 17 (1998) 873-890, table II, method 10.
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_differences_as_published(one: int, n: int, two: int, m: int, low: float, high: float):
    found = difference(one / n, n, two / m, m)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(SHARES)
def test_the_interval_holds_the_share_and_stays_within_bounds(pair: tuple[int, int]):
    hits, n = pair[0], max(pair[1], 1)
    hits = min(hits, n)
    found = wilson(hits / n, n)
    assert 0 <= found.low <= hits / n <= found.high <= 1
    assert (found.low, found.high) == pytest.approx(as_written(hits / n, n), abs=1e-9)


@given(SHARES, st.integers(2, 20))
def test_more_people_narrow_the_interval(pair: tuple[int, int], times: int):
    hits, n = min(pair), max(pair)
    few, many = wilson(hits / n, n), wilson(hits / n, n * times)
    assert many.high - many.low < few.high - few.low


@given(SHARES, SHARES)
def test_a_difference_turned_round_is_its_mirror(one: tuple[int, int], two: tuple[int, int]):
    there = difference(one[0] / one[1], one[1], two[0] / two[1], two[1])
    back = difference(two[0] / two[1], two[1], one[0] / one[1], one[1])
    assert there.low == pytest.approx(-back.high)
    assert there.low <= one[0] / one[1] - two[0] / two[1] <= there.high
    assert there.low >= -1 - 1e-9
    assert there.high <= 1 + 1e-9


def test_of_nobody_everything_is_possible():
    assert wilson(0, 0) == Interval(0, 1)
    assert Reading().interval == Interval(0, 1)
    assert read([], 0, 1, 5) == Reading()


@pytest.mark.parametrize(
    ("low", "high", "bound"),
    [(1, 2, 2), (1, 3, 3), (1, 4, 4), (1, 5, 4), (0, 4, 3), (1, 6, 4), (1, 7, 6), (1, 8, 6), (1, 9, 7), (1, 10, 7)],
)
def test_what_is_favourable(low: int, high: int, bound: int):
    assert favourable_from(low, high) == bound


@given(st.integers(-5, 5), st.integers(1, 99))
def test_the_favourable_points_are_on_the_scale(low: int, more: int):
    assert low < favourable_from(low, low + more) <= low + more


def test_a_reading():
    assert read([5, 4, 3, 1], 3, 1, 5) == Reading(answers=4, people=3, mean=3.25, share=0.5)


def test_somebody_who_answers_often_is_still_one_person():
    once, often = read([5, 5, 1], 3, 1, 5), read([5, 5, 1] * 10, 3, 1, 5)
    assert often.interval == once.interval


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        (Reading(2, 2, 5, 1.0), Reading(90, 90, 1, 0.0), "cannot tell"),
        (Reading(90, 90, 5, 1.0), Reading(2, 2, 1, 0.0), "cannot tell"),
        (Reading(90, 2, 5, 1.0), Reading(90, 90, 1, 0.0), "cannot tell"),
        (Reading(3, 3, 5, 1.0), Reading(3, 3, 1, 0.0), "higher"),
        (Reading(3, 3, 5, 2 / 3), Reading(3, 3, 1, 0.0), "no clear difference"),
        (Reading(70, 70, 4, 0.8), Reading(80, 80, 3, 0.6), "higher"),
        (Reading(80, 80, 3, 0.6), Reading(70, 70, 4, 0.8), "lower"),
        (Reading(56, 56, 2, 5 / 56), Reading(29, 29, 1, 0.0), "no clear difference"),
    ],
)
def test_the_verdict(now: Reading, before: Reading, verdict: str):
    assert compare(now, before) == verdict
