"""Hours, as moments: when somebody is written to who keeps working days, working hours or quiet hours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from storage.civil import instant, span, zone
from storage.members import Member, Own
from storage.recurrence import Hours
from storage.workspaces import Settings

DAY_ZERO = date(2000, 1, 1)
ALL_DAYS = "1111111"
NO_LIMIT = (time(), time())


@dataclass(frozen=True)
class Kept:
    """The hours that some members keep, in the zone they are in; spans such as "09:00-17:30", or empty.

    `days` are seven characters, Monday first, "1" for a day on which they work. Whoever is on a journey is back in the
    zone `home` from `until` on, where that matters.
    """

    works: str
    quiet: str
    zone: str
    days: str = ALL_DAYS
    home: str = ""
    until: datetime | None = None

    def at(self, moment: datetime) -> Kept:
        """The hours they keep at an instant."""
        if self.until is None:
            return self
        return Kept(self.works, self.quiet, self.zone if moment < self.until else self.home, self.days)


def quiet_of(own: Own, settings: Settings) -> str:
    """The quiet hours that count for somebody: working hours of their own come before the workspace's quiet hours."""
    return own.quiet or ("" if span(own.works) else settings.quiet)


def kept_by(member: Member, settings: Settings) -> Kept:
    """The hours that a member keeps, where they are now; `storage.asking.hours_kept` says the same to the database."""
    days = member.own.working_days or settings.working_days
    return Kept(member.own.works, quiet_of(member.own, settings), member.zone.key, days)


@dataclass(frozen=True)
class Moved:
    """Whoever would be written to from `first` to `last` minutes after an instant is written to at `at` instead."""

    first: int
    last: int
    at: datetime


@lru_cache(maxsize=4096)
def moved(kept: Kept, due_at: datetime, window: int) -> tuple[Moved, ...]:
    """Which moments of so many minutes from an instant on these hours move, and where to; often none."""
    found: list[Moved] = []
    for minute in range(max(window, 1)):
        at = due_at + timedelta(minutes=minute)
        allowed = first_from(kept, at)
        if allowed == at:
            continue
        if found and (found[-1].last, found[-1].at) == (minute - 1, allowed):
            found[-1] = Moved(found[-1].first, minute, allowed)
        else:
            found.append(Moved(minute, minute, allowed))
    return tuple(found)


@lru_cache(maxsize=4096)
def first_on(kept: Kept, day: date, at: time) -> datetime:
    """The first instant, from this local date and time on, that these hours allow."""
    days, allowed = _allowed(kept.works, kept.quiet, at)
    return instant(_working_day(kept, day + timedelta(days)), allowed, zone(kept.zone))


def first_from(kept: Kept, at: datetime) -> datetime:
    """The first instant, from this one on, that these hours and days allow."""
    local = at.astimezone(zone(kept.zone))
    days, allowed = _allowed(kept.works, kept.quiet, local.time())
    day = _working_day(kept, local.date() + timedelta(days))
    if (day, allowed) == (local.date(), local.time()):
        return at
    return instant(day, allowed, zone(kept.zone))


def hours_of(works: str, quiet: str) -> Hours:
    """Working and quiet hours that are written as spans, or empty."""
    return Hours(*(span(works) or NO_LIMIT), *(span(quiet) or NO_LIMIT))


@lru_cache(maxsize=8192)
def _allowed(works: str, quiet: str, at: time) -> tuple[int, time]:
    """How many days later, and at what time of day, somebody may be written to first."""
    day, allowed = hours_of(works, quiet).first_from(DAY_ZERO, at)
    return (day - DAY_ZERO).days, allowed


def _working_day(kept: Kept, day: date) -> date:
    """The first day from this one on that is worked; the same where none ever is."""
    week = (day + timedelta(late) for late in range(7))
    return next((one for one in week if kept.days[one.weekday()] == "1"), day)
