"""When a check-in closes: its occurrence is the nominal local date of the close. Pure; the clock is the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.civil import instant, local_date
from storage.teams import Team

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rhythm:
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
        day = local_date(now, self.zone) - timedelta(days=1)
        day += timedelta(days=(self.closes_on - day.weekday()) % 7)
        while self.close_of(day) <= now:
            day += WEEK
        return day


def rhythm_of(team: Team | None, zone: ZoneInfo) -> Rhythm:
    """The rhythm of a team for a member in this zone; Friday at 18:00 for somebody who is in no team."""
    return Rhythm(team.closes_on, team.closes_at, zone) if team else Rhythm(4, time(18), zone)


def named(day: date) -> str:
    """A date in words: "Friday 6 March"."""
    return f"{day:%A} {day.day} {day:%B}"
