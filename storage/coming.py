"""What comes next: on which nominal days a cadence opens in a zone, and from when to when on each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from storage.cadences import Cadence
from storage.civil import local_date, zone
from storage.recurrence import DAY

# Dates looked at before a cadence counts as one that never opens, such as one that closes before it opens.
MOST_DATES = 400


@dataclass(frozen=True)
class Span:
    """One occurrence in one zone: its nominal date and that of its close, and the instants of both.

    One that is under way is for those only who were `here_by` an instant. `over`: whoever it is for comes too late.
    """

    day: date
    due_at: datetime
    closes_on: date
    closes_at: datetime
    here_by: datetime | None = None
    over: bool = False

    def joined(self, at: datetime, window: int) -> Span:
        """The same for whoever comes at an instant: after its window of so many minutes, they are asked at once, and
        not at all after its close."""
        if at >= self.closes_at:
            return replace(self, over=True)
        return replace(self, due_at=at) if self.due_at + timedelta(minutes=window) < at else self


@dataclass(frozen=True)
class Before:
    """What a zone has had of a cadence.

    `last` is the newest date that has opened there. `promised` is the date that was to open next and `promised_at`
    when. `elsewhere` are the dates that other zones are at, each with when it opens in the last of them.
    """

    last: date | None = None
    promised: date | None = None
    promised_at: datetime | None = None
    elsewhere: Mapping[date, datetime] = field(default_factory=dict)


def spans(cadence: Cadence, zone_name: str, now: datetime, before: Before) -> Iterator[Span]:
    """The occurrences to come in a zone, in order; without end where the cadence has none.

    The first is one whose window has not passed, or one that was promised already: a change of the cadence drops
    nobody. A zone that is new takes part in what other zones are at. What is over by then is on record as missed: by
    itself, unless it has opened elsewhere, whose close sees to that.
    """
    where = zone(cadence.timing.zone or zone_name)
    start = local_date(now, where) - DAY
    awaited = before.elsewhere
    opened = {day for day, at in awaited.items() if at <= now}
    if before.promised and before.promised_at:
        start, awaited, opened = min(start, before.promised), {before.promised: before.promised_at}, set()
    if before.last:
        start = max(start, before.last + DAY)
    window = timedelta(minutes=cadence.timing.minutes)
    for found in _from(cadence, where, start):
        seen_to = found.day in opened and found.closes_at <= now
        if found.due_at + window > now or (found.day in awaited and not seen_to):
            yield _kept(found, awaited.get(found.day), now)
            yield from after(cadence, zone_name, found.day)
            return


def after(cadence: Cadence, zone_name: str, last: date) -> Iterator[Span]:
    """The occurrences that follow a date, in order, also those whose time has passed: what is missed is recorded."""
    return _from(cadence, zone(cadence.timing.zone or zone_name), last + DAY)


def _from(cadence: Cadence, where: ZoneInfo, first: date) -> Iterator[Span]:
    """The occurrences of all dates from this one on, without those that would close before they open."""
    timing = cadence.timing
    idle = 0
    for day, following in pairwise(chain(cadence.recurrence.from_day(first), (None,))):
        assert day is not None
        opens, closes, closes_on = timing.opens(day, where), timing.closes(day, where), timing.closes_on(day)
        if following:
            closes, closes_on = min(closes, timing.opens(following, where)), min(closes_on, following)
        if opens < closes:
            idle = 0
            yield Span(day, opens, closes_on, closes)
        elif (idle := idle + 1) == MOST_DATES:
            return


def _kept(found: Span, promised_at: datetime | None, now: datetime) -> Span:
    """An occurrence as it keeps its place: what was to open later opens now, not at a time that has passed."""
    if promised_at is None:
        return found
    due = max(found.due_at, min(promised_at, now.replace(microsecond=0)))
    return replace(found, due_at=due) if due < found.closes_at else found
