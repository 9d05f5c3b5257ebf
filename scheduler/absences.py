"""What calendars and holidays say of days: the one door to the libraries that know. Pure, and careful with bytes.

Which entries of a calendar mean that somebody is away, in this order:

1. A cancelled entry does not, nor one that is shown as free, tentative or working elsewhere.
2. One that is marked as out of office does.
3. A birthday or a day of working from home does not; one whose title says leave, holiday, vacation, out of office or
   the like, in one of a few languages, does.
4. Any other does if it takes whole days, is expressly marked as busy, and does not come round every year.

An entry with times counts for the days whose working hours it covers, from ten to four. Titles are looked at here and
kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from storage.absences import MOST_BYTES, Days
from storage.places import PLACES

if TYPE_CHECKING:
    from icalendar import Calendar

Entry: TypeAlias = Any  # what the library makes of an entry: any property of it may be anything
MOST_ENTRIES = 20_000
MOST_ABSENCES = 1_000
WORK_BEGINS, WORK_ENDS = time(10), time(16)

AWAY = re.compile(
    r"\b(?:vacations?|holidays?|annual leave|on leave|leave$|pto|ooo|out of (?:the )?office|(?:day|days|time) off|away"
    r"|sick|sabbatical|abwesend|abwesenheit|krank|elternzeit|feiertag|cong[eé]s?|vacances|absente?|absence|rtt"
    r"|vacaciones|ausente|ferie|assente|f[eé]rias|vakantie|verlof|afwezig|urlop|semester|loma)\b|urlaub|休暇|有給"
)
NOT_AWAY = re.compile(
    r"\b(?:birthdays?|anniversary|anniversaire|cumplea[nñ]os|compleanno|anivers[aá]rio|verjaardag|wfh|cancell?ed"
    r"|(?:work(?:ing)? from )home|home ?office|t[eé]l[eé]travail|abgesagt|annul[eé]e?)\b|geburtstag"
)
FREE = {"FREE", "TENTATIVE", "WORKINGELSEWHERE"}


class Unreadable(Exception):
    """This is no calendar that we can read; the sentence says why, to its owner."""


class UnknownPlace(Exception):
    """Nobody here knows the public holidays of this place."""


def holidays_of(place: str, first: date, last: date) -> dict[date, str]:
    """The public holidays of a place from one day to another, with the days on which they are made up for.

    Raises UnknownPlace.
    """
    if place not in PLACES:
        raise UnknownPlace(f"The public holidays of {place!r} are not known.")
    import holidays

    country, _, part = place.partition("-")
    years = range(first.year, last.year + 1)
    known = holidays.country_holidays(country, subdiv=part or None, years=years, language="en_US")
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}


def absences_in(text: bytes, zone: ZoneInfo, first: date, last: date) -> list[Days]:
    """The days between `first` and `last` on which the owner of a calendar is away, and which entry says so.

    `zone` is the owner's. An entry is named by a digest that tells nothing about it. Raises Unreadable for what is no
    calendar, and for one that is too large.
    """
    if len(text) > MOST_BYTES:
        raise Unreadable("This calendar is larger than 2 MB, which is more than Soundings reads.")
    try:
        found = sorted(set(_absences(_decoded(text), zone, first, last)))
    except Unreadable:
        raise
    except Exception as problem:  # whatever a library stumbles over in somebody's bytes is the same to their owner
        raise Unreadable("This calendar could not be read.") from problem
    if len(found) > MOST_ABSENCES:
        raise Unreadable("This calendar has more absences than Soundings reads.")
    return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return text.decode("windows-1252", "replace")


def _absences(text: str, zone: ZoneInfo, first: date, last: date) -> Iterator[Days]:
    import recurring_ical_events
    from icalendar import Calendar

    if "BEGIN:VCALENDAR" not in text.upper():
        raise Unreadable("This is not a calendar in the iCalendar format.")
    if "END:VCALENDAR" not in text.upper():
        raise Unreadable("The end of this calendar is missing.")  # and with it perhaps days away
    for series in _series(Calendar.from_ical(text, multiple=True)):
        try:
            comes = recurring_ical_events.of(series, keep_recurrence_attributes=True)
            # A day more at each end, for zones; the days themselves are cut below.
            entries = comes.between(first - timedelta(days=1), last + timedelta(days=2))
            found = [_days(entry, zone) for entry in entries if _means_away(entry)]
        except Exception:  # an entry that makes no sense spoils no other
            continue
        source = _source(series.subcomponents[0])
        for days in found:
            if days and max(days[0], first) <= min(days[1], last):
                yield max(days[0], first), min(days[1], last), source


def _series(calendars: list[Calendar]) -> Iterator[Calendar]:
    """The entries that belong together, as calendars of their own, where one of them may be an absence.

    Working out when something comes round takes long, so it is not done for everything.
    """
    from icalendar import Calendar

    entries: dict[str, list[Entry]] = {}
    for number, entry in enumerate(one for calendar in calendars for one in calendar.walk("VEVENT")):
        if number == MOST_ENTRIES:
            raise Unreadable("This calendar has more entries than Soundings reads.")
        entries.setdefault(_text(entry, "UID") or str(number), []).append(entry)
    for together in entries.values():
        if any(map(_may_be_away, together)) and not any(map(_rushes, together)):
            series = Calendar()
            series.subcomponents = together
            yield series


def _may_be_away(entry: Entry) -> bool:
    try:
        return _means_away(entry)
    except Exception:  # as above
        return False


def _means_away(entry: Entry) -> bool:
    shown = _word(entry, "X-MICROSOFT-CDO-BUSYSTATUS")
    if _word(entry, "STATUS") == "CANCELLED" or shown in FREE:
        return False
    if shown == "OOF":
        return True
    transparent = _word(entry, "TRANSP")
    title = _text(entry, "SUMMARY").casefold().strip()
    if transparent == "TRANSPARENT" or NOT_AWAY.search(title):
        return False
    if AWAY.search(title):
        return True
    busy = transparent == "OPAQUE" or shown == "BUSY"
    return busy and _takes_whole_days(entry) and "YEARLY" not in _frequencies(entry)


def _takes_whole_days(entry: Entry) -> bool:
    start = getattr(entry.get("DTSTART"), "dt", None)
    return isinstance(start, date) and not isinstance(start, datetime)


def _rushes(entry: Entry) -> bool:
    """Whether it comes round several times a day, which no absence does and which would never end."""
    often = {"HOURLY", "MINUTELY", "SECONDLY"} & _frequencies(entry)
    return bool(often) or any(part in rule for rule in _rules(entry) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))


def _frequencies(entry: Entry) -> set[str]:
    return {str(one).upper() for rule in _rules(entry) for one in _several(rule.get("FREQ", ()))}


def _rules(entry: Entry) -> list[Any]:
    return [rule for rule in _several(entry.get("RRULE", ())) if isinstance(rule, dict)]


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _days(entry: Entry, zone: ZoneInfo) -> tuple[date, date] | None:
    """The first and last day that an entry takes, or None where it takes none."""
    start, end = entry["DTSTART"].dt, entry["DTEND"].dt
    if not isinstance(start, datetime):
        # The end of whole days is the day after; some calendars write the same day.
        return start, max(start, end - timedelta(days=1))
    start, end = _local(start, zone), _local(end, zone)
    first = start.date() + timedelta(days=start.time() > WORK_BEGINS)
    last = end.date() - timedelta(days=end.time() < WORK_ENDS)
    return (first, last) if first <= last else None


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    # One without a zone means the clock on the owner's wall.
    return (at.astimezone(zone) if at.tzinfo else at).replace(tzinfo=None)


def _source(entry: Entry) -> str:
    return sha256(_text(entry, "UID").encode("utf-8", "replace")).hexdigest()[:24]


def _word(entry: Entry, name: str) -> str:
    return _text(entry, name).strip().upper()


def _text(entry: Entry, name: str) -> str:
    return next((str(one) for one in _several(entry.get(name, ""))), "")
