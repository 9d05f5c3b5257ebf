"""Cadences in words: when they come round, when they open and close, and whom they are for.

Everything but the audience is pure. Weekdays are counted from Monday, which is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.text import Line, Said, count, joined, line
from handlers.turn import mention
from storage.cadences import Audience, Cadence
from storage.civil import local_date, zone
from storage.members import Member
from storage.recurrence import Recurrence, Timing
from storage.store import Store

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
REMINDERS = {0: "no reminder", 1: "one reminder", 2: "two reminders"}
MOST_NAMED = 5


def whole(cadence: Cadence) -> str:
    """When a cadence asks, as one sentence without its full stop."""
    return f"{dates(cadence.recurrence)} {times(cadence.recurrence, cadence.timing)}"


def dates(recurrence: Recurrence) -> str:
    """On which dates: "Every Thursday", "Every 2 weeks on Monday and Friday", "On the last Friday of every month"."""
    named = [DAYS[one] for one in sorted(set(recurrence.weekdays))]
    if recurrence.nth:
        each = listed([f"the {ORDINALS[recurrence.nth]} {day}" for day in named])
        return f"On {each} of {'every month' if recurrence.every == 1 else f'every {recurrence.every} months'}"
    if recurrence.every == 1:
        return f"Every {listed(named)}"
    return f"Every {recurrence.every} weeks on {listed(named)}"


def times(recurrence: Recurrence, timing: Timing) -> str:
    """From when to when: "at 10:00, each member's own time; closes Friday 18:00; one reminder"."""
    return f"{opens(timing)}, {whose(timing)}; closes {closes(recurrence, timing)}; {REMINDERS[timing.nudges]}"


def opens(timing: Timing) -> str:
    """At what time of day: "at 10:00", or "between 10:00 and 12:00" with a window."""
    if not timing.minutes:
        return f"at {timing.at:%H:%M}"
    end = datetime.combine(date.min, timing.at) + timedelta(minutes=timing.minutes)
    return f"between {timing.at:%H:%M} and {end:%H:%M}"


def whose(timing: Timing) -> str:
    """By whose clock."""
    return f"{timing.zone} time" if timing.zone else "each member's own time"


def closes(recurrence: Recurrence, timing: Timing) -> str:
    """When it closes, by its weekday where that is always the same: "Friday 18:00", "2 days later at 18:00"."""
    at, after = f"{timing.closes_at:%H:%M}", timing.closes_after
    if after == 0:
        return f"the same day at {at}"
    if len(set(recurrence.weekdays)) == 1 and after < len(DAYS):
        return f"{DAYS[(recurrence.weekdays[0] + after) % len(DAYS)]} {at}"
    return f"the next day at {at}" if after == 1 else f"{after} days later at {at}"


def dated(day: date) -> str:
    """A date in words, with its year: "6 March 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def listed(parts: Sequence[str]) -> str:
    """Words in a row: "Monday, Wednesday and Friday"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def next_opening(cadence: Cadence, now: datetime, where: ZoneInfo) -> datetime | None:
    """The next instant, in UTC, at which it asks somebody who is in this zone; None where it never does again."""
    zone_of = zone(cadence.timing.zone) if cadence.timing.zone else where
    for day in cadence.recurrence.from_day(local_date(now, zone_of)):
        if (at := cadence.timing.opens(day, zone_of)) > now:
            return at
    return None


def audience_line(store: Store, audience: Audience) -> Line:
    """For whom: "everybody here, without @Dee", "Crew, @Ana"."""
    who: list[Line] = [line("everybody here")] if audience.everybody else []
    for team_id in audience.teams:
        team = store.teams.by_id(team_id)
        who.append(line(Said(team.name)) if team else line("a team that was removed"))
    who += _people(store, audience.members)
    found = (*line("for "), *joined(_few(who))) if who else line("for nobody")
    without = _people(store, audience.without)
    return (*found, *line(", without "), *joined(_few(without))) if without else found


def named_singly(store: Store, audience: Audience) -> dict[int, Member]:
    """Whom an audience names one by one, by id, without those whose whole team it asks."""
    if audience.everybody:
        return {}
    found = store.members.by_ids(set(audience.members) - set(audience.without))
    return {key: one for key, one in found.items() if one.team_id not in audience.teams}


def asks_team(cadence: Cadence, team_id: int) -> bool:
    """Whether a cadence is for this team, or for everybody."""
    return cadence.audience.everybody or team_id in cadence.audience.teams


def _people(store: Store, ids: tuple[int, ...]) -> list[Line]:
    known = store.members.by_ids(ids)
    return [line(mention(one)) for one in sorted(known.values(), key=lambda one: one.name)]


def _few(parts: list[Line]) -> list[Line]:
    more = len(parts) - MOST_NAMED
    return [*parts[:MOST_NAMED], line(f"{count(more, 'other')}")] if more > 1 else parts
