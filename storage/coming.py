"""What comes next: on which nominal days a cadence opens in a zone, and from when to when on each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, islice, pairwise
from zoneinfo import ZoneInfo

from storage.cadences import Cadence
from storage.civil import local_date, zone
from storage.recurrence import DAY

# Dates looked at before a cadence counts as one that never opens, such as one that closes before it opens.
MOST_DATES = 400


@dataclass(frozen=True)
class Span:
    """One occurrence in one zone: its nominal date and that of its close, and the instants of both."""

    day: date
    due_at: datetime
    closes_on: date
    closes_at: datetime


@dataclass(frozen=True)
class Before:
    """What a zone has had of a cadence.

    `last` is the newest date that has opened there and `closes_at` when it closes. `promised` is the date that was
    to open next and `promised_at` when. `under_way` are the dates that other zones are at.
    """

    last: date | None = None
    closes_at: datetime | None = None
    promised: date | None = None
    promised_at: datetime | None = None
    under_way: frozenset[date] = frozenset()


def spans(cadence: Cadence, zone_name: str, now: datetime, before: Before) -> Iterator[Span]:
    """The occurrences to come in a zone, in order; without end where the cadence has none.

    The first is one whose window has not passed, or one that was promised already: a change of the cadence drops
    nobody. A zone that is new takes part in what is under way elsewhere.
    """
    where = zone(cadence.timing.zone or zone_name)
    start = local_date(now, where) - DAY
    if before.last:
        start = max(start, before.last + DAY)
    window = timedelta(minutes=cadence.timing.minutes)

    def awaited(day: date, opens: datetime, closes: datetime) -> bool:
        joins = before.promised is None and day in before.under_way and closes > now
        return opens + window > now or day == before.promised or joins

    for day, following in _dates(cadence, start):
        found = _span(cadence, where, day, following, before, now)
        if found and awaited(day, cadence.timing.opens(day, where), found.closes_at):
            yield found
            yield from after(cadence, zone_name, found.day, found.closes_at)
            return


def after(cadence: Cadence, zone_name: str, last: date, closes_at: datetime) -> Iterator[Span]:
    """The occurrences that follow one, in order, whether their time has passed or not: what is missed is recorded."""
    where = zone(cadence.timing.zone or zone_name)
    while True:
        before = Before(last, closes_at)
        dates = _dates(cadence, last + DAY)
        found = next((one for pair in dates if (one := _span(cadence, where, *pair, before))), None)
        if found is None:
            return
        yield found
        last, closes_at = found.day, found.closes_at


def _dates(cadence: Cadence, first: date) -> Iterator[tuple[date, date | None]]:
    """Each date with the one that follows it."""
    for day, following in pairwise(chain(islice(cadence.recurrence.from_day(first), MOST_DATES), (None,))):
        assert day is not None
        yield day, following


def _span(
    cadence: Cadence,
    where: ZoneInfo,
    day: date,
    following: date | None,
    before: Before,
    now: datetime | None = None,
) -> Span | None:
    """The occurrence of a date; None where the one before it is open for too long, or nothing is left of it."""
    timing = cadence.timing
    opens, closes, closes_on = timing.opens(day, where), timing.closes(day, where), timing.closes_on(day)
    if following:
        closes, closes_on = min(closes, timing.opens(following, where)), min(closes_on, following)
    due = max(opens, before.closes_at or opens)
    late = due > opens + timedelta(minutes=cadence.most_late)
    if now and day == before.promised and before.promised_at:
        due = max(due, min(before.promised_at, now.replace(microsecond=0)))
    return None if late or due >= closes else Span(day, due, closes_on, closes)
