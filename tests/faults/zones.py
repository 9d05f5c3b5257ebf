"""Every zone's changes of clock, and what a nominal date and time means there, said plainly from zoneinfo alone.

Written apart from `storage.civil` on purpose: two ways of saying the same thing, compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """A clock that is changed: the first instant of the new time, and how far ahead of UTC it was and is."""

    zone: ZoneInfo
    at: datetime
    before: timedelta
    after: timedelta


def offset(where: ZoneInfo, at: datetime) -> timedelta:
    """How far ahead of UTC clocks are there."""
    found = at.astimezone(where).utcoffset()
    assert found is not None
    return found


def changes(where: ZoneInfo) -> Iterator[Change]:
    """The changes of 2025 to 2027, found by looking at noon and midnight and then closer."""
    moments = [FIRST + number * DAY / 2 for number in range((LAST - FIRST).days * 2 + 1)]
    offsets = [offset(where, moment) for moment in moments]
    for (low, before), (high, after) in pairwise(zip(moments, offsets, strict=True)):
        if before != after:
            while high - low > SECOND:
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(where, middle) == before else (low, middle)
            yield Change(where, (high + SECOND / 2).replace(microsecond=0), before, after)


def meant(day: date, at: time, change: Change) -> datetime:
    """The instant of a date and time within a few days of a change: the first of two, or the first after the gap."""
    wanted = datetime.combine(day, at, UTC)
    exact = [
        wanted - ahead
        for ahead in (change.before, change.after)
        if (wanted - ahead).astimezone(change.zone).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    ]
    return min(exact, default=change.at)
