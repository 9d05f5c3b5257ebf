"""Reading what followed `/team-summary`: a team and a period, in either order, both optional."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.feature import Refusal
from insights.digest import Period

USAGE = "[team] [this week | last week | last 30 days | 2026-01-05 to 2026-01-16]"
EXAMPLES = (
    "/team-summary",
    "/team-summary last week",
    "/team-summary Platform last 30 days",
    "/team-summary 2026-01-05 to 2026-01-16",
)
EXAMPLE = "2026-01-05"
MOST_DAYS = 366
EARLIEST = date(2000, 1, 1)

_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_PERIOD = (
    r"(?:(?P<this>this\s+week)|(?P<past>last\s+week)|(?:the\s+)?last\s+(?P<days>\d{1,4})\s+days?"
    rf"|(?:from\s+)?(?P<first>{_DATE})(?:\s*(?:to|until|\.\.+|…|[-–—])\s*(?P<last>{_DATE}))?)"
)
_AT_START = re.compile(rf"^{_PERIOD}(?=$|[\s,;:])", re.IGNORECASE)
_AT_END = re.compile(rf"(?:^|(?<=[\s,;:])){_PERIOD}$", re.IGNORECASE)
_AROUND = " \t\n,;:.'\"“”‘’"


@dataclass(frozen=True)
class Asked:
    """What was asked for: the name of a team as it was typed, or nothing, and a period."""

    team: str
    period: Period


def read(text: str, today: date, teams: Iterable[str] = ()) -> Asked:
    """What this text asks for. `teams` are those the person manages: their names win where one looks like a period.

    Raises Refusal, with a way on, where the dates cannot be meant.
    """
    words = " ".join(text.split()).strip(_AROUND)
    names = {name.casefold() for name in teams}
    found = None if words.casefold() in names else _AT_START.search(words) or _AT_END.search(words)
    if found is None:
        return Asked(words, week_of(today))
    rest = f"{words[: found.start()]} {words[found.end() :]}".strip(_AROUND)
    if rest.casefold() not in names:
        rest = re.sub(r"^(?:for|of)\s+|\s+(?:for|from|in)$", "", rest, flags=re.IGNORECASE)
    return Asked(rest, _sensible(_period(found, today), today))


def week_of(day: date) -> Period:
    """The week, Monday to Sunday, that a day is in."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def _period(found: re.Match[str], today: date) -> Period:
    if found["this"]:
        return week_of(today)
    if found["past"]:
        return week_of(today - timedelta(days=7))
    if found["days"]:
        days = int(found["days"])
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(f"A summary covers from 1 to {MOST_DAYS} days. Try: /team-summary last 30 days")
        return Period(today - timedelta(days=days - 1), today)
    first = _date(found["first"])
    if not found["last"]:
        return week_of(first)
    return Period(*sorted((first, _date(found["last"]))))


def _date(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        found = date(year, month, day)
    except ValueError:
        raise Refusal(
            f"{text} is not in the calendar. Dates are written as year-month-day, such as {EXAMPLE}."
        ) from None
    if not EARLIEST <= found <= date(9000, 1, 1):
        raise Refusal(f"{text} is too far away. Dates are written as year-month-day, such as {EXAMPLE}.")
    return found


def _sensible(period: Period, today: date) -> Period:
    if period.first > today:
        raise Refusal("That period has not begun yet. Try: /team-summary this week")
    if period.days > MOST_DAYS:
        raise Refusal(f"A summary covers at most {MOST_DAYS} days. Please ask for a shorter period.")
    return period
