"""Recurrence: on which dates something comes round, and when it opens, reminds and closes on each. Pure.

Everything is said in nominal local dates and times of day; `storage.civil` alone makes instants of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from storage.civil import instant

LAST = -1
FAR_OFF = date(9000, 1, 1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Recurrence:
    """Every `every` weeks on some weekdays (0 is Monday); or, with `nth`, every `every` months on the nth of a weekday.

    `nth` is 1 to 4, or -1 for the last of the month. Weeks and months are counted from the one that holds `starts_on`.
    """

    starts_on: date
    weekdays: tuple[int, ...] = (3,)
    every: int = 1
    nth: int = 0
    ends_on: date | None = None

    def from_day(self, day: date) -> Iterator[date]:
        """All dates from this one on, in order; without end where the recurrence has none."""
        first = max(day, self.starts_on)
        dates = self._of_months(first) if self.nth else self._of_weeks(first)
        yield from takewhile(lambda found: found <= (self.ends_on or FAR_OFF), dates)

    def between(self, first: date, last: date) -> list[date]:
        """The dates from `first` to `last`, both included."""
        return list(takewhile(lambda found: found <= last, self.from_day(first)))

    def next_from(self, day: date) -> date | None:
        """The first date that is this one or later; None when there is none any more."""
        return next(self.from_day(day), None)

    def last_before(self, day: date) -> date | None:
        """The latest date before this one; None when there is none."""
        span = (WEEK if not self.nth else 35 * DAY) * (self.every + 1)
        return next(iter(reversed(self.between(day - span, day - DAY))), None)

    def _of_weeks(self, first: date) -> Iterator[date]:
        anchor = self.starts_on - self.starts_on.weekday() * DAY
        weeks = (first - anchor).days // 7
        week = anchor + (weeks - weeks % self.every) * WEEK
        while week < FAR_OFF:
            for weekday in sorted(self.weekdays):
                if (found := week + weekday * DAY) >= first:
                    yield found
            week += self.every * WEEK

    def _of_months(self, first: date) -> Iterator[date]:
        anchor = self.starts_on.year * 12 + self.starts_on.month - 1
        months = first.year * 12 + first.month - 1 - anchor
        month = anchor + months - months % self.every
        while month < FAR_OFF.year * 12:
            for found in sorted(_nth(month, weekday, self.nth) for weekday in self.weekdays):
                if found >= first:
                    yield found
            month += self.every


def _nth(month: int, weekday: int, nth: int) -> date:
    """The nth of a weekday in a month, counted in months from the year 0."""
    first = date(month // 12, month % 12 + 1, 1)
    if nth == LAST:
        following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        last = following - DAY
        return last - (last.weekday() - weekday) % 7 * DAY
    return first + (weekday - first.weekday()) % 7 * DAY + (nth - 1) * WEEK


@dataclass(frozen=True)
class Timing:
    """When an occurrence opens and closes, in times of day of each member's own zone, or of `zone` where one is named.

    It opens at `at`; with a window of so many `minutes`, each member at their own moment within it. It closes
    `closes_after` days later at `closes_at`. `nudges` are reminders of what is unanswered, spread evenly in between.
    """

    at: time = time(10)
    zone: str = ""
    minutes: int = 0
    closes_after: int = 1
    closes_at: time = time(18)
    nudges: int = 1

    def opens(self, day: date, where: ZoneInfo) -> datetime:
        """The instant, in UTC, at which the first prompts of this date are due."""
        return instant(day, self.at, where)

    def closes_on(self, day: date) -> date:
        """The nominal local date on which the occurrence of this date closes."""
        return day + self.closes_after * DAY

    def closes(self, day: date, where: ZoneInfo) -> datetime:
        """The instant, in UTC, at which the occurrence of this date closes."""
        return instant(self.closes_on(day), self.closes_at, where)


def evenly(first: datetime, last: datetime, count: int) -> tuple[datetime, ...]:
    """So many instants between two, as far from each other as from both."""
    return tuple(first + (last - first) * step / (count + 1) for step in range(1, count + 1))


@dataclass(frozen=True)
class Hours:
    """When somebody may be written to: within their working hours, and outside their quiet hours.

    Both are times of day; where both ends are the same there is no such limit. Either may run past midnight. Quiet
    hours that leave nothing of the working hours do not count.
    """

    works_from: time = time(0)
    works_to: time = time(0)
    quiet_from: time = time(0)
    quiet_to: time = time(0)

    def allow(self, at: time) -> bool:
        """Whether this time of day will do."""
        return self._works(at) and not (self._quiet(at) and self.leave_some)

    @property
    def leave_some(self) -> bool:
        """Whether the quiet hours leave any of the working hours."""
        # If they leave any, they leave where the one begins or the other ends.
        return any(self._works(one) and not self._quiet(one) for one in (self.works_from, self.quiet_to))

    def spans(self) -> tuple[tuple[time, time], ...]:
        """From when to when each time of day will do, the earliest first; nothing where every time does."""
        ends = sorted({self.works_from, self.works_to, self.quiet_from, self.quiet_to})
        changes = [
            at for before, at in zip((ends[-1], *ends), ends, strict=False) if self.allow(at) != self.allow(before)
        ]
        if changes and not self.allow(changes[0]):
            changes = [*changes[1:], changes[0]]
        return tuple(zip(changes[::2], changes[1::2], strict=True))

    def first_from(self, day: date, at: time) -> tuple[date, time]:
        """The first nominal date and time, from these on, that will do."""
        starts = sorted({at, self.works_from, self.quiet_to})
        moments = [(day + late * DAY, start) for late in (0, 1) for start in starts]
        return next(one for one in moments if one >= (day, at) and self.allow(one[1]))

    def _works(self, at: time) -> bool:
        return self.works_from == self.works_to or _within(at, self.works_from, self.works_to)

    def _quiet(self, at: time) -> bool:
        return self.quiet_from != self.quiet_to and _within(at, self.quiet_from, self.quiet_to)


def _within(at: time, first: time, last: time) -> bool:
    return first <= at < last if first <= last else at >= first or at < last
