"""When a check-in closes: its occurrence is the nominal local date of the close. Pure; the clock is the caller's.

A member in the audience of a cadence follows that cadence; everybody else their team's weekly close.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from storage.cadences import Cadence, covers
from storage.civil import instant, local_date, zone
from storage.members import Member
from storage.recurrence import Recurrence, Timing
from storage.teams import Team

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Weekly:
    """A weekly close: a weekday (0 is Monday) and a time of day, in one member's zone."""

    closes_on: int
    closes_at: time
    zone: ZoneInfo

    def close_of(self, day: date) -> datetime:
        """The instant, in UTC, at which the check-in of this nominal date closes."""
        return instant(day, self.closes_at, self.zone)

    def next_after(self, now: datetime) -> date:
        """The nominal date of the first close after this instant."""
        # A clock change can carry a close over midnight, so the search begins a day early.
        day = local_date(now, self.zone) - DAY
        day += timedelta(days=(self.closes_on - day.weekday()) % 7)
        while self.close_of(day) <= now:
            day += WEEK
        return day

    def before(self, day: date) -> date:
        """The nominal date of the close before this one."""
        return day - WEEK


@dataclass(frozen=True)
class OnCadence:
    """The closes of a cadence, for one member in this zone."""

    recurrence: Recurrence
    timing: Timing
    zone: ZoneInfo

    def close_of(self, day: date) -> datetime:
        """The instant, in UTC, at which the check-in of this nominal date closes."""
        return instant(day, self.timing.closes_at, self.zone)

    def next_after(self, now: datetime) -> date | None:
        """The nominal date of the first close after this instant; None once the cadence has ended."""
        first = local_date(now, self.zone) - self.timing.closes_after * DAY - DAY
        closes = (self.timing.closes_on(day) for day in self.recurrence.from_day(first))
        return next((day for day in closes if self.close_of(day) > now), None)

    def before(self, day: date) -> date | None:
        """The nominal date of the close before this one; None where this is the first."""
        opened = self.recurrence.last_before(day - self.timing.closes_after * DAY)
        return self.timing.closes_on(opened) if opened else None


Rhythm: TypeAlias = Weekly | OnCadence


def rhythm_of(team: Team | None, where: ZoneInfo) -> Weekly:
    """The rhythm of a team for a member in this zone; Friday at 18:00 for somebody who is in no team."""
    return Weekly(team.closes_on, team.closes_at, where) if team else Weekly(4, time(18), where)


def follows(member: Member, team: Team | None, cadences: Iterable[Cadence], now: datetime) -> Rhythm:
    """The rhythm that a member follows: of the cadence that asks them and closes first, or else of their team."""
    theirs = (one for one in cadences if not one.paused and covers(one.audience, member))
    begun = (one for one in theirs if one.recurrence.starts_on <= local_date(now, member.zone))
    rhythms = [on_cadence(one, member.zone) for one in begun]
    closes = [(rhythm.close_of(day), rhythm) for rhythm in rhythms if (day := rhythm.next_after(now))]
    return min(closes, key=lambda one: one[0])[1] if closes else rhythm_of(team, member.zone)


def on_cadence(cadence: Cadence, where: ZoneInfo) -> OnCadence:
    """The rhythm of a cadence for a member in this zone, or in the cadence's own."""
    timing = cadence.timing
    return OnCadence(cadence.recurrence, timing, zone(timing.zone) if timing.zone else where)
