"""Measures: the closed formulas behind every figure we show. Standard library only, quick enough for a turn.

A share never stands alone: it comes with the number of people behind it and a 95 % interval. Intervals count people,
not answers, because several answers of one person say little more than one; where everybody answered once, the two are
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Literal, TypeAlias

# The standard normal quantile for 95 % in the middle.
Z95 = 1.959963984540054
# Below this many people in either period, two periods are not compared.
FEWEST_TO_COMPARE = 3

# Points of a scale -> how many of the upper ones are favourable: the published map of microsoft/vivaglint.
_FAVOURABLE_POINTS = {2: 1, 3: 1, 4: 1, 5: 2, 6: 3, 7: 2, 8: 3, 9: 3}

Verdict: TypeAlias = Literal["higher", "lower", "no clear difference", "cannot tell"]


@dataclass(frozen=True)
class Interval:
    """Both ends of an interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Reading:
    """What one scale question showed in one period: answers, the people behind them, their mean, and the share of
    favourable answers from 0 to 1. Mean and share are 0 where nobody answered."""

    answers: int = 0
    people: int = 0
    mean: float = 0.0
    share: float = 0.0

    @property
    def interval(self) -> Interval:
        """The Wilson 95 % interval of the favourable share."""
        return wilson(self.share, self.people)


def favourable_from(low: int, high: int) -> int:
    """The lowest favourable point of a scale: the upper two of five; of up to nine as the map says; else two fifths."""
    points = high - low + 1
    return high + 1 - _FAVOURABLE_POINTS.get(points, max(1, points * 2 // 5))


def read(scores: Sequence[float], people: int, low: int, high: int) -> Reading:
    """The reading of these scores, given by that many people on a scale from `low` to `high`."""
    if not scores:
        return Reading()
    bound = favourable_from(low, high)
    favourable = sum(score >= bound for score in scores)
    return Reading(len(scores), people, fmean(scores), favourable / len(scores))


def wilson(share: float, n: int, z: float = Z95) -> Interval:
    """The score interval of a share seen among `n`; from 0 to 1 where there is nobody.

    (p + z²/2n ± z·√(p(1 - p)/n + z²/4n²)) / (1 + z²/n): E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.
    """
    if n <= 0:
        return Interval(0.0, 1.0)
    square = z * z
    middle = share + square / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    low, high = (middle - reach) / (1 + square / n), (middle + reach) / (1 + square / n)
    # At 0 and 1 one end is the share itself; rounding must not put it on the wrong side.
    return Interval(max(0.0, min(low, share)), min(1.0, max(high, share)))


def difference(share: float, n: int, other: float, other_n: int, z: float = Z95) -> Interval:
    """The interval of `share` minus `other`, seen among two groups: the hybrid of both Wilson intervals.

    Method 10 of R. G. Newcombe, Stat. Med. 17 (1998) 873-890. Taken over the same people twice, it is rather too wide
    than too narrow when they tend to answer alike both times.
    """
    one, two = wilson(share, n, z), wilson(other, other_n, z)
    apart = share - other
    return Interval(
        apart - sqrt((share - one.low) ** 2 + (two.high - other) ** 2),
        apart + sqrt((one.high - share) ** 2 + (other - two.low) ** 2),
    )


def compare(now: Reading, before: Reading) -> Verdict:
    """Whether the favourable share moved between two periods.

    With fewer than three people in either, one cannot tell. Otherwise it is higher or lower only if the 95 % interval
    of the difference (`difference`) leaves out 0; in all other cases there is no clear difference.
    """
    if min(now.people, before.people) < FEWEST_TO_COMPARE:
        return "cannot tell"
    apart = difference(now.share, now.people, before.share, before.people)
    if apart.low > 0:
        return "higher"
    return "lower" if apart.high < 0 else "no clear difference"
