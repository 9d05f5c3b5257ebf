"""An example of every screen of the settings."""

from __future__ import annotations

from dataclasses import replace

from handlers.screens import Home, Screen
from handlers.setup import setup
from handlers.setup.company_screens import kudos_form, workspace_form
from handlers.setup.overview import TeamLine, home_blocks, overview
from handlers.setup.question_screens import question_form, questions_form
from handlers.setup.team_screens import team_form
from handlers.text import Said, line
from storage.kudos import CompanyValue
from storage.questions import Question
from storage.teams import Team
from storage.workspaces import Settings


@setup.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature."""
    team = Team(3, "Operations", 7, "C0OPS", "thread")
    mood = Question(4, "How was your week?", "scale", low_words="Rough", high_words="Great", part="mood")
    why = Question(5, "What made it so?", "long", required=False, follows=4, when=("1", "2"))
    lines = [
        TeamLine(team, line("managed by ", Said("Ana")), 6, True),
        TeamLine(replace(team, id=4, name="Care"), line("no manager"), 0, False),
    ]
    return {
        "overview": overview(lines, page=0, admin=True, note="Saved."),
        "overview of nothing": overview([], page=0, admin=True),
        "team": team_form(team, "U1", ("U2", "U3"), admin=True),
        "team that is asked": team_form(
            team, "U1", (), admin=False, asked=["Weekly check-in (Every Thursday at 10:00)"]
        ),
        "questions": questions_form("Operations", 3, [mood, why], own=True),
        "company's own questions": questions_form("", None, [mood], own=True),
        "company's questions": questions_form("Care", 4, [mood, why], own=False),
        "question": question_form(why, [mood], "3:5"),
        "kudos": kudos_form(Settings(), [CompanyValue(1, "Care", "We look after each other")]),
        "time and prompts": workspace_form(Settings()),
        "home": Home(tuple(home_blocks(admin=True, teams=[team], kudos_channel="C1"))),
        "home of a manager": Home(tuple(home_blocks(admin=False, teams=[team], kudos_channel=""))),
    }
