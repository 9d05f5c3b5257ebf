"""The form of a team: whose it is, who is in it, where its check-ins are shown and when they close."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.screens import (
    Block,
    Button,
    Buttons,
    ChannelInput,
    ChoiceInput,
    Confirm,
    Form,
    Input,
    Option,
    PeopleInput,
    Small,
    TextInput,
)
from handlers.setup.choices import DAYS, SHARES, half_hours
from handlers.setup.overview import BACK
from handlers.text import Line, Said, line
from storage.teams import Team


def team_form(team: Team, manager: str, members: Sequence[str], *, admin: bool, asked: Sequence[str] = ()) -> Form:
    """A team to make (its id is 0) or to change; `asked` says which cadences ask it."""
    body: list[Block | Input] = [
        TextInput("name", "Name of the team", value=team.name, most=60),
        PeopleInput("manager", "Manager", (manager,) if manager else (), hint="The team's summaries go to them."),
        PeopleInput("members", "Members", tuple(members), many=True, hint="Somebody is in one team at a time."),
        ChoiceInput(
            "share",
            "Where check-ins are shown",
            tuple(Option(key, label) for key, label in SHARES.items()),
            (team.share,),
        ),
        ChannelInput(
            "channel", "Channel of the team", team.channel, required=False, hint="Invite Soundings to it as well."
        ),
        ChoiceInput(
            "closes_on",
            "A check-in closes on",
            tuple(Option(str(number), day) for number, day in enumerate(DAYS)),
            (str(team.closes_on),),
        ),
        ChoiceInput("closes_at", "at (each member's own time)", half_hours(), (f"{team.closes_at:%H:%M}",)),
        Small(_asked_by(asked)),
    ]
    buttons = [BACK]
    if admin and team.id:
        buttons.append(
            Button(
                "Remove team",
                "setup.remove_team",
                state=str(team.id),
                style="danger",
                opens=True,
                confirm=Confirm(
                    "Remove this team?",
                    "Its members keep their answers and belong to no team. Its summaries are deleted.",
                    "Remove",
                ),
            )
        )
    body.append(Buttons(tuple(buttons)))
    state = str(team.id) if team.id else ""
    return Form("setup.save_team", "Team" if team.id else "New team", tuple(body), submit="Save", state=state)


def _asked_by(asked: Sequence[str]) -> Line:
    if not asked:
        return line(
            "No cadence asks this team: its people check in by themselves until then. See Cadences on the home."
        )
    return line("Asked by a cadence: ", Said("; ".join(asked[:3])), ". What it asks closes when the cadence says.")
