"""What holds for the whole company: how kudos work, and when anybody is asked who did not choose otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.screens import Buttons, ChannelInput, ChoiceInput, Form, NumberInput, Option, Para, TextInput, Toggle
from handlers.setup.choices import DAYS, half_hours
from handlers.setup.overview import BACK
from handlers.text import line
from storage.kudos import CompanyValue
from storage.places import PLACES
from storage.workspaces import Settings


def kudos_form(settings: Settings, values: Sequence[CompanyValue]) -> Form:
    """How kudos work here."""
    return Form(
        "setup.save_kudos",
        "Kudos and values",
        (
            ChannelInput(
                "channel",
                "Channel for public kudos",
                settings.kudos_channel,
                required=False,
                hint="Invite Soundings to it.",
            ),
            NumberInput("least", "A message has at least (characters)", str(settings.kudos_least), whole=True),
            NumberInput("weekly", "Kudos a member can give in seven days", str(settings.kudos_weekly), whole=True),
            Toggle("guests", "Guests", "Guests can be thanked as well", settings.kudos_guests),
            TextInput(
                "values",
                "Company values, one a line",
                "\n".join(f"{one.name}: {one.says}" if one.says else one.name for one in values),
                long=True,
                required=False,
                hint="A name, and if you like a colon and what it means.",
            ),
            Buttons((BACK,)),
        ),
        submit="Save",
    )


def workspace_form(settings: Settings) -> Form:
    """What holds for everybody who has not told us otherwise."""
    start, _, end = (settings.quiet or "00:00-00:00").partition("-")
    return Form(
        "setup.save_workspace",
        "Time and prompts",
        (
            Para(line("For everybody who has not chosen otherwise under “About me and my data”.")),
            TextInput(
                "zone",
                "Time zone of people whose own is unknown",
                settings.zone,
                hint="A name such as Europe/Lisbon or America/New_York.",
                most=60,
            ),
            NumberInput(
                "budget",
                "Prompts that anybody gets in a week, at most",
                str(settings.budget),
                whole=True,
                hint="Of all cadences together, from 0 to 14. What does not fit is put off, and says so.",
            ),
            ChoiceInput(
                "working_days",
                "Working days",
                tuple(Option(str(number), day) for number, day in enumerate(DAYS)),
                tuple(str(number) for number, works in enumerate(settings.working_days) if works == "1"),
                many=True,
            ),
            ChoiceInput("quiet_from", "Nobody is asked from", _quiet_hours(start), (start,)),
            ChoiceInput(
                "quiet_to",
                "until",
                _quiet_hours(end),
                (end,),
                hint="Each member's own time. The same time twice: at any hour.",
            ),
            TextInput(
                "holidays",
                "Public holidays of",
                PLACES.get(settings.holidays, settings.holidays),
                required=False,
                hint="A country such as Portugal, or a region such as Bavaria or DE-BY. Empty: of no place.",
                most=80,
            ),
            Buttons((BACK,)),
        ),
        submit="Save",
    )


def _quiet_hours(chosen: str) -> tuple[Option, ...]:
    others = () if any(one.key == chosen for one in half_hours()) else (Option(chosen, chosen),)
    return (*half_hours(), *others)
