"""Where everything starts: one button for each thing this person can do, wherever such buttons are offered."""

from __future__ import annotations

from handlers.screens import Button
from handlers.turn import Turn

EVERYBODY = (
    Button("Check in", "checkins.start", opens=True, style="primary"),
    Button("Give kudos", "kudos.start", opens=True),
)
ABOUT_ME = Button("About me and my data", "me.open", opens=True)
WHEN_ASKED = Button("When I am asked", "me.when", opens=True)
HELP = Button("How it works", "help.open", opens=True)
CADENCES = Button("Cadences", "cadences.open", opens=True)
SETTINGS = Button("Settings", "setup.open", opens=True)
MOST_TEAMS = 3


def starts(turn: Turn) -> tuple[Button, ...]:
    """Everything this person can start: what everybody can, then what those who manage or administer can."""
    teams = turn.store.teams.managed_by(turn.actor.id)
    summaries = tuple(
        Button(f"Summary of {team.name}", "summaries.week", state=str(team.id)) for team in teams[:MOST_TEAMS]
    )
    arranging = (CADENCES, SETTINGS) if teams or turn.actor.admin else ()
    return (*EVERYBODY, *summaries, ABOUT_ME, *arranging)
