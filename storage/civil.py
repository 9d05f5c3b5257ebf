"""Civil time: what a local date and time of day mean as an instant. Pure; zoneinfo knows the zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone with this IANA name; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Whether this is the IANA name of a zone."""
    return name == "UTC" or zone(name).key != "UTC"


def instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """The instant, in UTC, of a nominal local date and time.

    A time that a clock change skips becomes the first valid instant after the gap; one that comes twice is the first.
    """
    local = datetime.combine(day, at, where)
    found = local.astimezone(UTC)
    if found.astimezone(where).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    # In a gap the two folds give the offsets before and after; the change itself lies between them.
    low, high = sorted((found, local.replace(fold=1).astimezone(UTC)))
    before = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(where).utcoffset() == before else (low, middle)
    return high.replace(microsecond=0)  # zones change on whole seconds


def local_date(at: datetime, where: ZoneInfo) -> date:
    """The date that people in this zone read off their calendars at that instant."""
    return at.astimezone(where).date()


def week_of(at: datetime, where: ZoneInfo) -> tuple[datetime, datetime]:
    """When the calendar week of an instant begins and ends in this zone, from Monday to Monday."""
    day = local_date(at, where)
    monday = day - timedelta(days=day.weekday())
    return instant(monday, time(), where), instant(monday + timedelta(weeks=1), time(), where)


def minutes(text: str) -> time | None:
    """The time of day written as "18:00", or None where this is none."""
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None


def span(text: str) -> tuple[time, time] | None:
    """The two times of day of a span such as "09:00-17:30"; None where there is none, or both are the same."""
    first, last = (minutes(part) for part in (text[:5], text[6:]))
    return None if first is None or last is None or first == last else (first, last)
