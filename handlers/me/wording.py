"""Times, days and spans in words, as the pages about oneself say them. Pure; always in the member's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage.absences import Absence
from storage.civil import span

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dated(day: date, today: date) -> str:
    """A date in words: "Friday 6 March"; with its year where that is another one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%A} {day.day} {day:%B}{year}"


def moment(at: datetime, where: ZoneInfo, now: datetime) -> str:
    """An instant as somebody in this zone reads it off the wall: "Friday 6 March, 10:00"."""
    local = at.astimezone(where)
    return f"{dated(local.date(), now.astimezone(where).date())}, {local:%H:%M}"


def days_of(week: str) -> str:
    """Working days in words: "Monday to Friday", "Monday, Wednesday and Thursday"."""
    chosen = [number for number, one in enumerate(week[: len(DAYS)]) if one == "1"]
    if not chosen:
        return "no day"
    if len(chosen) > 2 and chosen[-1] - chosen[0] + 1 == len(chosen):
        return f"{DAYS[chosen[0]]} to {DAYS[chosen[-1]]}"
    return listed([DAYS[one] for one in chosen])


def times_of(text: str, none: str) -> str:
    """A span such as "18:00-09:00" in words: "18:00 to 09:00"."""
    found = span(text)
    return f"{found[0]:%H:%M} to {found[1]:%H:%M}" if found else none


def days_away(absence: Absence, today: date) -> str:
    """The days of an absence in words: "Friday 6 March", "Friday 6 to Monday 9 March" in full."""
    first = dated(absence.first, today)
    if absence.last is None:
        return f"from {first} on, without an end"
    if absence.last == absence.first:
        return first
    return f"{first} to {dated(absence.last, today)}"


def back_on(absences: Sequence[Absence], today: date) -> date | None:
    """The last day of being away, where somebody is away today; None where they are not, or there is no end."""
    last, at = None, today
    for absence in absences:
        if absence.first <= at and absence.last is not None and absence.last >= at:
            last, at = absence.last, absence.last + timedelta(days=1)
    return last


def listed(parts: Sequence[str]) -> str:
    """Words in a row: "Monday, Wednesday and Friday"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
