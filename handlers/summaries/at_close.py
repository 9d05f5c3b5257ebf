"""What is sent when an occurrence of a check-in has closed, to whom, and how they stop that.

What closes at the same moment is told in one message: what closes later takes its place, with a line for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from handlers.apart import apart
from handlers.feature import Answer, Refusal
from handlers.reading import as_id
from handlers.screens import Card, Say
from handlers.summaries import changes, closed, closings, screens
from handlers.summaries.closings import Closed
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
    """Send what has closed to those who are told of it, once for each occurrence; who fails holds nobody up."""
    if cadence.feature != "checkins":
        return
    found = closings.together(turn.store, cadence, day)
    for team in closings.teams_of(turn.store, cadence):
        with apart(turn.store, f"the summary of team {team.id} after the close of cadence {cadence.id}"):
            _send_summary(turn, team, found)
    for reader in closings.readers(turn.store, cadence):
        with apart(turn.store, f"telling member {reader.id} of the close of cadence {cadence.id}"):
            _tell(Turn(turn.store, reader, turn.interaction, turn.features), found)


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


@summaries.press("summaries.tell_not")
def tell_not(turn: Turn) -> Answer:
    """Tell the actor no more when a cadence has closed."""
    cadence = _cadence(turn)
    turn.store.mutes.add_cadence(turn.actor.id, cadence.id)
    turn.refresh_home()
    return Say(closed.muted(cadence))


@summaries.press("summaries.tell")
def tell(turn: Turn) -> Answer:
    """Tell the actor when a cadence has closed."""
    cadence = _cadence(turn)
    turn.store.mutes.end_cadence(turn.actor.id, cadence.id)
    turn.refresh_home()
    return Say(closed.telling(cadence))


def closed_period(store: Store, cadence: Cadence, day: date) -> Period:
    """From the day after the close before to the close of the occurrence of this day, as both were laid out.

    What the cadence says now tells neither: it may have been changed since.
    """
    closes_on, before = store.waves.closes_on(cadence.id, day)
    last = closes_on or cadence.timing.closes_on(day)
    return Period(before + DAY if before else last - FIRST_DAYS, last)


def _send_summary(turn: Turn, team: Team, found: Sequence[Closed]) -> None:
    """Send the summary of a team to its manager, over the longest of the periods that closed now."""
    store = turn.store
    manager = store.members.by_id(team.manager_id) if team.manager_id else None
    wanted = manager is not None and manager.active and team.id not in store.mutes.teams_of(manager.id)
    if manager is None or not wanted or not store.members.of_team(team.id):
        return
    asked = [one for one in found if team in closings.teams_of(store, one.cadence)]
    periods = [closed_period(store, one.cadence, one.day) for one in asked]
    period = Period(min(one.first for one in periods), max(one.last for one in periods))
    reader = Turn(store, manager, turn.interaction, turn.features)

    def card() -> Card:
        summary = changes.make(reader, team, period)
        how = tuple((one.cadence, closings.of_team(store, team, one)) for one in asked)
        return screens.card(replace(changes.sheet(reader, team, summary, stored=False), closed=how))

    _send_once(reader, [f"digest {one.cadence.id} {one.day.isoformat()} {team.id}" for one in asked], card)


def _tell(reader: Turn, found: Sequence[Closed]) -> None:
    """Tell somebody how it closed for people who were named one by one."""
    muted = reader.store.mutes.cadences_of(reader.actor.id)
    told = [(one, closings.told(reader, one)) for one in found if one.cadence.id not in muted]
    known = [(one, seen) for one, seen in told if seen]
    if known and known[-1][0] == found[-1]:
        keys = [f"closed {one.cadence.id} {one.day.isoformat()} to {reader.actor.id}" for one, _ in known]
        _send_once(reader, keys, lambda: closed.card([seen for _, seen in known]))


def _send_once(reader: Turn, keys: Sequence[str], card: Callable[[], Card]) -> None:
    """Send a card under the last of these keys, in place of what its reader was sent under any of the others."""
    deliveries, to = reader.store.deliveries, reader.actor
    if deliveries.was_queued(keys[-1]):
        return
    sent = [one for key in keys[:-1] if (one := deliveries.find(key)) and one.to_key == to.key]
    first = sent[0].replaces or sent[0].key if sent else ""
    reader.send(to, card(), key=keys[-1], replaces=first)
    reader.refresh_home(to)


def _cadence(turn: Turn) -> Cadence:
    cadence = turn.store.cadences.by_id(as_id(turn.state))
    if cadence is None or turn.actor.id not in {one.id for one in closings.readers(turn.store, cadence)}:
        raise Refusal("You are not told of the closes of this cadence, so there is nothing to change.")
    return cadence
