"""The summary that a team's manager is sent when an occurrence of its check-in has closed, and how they stop that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from handlers.feature import Answer
from handlers.reading import as_id
from handlers.screens import Say
from handlers.summaries import changes, screens
from handlers.summaries.feature import summaries
from handlers.turn import Turn
from insights.digest import Period
from storage.cadences import Cadence
from storage.store import Store
from storage.teams import Team

DAY = timedelta(days=1)
# Before the first occurrence of a cadence there is none; its summary is of a week.
FIRST_DAYS = timedelta(days=6)


@summaries.on_close
def send(turn: Turn, cadence: Cadence, day: date) -> None:
    """Send the summary of each team that was asked to its manager: once for each occurrence."""
    if cadence.feature != "checkins":
        return
    period = closed_period(turn.store, cadence, day)
    for team in _teams(turn, cadence):
        _send(turn, cadence, team, period, key=f"digest {cadence.id} {day.isoformat()} {team.id}")


@summaries.press("summaries.mute")
def mute(turn: Turn) -> Answer:
    """Send the actor no summaries of a team after its closes."""
    team = changes.team_for(turn, as_id(turn.state))
    turn.store.mutes.add_team(turn.actor.id, team.id)
    turn.refresh_home()
    return Say(screens.muted(team))


@summaries.press("summaries.send")
def unmute(turn: Turn) -> Answer:
    """Send the actor summaries of a team after its closes."""
    team = changes.team_for(turn, as_id(turn.state))
    turn.store.mutes.end_team(turn.actor.id, team.id)
    turn.refresh_home()
    return Say(screens.sending(team))


def closed_period(store: Store, cadence: Cadence, day: date) -> Period:
    """From the day after the close before to the close of the occurrence of this day, as both were laid out.

    What the cadence says now tells neither: it may have been changed since.
    """
    closes_on, before = store.waves.closes_on(cadence.id, day)
    last = closes_on or cadence.timing.closes_on(day)
    return Period(before + DAY if before else last - FIRST_DAYS, last)


def _teams(turn: Turn, cadence: Cadence) -> list[Team]:
    asked = cadence.audience.teams
    return [one for one in turn.store.teams.all() if cadence.audience.everybody or one.id in asked]


def _send(turn: Turn, cadence: Cadence, team: Team, period: Period, *, key: str) -> None:
    store = turn.store
    manager = store.members.by_id(team.manager_id) if team.manager_id else None
    wanted = manager is not None and manager.active and team.id not in store.mutes.teams_of(manager.id)
    if manager is None or not wanted or store.deliveries.was_queued(key) or not store.members.of_team(team.id):
        return
    reader = Turn(store, manager, turn.interaction, turn.features)
    summary = changes.make(reader, team, period)
    sheet = replace(changes.sheet(reader, team, summary, stored=False), closed=cadence.name)
    reader.send(manager, screens.card(sheet), key=key)
    reader.refresh_home(manager)
