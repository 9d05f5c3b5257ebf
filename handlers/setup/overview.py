"""The first page of the settings, which lists the teams, and the way there from the home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.paging import turning
from handlers.screens import Block, Button, Buttons, Form, Heading, Para, Rule, Small
from handlers.setup.choices import DAYS
from handlers.text import ChannelMention, Line, Plain, Strong, count, line
from storage.teams import Team

TEAMS_A_PAGE = 20
BACK = Button("Back to settings", "setup.open", opens=True)


@dataclass(frozen=True)
class TeamLine:
    """What the overview tells of a team."""

    team: Team
    manager: Line
    members: int
    own_questions: bool


def overview(teams: Sequence[TeamLine], *, page: int, admin: bool, note: str = "") -> Form:
    """All that can be set by this person, with a page of teams."""
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    if admin:
        body += [
            Heading("The company"),
            Buttons(
                (
                    Button("Company questions", "setup.questions", opens=True),
                    Button("Kudos and values", "setup.kudos", opens=True),
                    Button("Time and prompts", "setup.workspace", opens=True),
                )
            ),
        ]
    body.append(Heading("Teams" if admin else "Your teams"))
    if not teams:
        body.append(
            Para(line("There is no team yet. A team has a manager, members, and a day on which its check-in closes."))
        )
    shown = teams[page * TEAMS_A_PAGE : (page + 1) * TEAMS_A_PAGE]
    for one in shown:
        body += _team_line(one)
    body += turning(
        "setup.open", page, more=len(teams) > (page + 1) * TEAMS_A_PAGE, labels=("Earlier teams", "More teams")
    )
    if admin:
        body.append(Buttons((Button("New team", "setup.team", opens=True, style="primary"),)))
    return Form("setup.shown", "Settings", tuple(body), submit="", close="Close")


def _team_line(one: TeamLine) -> list[Block]:
    team = one.team
    what = line(
        Strong(team.name),
        " · ",
        *one.manager,
        f" · {count(one.members, 'member')} · closes {DAYS[team.closes_on]} {team.closes_at:%H:%M}",
        " · asks its own questions" if one.own_questions else "",
    )
    return [
        Para(tuple(span for span in what if span != Plain(""))),
        Buttons(
            (
                Button("Edit", "setup.team", state=str(team.id), opens=True, describes=f"Edit {team.name}"),
                Button(
                    "Questions",
                    "setup.questions",
                    state=str(team.id),
                    opens=True,
                    describes=f"Questions of {team.name}",
                ),
            )
        ),
    ]


def home_blocks(*, admin: bool, teams: Sequence[Team], kudos_channel: str) -> list[Block]:
    """The part of the home for those who may set things up."""
    if not admin and not teams:
        return []
    what = (
        line("Teams, questions, values and channels.") if admin else line("Your team's members, questions and channel.")
    )
    blocks: list[Block] = [Rule(), Heading("Settings"), Para(what)]
    if admin and not kudos_channel:
        blocks.append(Small(line("Public kudos are not posted anywhere yet: choose a channel under Kudos and values.")))
    elif admin:
        blocks.append(Small(line("Public kudos are posted in ", ChannelMention(kudos_channel), ".")))
    blocks.append(Buttons((Button("Open settings", "setup.open", opens=True),)))
    return blocks
