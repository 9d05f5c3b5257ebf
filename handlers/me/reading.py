"""What the forms about oneself hold, read and checked. What will not do gets a sentence; nothing raises."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from handlers import zones
from handlers.interaction import File
from handlers.me.asked import Asked
from handlers.me.away import ENDING, MOST_ADDRESS, AbsenceFilled, CalendarFilled, host_of
from handlers.me.forms import FOLLOW, HoursFilled, ZoneFilled
from handlers.me.wording import DAYS, listed
from handlers.reading import Reader
from storage.absences import MOST_BYTES
from storage.civil import instant, local_date, minutes, zone
from storage.hours import hours_of
from storage.places import PLACES, find_place

LONGEST_JOURNEY = timedelta(days=366)
FARTHEST = timedelta(days=731)
LONGEST_BACK = timedelta(days=31)
DAY = timedelta(days=1)
NOT_KNOWN = "No time zone goes by this name here."
NO_TIME_LEFT = (
    "These quiet hours leave no time of your working hours. Please let one of the two begin or end elsewhere."
)
ANY_CITY = "Please name a larger city in it, such as Lisbon."


@dataclass(frozen=True)
class ZoneForm:
    """Zone and journey as somebody wants them; `chosen` goes by the names of `Own`."""

    filled: ZoneFilled
    chosen: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_zone(read: Reader, shown: Asked) -> ZoneForm:
    """Read the form about zone and journey."""
    filled = ZoneFilled(read.text("zone", most=80), read.text("travel_zone", most=80), read.date("travel_until"))
    own, there = _zone(read, "zone", filled.zone), _zone(read, "travel_zone", filled.travel_zone)
    until = _journey(read, filled, there, shown.now)
    chosen = {"zone": own, "travel_zone": there if until else "", "travel_until": until}
    return ZoneForm(filled, chosen, read.errors)


def _zone(read: Reader, name: str, text: str) -> str:
    if not text or name in read.errors:
        return ""
    found = zones.find(text)
    if not found.zone:
        read.errors[name] = f"{NOT_KNOWN} Did you mean {_or(found.near)}?" if found.near else f"{NOT_KNOWN} {ANY_CITY}"
    return found.zone


def _journey(read: Reader, filled: ZoneFilled, there: str, now: datetime) -> datetime | None:
    """The end of the last day of a journey, there; None where there is no journey, or one that will not do."""
    until = filled.travel_until
    if filled.travel_zone and until is None:
        read.errors.setdefault("travel_until", "Please say until which day you are there.")
    elif until and not filled.travel_zone:
        read.errors.setdefault("travel_zone", "Please say where you are then, or take the date away.")
    if until is None or not there:
        return None
    today = local_date(now, zone(there))
    if until < today:
        read.errors["travel_until"] = "That day is over there already. Please pick today or a later day."
    elif until - today > LONGEST_JOURNEY:
        read.errors["travel_until"] = "A journey lasts a year at most. For longer, choose it as your time zone above."
    else:
        return instant(until + DAY, time(0), zone(there))
    return None


@dataclass(frozen=True)
class HoursForm:
    """Days and hours as somebody wants them; `chosen` goes by the names of `Own`."""

    filled: HoursFilled
    chosen: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_hours(read: Reader, shown: Asked) -> HoursForm:
    """Read the form about days and hours."""
    days = tuple(one for one in read.choices("days") if one in {str(number) for number in range(len(DAYS))})
    filled = HoursFilled(
        days,
        _ends(read, "works"),
        _ends(read, "quiet"),
        read.text("holidays", most=80),
        read.choice("weekly") or FOLLOW,
    )
    chosen: dict[str, Any] = {
        "working_days": "".join("1" if str(number) in days else "0" for number in range(len(DAYS))) if days else "",
        "works": _span(read, "works", filled.works),
        "quiet": _span(read, "quiet", filled.quiet),
        "holidays": _place(read, filled.holidays),
        "weekly_most": _weekly(read, filled.weekly, shown.settings.budget),
    }
    if not hours_of(chosen["works"], chosen["quiet"]).leave_some:
        read.errors["quiet_from"] = NO_TIME_LEFT
    return HoursForm(filled, chosen, read.errors)


def _ends(read: Reader, name: str) -> tuple[str, str]:
    first, last = (read.choice(f"{name}_{end}") for end in ("from", "to"))
    return _time(first), _time(last)


def _time(text: str) -> str:
    at = minutes(text)
    return f"{at:%H:%M}" if at else FOLLOW


def _span(read: Reader, name: str, ends: tuple[str, str]) -> str:
    if ends == (FOLLOW, FOLLOW):
        return ""
    if FOLLOW in ends:
        missing = "from" if ends[0] == FOLLOW else "to"
        read.errors[f"{name}_{missing}"] = "Please pick both times, or let both follow the workspace."
        return ""
    return f"{ends[0]}-{ends[1]}"


def _place(read: Reader, text: str) -> str:
    if not text or "holidays" in read.errors:
        return ""
    found = find_place(text)
    if found is None:
        near = get_close_matches(text.title(), set(PLACES.values()), n=3, cutoff=0.6)
        more = f"Did you mean {_or(near)}?" if near else "Please write a country, such as Germany, or a code: DE-BY."
        read.errors["holidays"] = f"No place of this name is known here, or several are. {more}"
    return found or ""


def _weekly(read: Reader, text: str, budget: int) -> int | None:
    if text == FOLLOW:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 0 < int(text) <= budget):
        read.errors["weekly"] = f"Please pick a number from 1 to {budget}, or follow the workspace."
        return None
    return int(text)


@dataclass(frozen=True)
class AbsenceForm:
    """Days away as somebody wants them, both ends included."""

    filled: AbsenceFilled
    first: date
    last: date
    errors: dict[str, str] = field(default_factory=dict)


def read_absence(read: Reader, today: date) -> AbsenceForm:
    """Read the form about days away."""
    filled = AbsenceFilled(read.date("first"), read.date("last"))
    first = filled.first or today
    last = filled.last or first
    if first < today - LONGEST_BACK:
        read.errors["first"] = "Days away can begin up to 31 days ago."
    elif first > today + FARTHEST:
        read.errors["first"] = "That is more than two years from now. Please add it later."
    if filled.last is None:
        read.errors.setdefault("last", "Please pick the last day.")
    elif last < first:
        read.errors["last"] = "This is before the first day. Please pick that day or a later one."
    elif last < today:
        read.errors["last"] = "These days are over already. Please pick today or a later day."
    elif last > today + FARTHEST:
        read.errors["last"] = "That is more than two years from now. Please pick an earlier day."
    return AbsenceForm(filled, first, last, read.errors)


@dataclass(frozen=True)
class CalendarForm:
    """A calendar as somebody wants it: an address, a file, or text."""

    filled: CalendarFilled
    address: str = ""
    file: File | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_calendar(read: Reader) -> CalendarForm:
    """Read the form about a calendar."""
    filled = CalendarFilled(read.text("address", most=MOST_ADDRESS), read.text("pasted"))
    address, file = _address(read, filled.address), read.file("file")
    if file and (problem := _problem(file)):
        read.errors["file"] = problem
    fields = {"address": filled.address, "file": file, "pasted": filled.pasted}
    given = [name for name, value in fields.items() if value]
    if len(given) > 1:
        read.errors.setdefault(given[-1], "Please give one of these alone; one calendar is kept.")
    elif not given:
        read.errors["address"] = "Please give an address, or what stands in a file below."
    elif filled.pasted and "BEGIN:VCALENDAR" not in filled.pasted.upper():
        read.errors.setdefault("pasted", "This is no calendar; the text of one begins with BEGIN:VCALENDAR.")
    elif filled.pasted and "END:VCALENDAR" not in filled.pasted.upper():
        read.errors.setdefault(
            "pasted", "The end of the calendar is missing. Please paste all of it, or fewer entries."
        )
    return CalendarForm(filled, address, file, read.errors)


def _problem(file: File) -> str:
    """Why this file cannot be a calendar that we read; empty where it can."""
    if not file.name.casefold().endswith(f".{ENDING}") and file.kind != "text/calendar":
        return "This is no calendar. The file that a calendar exports has a name that ends in .ics."
    if not file.size:
        return "This file is empty. Please export it again, and choose the new one."
    if file.size > MOST_BYTES:
        return "This file is larger than 2 MB. Please export fewer months, or give the address above."
    if not file.address:
        return "This file is kept elsewhere. Please choose one from your own device, or paste its text below."
    return ""


def _address(read: Reader, text: str) -> str:
    if not text or "address" in read.errors:
        return ""
    # What calendars call webcal is the same address, read by https.
    address = "https" + text[6:] if text.casefold().startswith("webcal:") else text
    if not address.casefold().startswith("https:"):
        read.errors["address"] = "Please give an address that begins with https, so that nobody can read along."
    elif not host_of(address):
        read.errors["address"] = "This is no address of a calendar. Please copy all of it, without a name or password."
    return address


def _or(names: Any) -> str:
    return listed(tuple(names)).replace(" and ", " or ")
