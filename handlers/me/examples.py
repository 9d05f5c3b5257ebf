"""An example of every screen about oneself, the longest ones among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.me import about, away, forms, me, screens
from handlers.me.about import About, Held
from handlers.me.asked import Asked, Asking
from handlers.screens import Home, Screen
from handlers.text import Mention, Said, line
from storage.absences import Absence, Calendar
from storage.cadences import Audience, Cadence
from storage.members import Member, Own
from storage.recurrence import Recurrence, Timing
from storage.teams import Team
from storage.workspaces import Settings

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)
TODAY = AT.date()
LISBON, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Tokyo")
OWN = Own("Europe/Lisbon", "", None, "1110100", "22:00-06:15", "07:00-21:30", "DE-BY", 2)
JOURNEY = replace(OWN, travel_zone="Asia/Tokyo", travel_until=AT + timedelta(days=3))


@me.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature, with an example."""
    ana = Member(1, "U1", "Ana", LISBON, own=OWN, home_zone=LISBON, profile_zone="Europe/Berlin")
    bo = Member(2, "U2", "Bo", LISBON, home_zone=LISBON, profile_zone="Europe/Lisbon")
    plain = Asked(bo, Settings(), AT)
    chosen = Asked(ana, Settings(holidays="PT"), AT, 2, _asking(), _absences(3), Calendar(1, "https://c.example/x.ics"))
    travels = replace(chosen, member=replace(ana, zone=TOKYO, own=JOURNEY))
    gone = replace(plain, absences=(Absence(1, 2, TODAY, date(2027, 1, 4)),))
    full = replace(chosen, asking=_asking(40), absences=_absences(60))
    trouble = "The address could not be read: whoever keeps the calendar says that there is none (404)."
    read = Calendar(1, "https://calendar.example.com/ana/secret.ics", read_at=AT, problem=trouble)
    return {
        **_about(),
        "when asked": screens.page(chosen, "Your days and hours are saved."),
        "when asked, nothing chosen": screens.page(plain),
        "when asked, on a journey": screens.page(travels),
        "when asked, away": screens.page(gone),
        "when asked, as much as there can be": screens.page(full),
        "zone": forms.zone_form(plain, forms.zone_filled(plain)),
        "zone, on a journey": forms.zone_form(travels, forms.zone_filled(travels)),
        "hours": forms.hours_form(plain, forms.hours_filled(plain)),
        "hours, chosen": forms.hours_form(chosen, forms.hours_filled(chosen)),
        "away": away.page(chosen, "Saved. You are not asked on these days."),
        "away, nothing": away.page(plain),
        "away, as much as there can be": away.page(replace(full, calendar=read)),
        "away, a calendar pasted": away.page(replace(plain, calendar=Calendar(2, text="BEGIN:VCALENDAR"))),
        "add days away": away.absence_form(away.AbsenceFilled(TODAY, TODAY)),
        "away, a calendar's file": away.page(replace(plain, calendar=Calendar(2, file="https://files.example.com/1"))),
        "calendar": away.calendar_form(away.CalendarFilled(), takes_files=True),
        "calendar, no files": away.calendar_form(away.CalendarFilled(), takes_files=False),
        "home, away": Home(about.home_blocks(screens.home_line(gone))),
        **_homes(plain, chosen),
        "home": Home(about.home_blocks(screens.home_line(plain))),
    }


def _homes(plain: Asked, chosen: Asked) -> dict[str, Screen]:
    """What the home says of a calendar that was given once."""
    read = Calendar(2, read_at=AT)
    told = {
        "home, a calendar read": replace(chosen, calendar=read),
        "home, nothing in a calendar": replace(plain, calendar=read),
        "home, a calendar that cannot be read": replace(plain, calendar=replace(read, problem="This is no calendar.")),
    }
    return {
        name: Home(about.home_blocks(screens.home_line(one), away.told_of_file(one) or ()))
        for name, one in told.items()
    }


def _about() -> dict[str, Screen]:
    mo = Mention("U1", "Mo")
    crew = Team(3, "Crew", 7, "C1", "thread")
    held = Held(9, 2, 3, 4, 1, 26, 2, True)
    known = About("Ana Alves", LISBON, AT, held, crew, mo, admins=(Mention("U9", "Max"),))
    alone = About("Bo", ZoneInfo("UTC"), AT, Held(), told_of_kudos=False)
    return {"everything": about.form(known), "nothing yet": about.form(alone)}


def _asking(many: int = 1) -> tuple[Asking, ...]:
    weekly = Cadence(1, "Weekly check-in", Recurrence(TODAY), audience=Audience(teams=(3,)))
    window = replace(weekly, id=2, name="W" * 60, timing=Timing(minutes=120))
    crew = line("because you are in ", Said("Crew"))
    soon = AT + timedelta(days=1)
    return (
        Asking(weekly, crew, soon),
        Asking(window, line("because it is for everybody here"), AT + timedelta(days=4)),
        Asking(replace(weekly, id=3, name="Paused by me"), crew, None, Absence(1, 1, TODAY, None, "pause", 3)),
        Asking(
            replace(weekly, id=4, name="A week off"), crew, soon, Absence(2, 1, TODAY, date(2026, 3, 9), "pause", 4)
        ),
        Asking(replace(weekly, id=5, name="Paused for all", paused=True), crew),
        Asking(replace(weekly, id=6, name="Ended"), line("because you were added to it by name")),
        *(Asking(replace(window, id=number), crew, soon) for number in range(7, many)),
    )


def _absences(many: int) -> tuple[Absence, ...]:
    days = [TODAY + timedelta(days=14 * number) for number in range(1, many + 1)]
    kinds = ("away", "calendar", "pause")
    return tuple(
        Absence(number, 1, day, day + timedelta(days=number % 4), kinds[number % 3])  # type: ignore[arg-type]
        for number, day in enumerate(days)
    )
