"""Days away, as screens: what is to come, days to add, and a calendar that tells of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.me.asked import Asked
from handlers.me.screens import BACK
from handlers.me.wording import days_away, moment
from handlers.screens import (
    Block,
    Button,
    Buttons,
    Confirm,
    DateInput,
    FileInput,
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
ENDING = "ics"
# A host with a name, its usual port, and no name or password before it.
ADDRESS = re.compile(r"https://((?:[\w-]+\.)+[^\W\d][\w-]*)(?::443)?(?:[/?]\S*)?", re.IGNORECASE)
TOLD = timedelta(days=1)
NO_FILES = (
    "The file itself cannot be sent here, as Soundings was not allowed to read files. Open it as text and paste that; "
)
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
    if kept.once:
        return line("You gave a calendar once, as a file" if kept.file else "You gave a calendar once")
    return line("An address at ", Said(host_of(kept.url) or "an unknown host"))


def host_of(address: str) -> str:
    """The host of a calendar's address; empty where this is no such address."""
    found = ADDRESS.fullmatch(address)
    return found[1] if found else ""


def _read(shown: Asked, kept: Calendar) -> str:
    if kept.read_at is None:
        return "It has not been read yet; that takes a few minutes."
    again = "" if kept.once else " It is read again by itself."
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


def told_of_file(shown: Asked) -> Line | None:
    """On the home, what became of a calendar that was given once, for a day after it was read."""
    kept = shown.calendar
    if kept is None or not kept.once or kept.read_at is None or shown.now - kept.read_at > TOLD:
        return None
    if kept.problem:
        return line("Your calendar could not be read: ", Said(kept.problem))
    found = sum(one.kind == "calendar" for one in shown.absences)
    if not found:
        return line("Your calendar was read. No days away to come were found in it.")
    what = "one absence" if found == 1 else f"{found:,} absences"
    return line(f"Your calendar was read: {what} to come. You are not asked then.")


@dataclass(frozen=True)
class CalendarFilled:
    """What stands in the form about a calendar. A file that was chosen stands there as long as the form does."""

    address: str = ""
    pasted: str = ""


def calendar_form(filled: CalendarFilled, *, takes_files: bool) -> Form:
    """A calendar, by its address, as a file where those may be read, or as text."""
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
        *([_file_input()] if takes_files else []),
        TextInput(
            "pasted",
            "Or the text of an .ics file",
            filled.pasted,
            long=True,
            required=False,
            hint=f"{'' if takes_files else NO_FILES}{MOST_PASTED:,} characters fit, which is about a dozen entries. "
            "It is read once.",
            most=MOST_PASTED,
        ),
        Small(line("A calendar takes the place of the one before.")),
        Buttons((TO_LIST,)),
    )
    return Form("me.save_calendar", "My calendar", body, submit="Save")


def _file_input() -> FileInput:
    return FileInput(
        "file",
        "Or an .ics file",
        (ENDING,),
        required=False,
        hint="Your calendar's settings can export one; up to 2 MB. It is read once, and only days are kept.",
    )
