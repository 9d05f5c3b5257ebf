"""The forms in which somebody changes when they are asked: zone and journey, days and hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from handlers.me.asked import Asked
from handlers.me.screens import BACK, zone_now
from handlers.me.wording import DAYS, days_of, times_of
from handlers.screens import Block, Buttons, ChoiceInput, DateInput, Form, Input, Option, Para, TextInput
from handlers.text import line
from storage.civil import local_date, zone
from storage.places import PLACES

FOLLOW = "-"
MOST_OWN_BUDGET = 20
ANY_TIME = (
    "to the same time: any time outside your quiet hours. A span chosen here outranks the workspace's quiet hours."
)


@dataclass(frozen=True)
class ZoneFilled:
    """What stands in the form about zone and journey."""

    zone: str = ""
    travel_zone: str = ""
    travel_until: date | None = None


def zone_filled(shown: Asked) -> ZoneFilled:
    """The form as it stands for somebody; a journey that is over is not in it."""
    own = shown.member.own
    if own.travel_until is None or own.travel_until <= shown.now:
        return ZoneFilled(own.zone)
    return ZoneFilled(
        own.zone, own.travel_zone, local_date(own.travel_until - timedelta(seconds=1), zone(own.travel_zone))
    )


def zone_form(shown: Asked, filled: ZoneFilled) -> Form:
    """Where somebody is, always and on a journey."""
    profile = shown.member.profile_zone
    follows = f"your profile ({profile})" if profile else f"the workspace ({shown.settings.zone})"
    body: tuple[Block | Input, ...] = (
        Para(line(f"You are asked in {zone_now(shown)}.")),
        TextInput(
            "zone",
            "My time zone",
            filled.zone,
            required=False,
            hint=f"A city, such as Lisbon, or a name such as Europe/Lisbon. Left empty, it follows {follows}.",
            most=80,
        ),
        TextInput(
            "travel_zone",
            "On a journey: the time zone there",
            filled.travel_zone,
            required=False,
            hint="Until the end of the day below, you are asked in this zone. Left empty, there is no journey.",
            most=80,
        ),
        DateInput("travel_until", "Last day there", filled.travel_until, required=False),
        Buttons((BACK,)),
    )
    return Form("me.save_zone", "Time zone and journey", body, submit="Save")


@dataclass(frozen=True)
class HoursFilled:
    """What stands in the form about days and hours; times are as "09:00", or the key that follows the workspace."""

    days: tuple[str, ...] = ()
    works: tuple[str, str] = (FOLLOW, FOLLOW)
    quiet: tuple[str, str] = (FOLLOW, FOLLOW)
    holidays: str = ""
    weekly: str = FOLLOW


def hours_filled(shown: Asked) -> HoursFilled:
    """The form as it stands for somebody."""
    own, budget = shown.member.own, shown.settings.budget
    return HoursFilled(
        tuple(str(number) for number, one in enumerate(own.working_days) if one == "1"),
        _ends(own.works),
        _ends(own.quiet),
        PLACES.get(own.holidays, own.holidays),
        # More than the workspace allows by now is as much as it allows.
        str(min(own.weekly_most, budget)) if own.weekly_most and budget else FOLLOW,
    )


def hours_form(shown: Asked, filled: HoursFilled) -> Form:
    """On which days and at what times somebody may be asked, and how often."""
    settings = shown.settings
    here = f"{PLACES.get(settings.holidays, settings.holidays)}" if settings.holidays else "none"
    body: tuple[Block | Input, ...] = (
        ChoiceInput(
            "days",
            "My working days",
            tuple(Option(str(number), day) for number, day in enumerate(DAYS)),
            filled.days,
            many=True,
            required=False,
            hint=f"With none ticked, as the workspace has it: {days_of(settings.working_days)}.",
        ),
        *_two_times("works", "My working hours", filled.works, "any time", ANY_TIME),
        *_two_times(
            "quiet", "My quiet hours", filled.quiet, times_of(settings.quiet, "none"), "to the same time: none."
        ),
        TextInput(
            "holidays",
            "My public holidays",
            filled.holidays,
            required=False,
            hint=f"A country or a part of one: Germany, Bavaria, DE-BY. Left empty, as the workspace has it: {here}.",
            most=80,
        ),
        ChoiceInput(
            "weekly",
            "Prompts in a week, at most",
            (
                Option(FOLLOW, f"As the workspace has it: {settings.budget}"),
                *(Option(str(one), str(one)) for one in range(1, min(settings.budget, MOST_OWN_BUDGET) + 1)),
            ),
            (filled.weekly,),
            hint="What does not fit into a week is put off.",
        ),
        Buttons((BACK,)),
    )
    return Form("me.save_hours", "Days and hours", body, submit="Save")


def _two_times(name: str, label: str, ends: tuple[str, str], workspace: str, same: str) -> tuple[ChoiceInput, ...]:
    follow = Option(FOLLOW, f"As the workspace has it: {workspace}")
    times = tuple(Option(f"{one:%H:%M}", f"{one:%H:%M}") for one in half_hours())
    return (
        ChoiceInput(f"{name}_from", f"{label}: from", (follow, *_with(times, ends[0])), (ends[0],)),
        ChoiceInput(
            f"{name}_to",
            f"{label}: to",
            (follow, *_with(times, ends[1])),
            (ends[1],),
            hint=f"They may run past midnight, as 22:00 to 06:00. From a time {same}",
        ),
    )


def _with(times: tuple[Option, ...], chosen: str) -> tuple[Option, ...]:
    """These times, and the chosen one where it is none of them."""
    known = {one.key for one in times} | {FOLLOW}
    return times if chosen in known else tuple(sorted((*times, Option(chosen, chosen)), key=lambda one: one.key))


def _ends(text: str) -> tuple[str, str]:
    return (text[:5], text[6:]) if text else (FOLLOW, FOLLOW)


def half_hours() -> tuple[time, ...]:
    """The times of day that are offered."""
    return tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
