"""What managers see of their teams on their home: a line for each, and the way to its summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.screens import Block, Button, Buttons, Heading, Para, Rule, Small
from handlers.summaries.asking import week_of
from handlers.summaries.closed import muted_line
from handlers.summaries.feature import summaries
from handlers.text import Code, Said, count, line
from handlers.turn import Turn
from insights.participation import took_part
from storage.civil import local_date
from storage.teams import Team

MOST_TEAMS = 3
MOST_MUTED = 2


@summaries.on_home
def teams(turn: Turn) -> Iterator[Block]:
    """The teams that a member manages; nothing for everybody else."""
    managed = turn.store.teams.managed_by(turn.actor.id)
    if managed:
        yield Rule()
        yield Heading("Your team" if len(managed) == 1 else "Your teams")
    muted = turn.store.mutes.teams_of(turn.actor.id) if managed else set[int]()
    for team in managed[:MOST_TEAMS]:
        yield from team_line(team, _this_week(turn, team), alone=len(managed) == 1, muted=team.id in muted)
    if len(managed) > MOST_TEAMS:
        rest = count(len(managed) - MOST_TEAMS, "more team")
        yield Small(line(f"You manage {rest}; type ", Code("/team-summary"), " and the name of one."))
    if managed or turn.actor.admin:
        yield from _muted_closes(turn)


def _muted_closes(turn: Turn) -> Iterator[Block]:
    """The cadences of whose closes a member wants to hear no more, the latest first, and the way back."""
    muted = sorted(turn.store.mutes.cadences_of(turn.actor.id), reverse=True)
    for cadence_id in muted[:MOST_MUTED]:
        if cadence := turn.store.cadences.by_id(cadence_id):
            yield from muted_line(cadence)
    if len(muted) > MOST_MUTED:
        rest = count(len(muted) - MOST_MUTED, "more cadence")
        yield Small(line(f"The same goes for {rest}, which come up here as you undo these."))


def team_line(team: Team, says: str, *, alone: bool, muted: bool = False) -> Iterator[Block]:
    """One team in a line, and the button for its summary, named apart where there are several."""
    yield Para(line(Said(team.name), f": {says}."))
    label = "Team summary" if alone else f"Team summary: {team.name}"
    buttons = [Button(label, "summaries.week", str(team.id))]
    if muted:
        buttons.append(Button("Send it to me after each close", "summaries.send", str(team.id)))
    yield Buttons(tuple(buttons))


def _this_week(turn: Turn, team: Team) -> str:
    store, week = turn.store, week_of(local_date(turn.now, turn.actor.zone))
    given = store.checkins.of_team(team.id, week.first, week.last)
    took = took_part(store, team, given, week.first, week.last)
    standing = store.blockers.of_team(team.id, turn.now, turn.now + timedelta(seconds=1))
    open_now = [one for one in standing if one.state != "resolved"]
    blockers = count(len(open_now), "open blocker")
    away = f", away: {len(took.away)}" if took.away else ""
    return f"{len(took.checked_in)} of {took.asked} checked in this week{away}, {blockers}"
