"""What answers to `/team-summary` and to the buttons of a summary."""

from __future__ import annotations

from datetime import date

from handlers.feature import Refusal
from handlers.screens import Card, Open, Replace, Say
from handlers.summaries import asking, changes, opened, screens
from handlers.summaries.feature import summaries
from handlers.turn import Turn
from insights.digest import Period
from storage.civil import local_date
from storage.summaries import Summary
from storage.teams import Team

GONE = "This summary is no longer there. Type /team-summary for a new one."


@summaries.command("team-summary", help="The facts of your team's week or of any period", usage=asking.USAGE)
def team_summary(turn: Turn) -> Say:
    """Answer with the facts of the team and the period asked for."""
    managed = turn.store.teams.managed_by(turn.actor.id)
    asked = asking.read(turn.interaction.text, today(turn), [team.name for team in managed])
    if asked.team:
        team = turn.store.teams.by_name(asked.team)
        if team is None:
            return Say(screens.unknown(asked.team, managed) if managed else _nobody_managed(turn))
        return Say(_card(turn, changes.team_for(turn, team.id), asked.period))
    if not managed:
        return Say(_nobody_managed(turn))
    if len(managed) > 1:
        return Say(screens.which_team(managed, asked.period))
    return Say(_card(turn, managed[0], asked.period))


@summaries.press("summaries.show")
def show(turn: Turn) -> Replace:
    """The team was chosen: put its summary in place of the choice."""
    try:
        team_id, first, last = turn.state.split()
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
        team = changes.team_for(turn, int(team_id))
    except ValueError:
        raise Refusal(GONE) from None
    return Replace(_card(turn, team, period))


@summaries.press("summaries.week")
def week(turn: Turn) -> Say:
    """From the home: a team's summary of this week."""
    if not turn.state.isdecimal():
        raise Refusal(GONE)
    return Say(_card(turn, changes.team_for(turn, int(turn.state)), asking.week_of(today(turn))))


@summaries.press("summaries.refresh")
def refresh(turn: Turn) -> Replace:
    """Make the summary again from the facts as they are now, and keep that one too."""
    summary, team = _summary(turn, turn.state)
    made = changes.make(turn, team, Period(summary.first, summary.last))
    return Replace(screens.card(changes.sheet(turn, team, made, stored=False)))


@summaries.press("summaries.open")
def open_line(turn: Turn) -> Open:
    """Open what a line rests on."""
    summary_id, key, start = (*turn.state.split(), "", "", "")[:3]
    summary, _ = _summary(turn, summary_id)
    form = opened.form(turn, summary, key, int(start) if start.isdecimal() else 0)
    if form is None:
        raise Refusal(GONE)
    return Open(form)


def today(turn: Turn) -> date:
    """The date on the actor's calendar."""
    return local_date(turn.now, turn.actor.zone)


def _card(turn: Turn, team: Team, period: Period) -> Card:
    summary, stored = changes.summary_of(turn, team, period)
    return screens.card(changes.sheet(turn, team, summary, stored=stored))


def _summary(turn: Turn, summary_id: str) -> tuple[Summary, Team]:
    summary = turn.store.summaries.by_id(int(summary_id)) if summary_id.isdecimal() else None
    if summary is None:
        raise Refusal(GONE)
    return summary, changes.team_for(turn, summary.team_id)


def _nobody_managed(turn: Turn) -> Card:
    team = turn.store.teams.by_id(turn.actor.team_id) if turn.actor.team_id else None
    manager = turn.store.members.by_id(team.manager_id) if team and team.manager_id else None
    return screens.nobody_managed(team, manager)
