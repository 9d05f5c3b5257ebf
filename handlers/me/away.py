"""Days away, as screens: what is to come, days to add, and a calendar that tells of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from handlers.me.asked import Asked
from handlers.me.screens import BACK
from handlers.me.wording import days_away, moment
from handlers.screens import (
    Block,
    Button,
    Buttons,
    Confirm,
    DateInput,
    Form,
    Heading,
    Input,
    Para,
    Rule,
    Small,
    TextInput,
)
from handlers.text import Line, Said, Strong, line
from storage.absences import Absence, Calendar

MOST_ABSENCES = 30
MOST_ADDRESS = 2000
MOST_PASTED = 3000
# A host with a name, its usual port, and no name or password before it.
ADDRESS = re.compile(r"https://((?:[\w-]+\.)+[^\W\d][\w-]*)(?::443)?(?:[/?]\S*)?", re.IGNORECASE)
TO_LIST = Button("Back", "me.away", opens=True)


def page(shown: Asked, note: str = "") -> Form:
    """The days on which somebody is not asked, as far as they are to come."""
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    body.append(
        Para(line("On these days nobody asks you anything, and nobody counts you as silent. No reason is kept."))
    )
    if not shown.absences:
        body.append(Para(line("There are none to come.")))
    for one in shown.absences[:MOST_ABSENCES]:
        body += _absence(shown, one)
    if (more := len(shown.absences) - MOST_ABSENCES) > 0:
        body.append(Small(line(f"And {more} more, later than these.")))
    body += [
        Buttons((Button("Add days away", "me.add_absence", opens=True, style="primary"),)),
        Rule(),
        Heading("My calendar"),
        *_calendar(shown, shown.calendar),
        Buttons((BACK,)),
    ]
    return Form("me.shown", "Days away", tuple(body), submit="", close="Close")


def _absence(shown: Asked, one: Absence) -> list[Block]:
    days = days_away(one, shown.today)
    if one.kind == "calendar":
        return [Para(line(f"{days}, from your calendar"))]
    what = f"{days}, a pause of everything" if one.kind == "pause" else days
    remove = Button("Remove", "me.remove_absence", str(one.id), opens=True, describes=f"Remove {days}"[:75])
    return [Para(line(what)), Buttons((remove,))]


def _calendar(shown: Asked, kept: Calendar | None) -> list[Block]:
    if kept is None:
        return [
            Para(
                line(
                    "A calendar can tell of your days away, so that you need not enter them here. "
                    "Soundings keeps the days only, no titles and nothing else."
                )
            ),
            Buttons((Button("Use a calendar", "me.calendar", opens=True),)),
        ]
    confirm = Confirm("Remove this calendar?", "Its address and the days that came from it are forgotten.", "Remove")
    return [
        Para((*_which(kept), *line(". "), *line(_read(shown, kept)))),
        *([Para(line("The last look at it: ", Said(kept.problem)))] if kept.problem else []),
        Buttons(
            (
                Button("Use another calendar", "me.calendar", opens=True),
                Button("Remove calendar", "me.drop_calendar", opens=True, style="danger", confirm=confirm),
            )
        ),
    ]


def _which(kept: Calendar) -> Line:
    if not kept.url:
        return line("You pasted a calendar")
    return line("An address at ", Said(host_of(kept.url) or "an unknown host"))


def host_of(address: str) -> str:
    """The host of a calendar's address; empty where this is no such address."""
    found = ADDRESS.fullmatch(address)
    return found[1] if found else ""


def _read(shown: Asked, kept: Calendar) -> str:
    if kept.read_at is None:
        return "It has not been read yet; that takes a few minutes."
    again = " It is read again by itself." if kept.url else ""
    return f"It was read on {moment(kept.read_at, shown.member.zone, shown.now)}.{again}"


@dataclass(frozen=True)
class AbsenceFilled:
    """What stands in the form about days away."""

    first: date | None = None
    last: date | None = None


def absence_form(filled: AbsenceFilled) -> Form:
    """Days to be away: from a day to a day, or from today on."""
    body: tuple[Block | Input, ...] = (
        DateInput("first", "First day away", filled.first, required=False, hint="Left empty: today."),
        DateInput("last", "Last day away", filled.last, hint="You are asked again from the day after."),
        Small(line("Whatever is open on one of these days is not asked any more. You can still answer it.")),
        Buttons((TO_LIST,)),
    )
    return Form("me.save_absence", "Days away", body, submit="Save")


@dataclass(frozen=True)
class CalendarFilled:
    """What stands in the form about a calendar."""

    address: str = ""
    pasted: str = ""


def calendar_form(filled: CalendarFilled) -> Form:
    """A calendar, by its address or as text."""
    body: tuple[Block | Input, ...] = (
        Para(
            line(
                "Entries that say out of office, leave or holiday count as days away, and so do whole days that are "
                "marked as busy. Free and tentative ones do not. Titles are looked at for this and kept nowhere; "
                "the address is stored encrypted."
            )
        ),
        TextInput(
            "address",
            "Address of a calendar",
            filled.address,
            required=False,
            hint="Your calendar's settings offer a secret address that ends in .ics; it begins with https.",
            most=MOST_ADDRESS,
        ),
        TextInput(
            "pasted",
            "Or the text of an .ics file",
            filled.pasted,
            long=True,
            required=False,
            hint="Files cannot be sent here. Open the file as text and paste it; "
            f"{MOST_PASTED:,} characters fit, which is about a dozen entries. It is read once.",
            most=MOST_PASTED,
        ),
        Small(line("A calendar takes the place of the one before.")),
        Buttons((TO_LIST,)),
    )
    return Form("me.save_calendar", "My calendar", body, submit="Save")
