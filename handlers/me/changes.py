"""What changes when somebody decides when they are asked: plain functions over a turn."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.me.asked import covers_day
from handlers.merging import leave_out_alone
from handlers.turn import Turn
from storage.absences import Absence
from storage.cadences import Cadence
from storage.civil import local_date
from storage.prompts import Prompt


def be_away(turn: Turn, first: date, last: date) -> None:
    """Ask the actor nothing from `first` to `last`, both included; the same days twice are kept once."""
    own = turn.store.absences.of_member(turn.actor.id)
    if not any((one.kind, one.first, one.last) == ("away", first, last) for one in own):
        turn.store.absences.add(turn.actor.id, first, last)
    _leave_out(turn, Absence(0, turn.actor.id, first, last), "absent")


def pause(turn: Turn, cadence: Cadence) -> None:
    """Let a cadence not ask the actor until they resume it."""
    today = local_date(turn.now, turn.actor.zone)
    turn.store.absences.end_pause(turn.actor.id, cadence.id)
    turn.store.absences.add(turn.actor.id, today, None, "pause", cadence.id)
    _leave_out(turn, Absence(0, turn.actor.id, today, None, "pause", cadence.id), "paused")


def _leave_out(turn: Turn, absence: Absence, why: str) -> None:
    """Ask no more what is open on one of the days of an absence: no reminder comes, and nobody counts it."""
    for prompt in turn.store.prompts.open_of(turn.actor.id):
        if absence.cadence_id in (None, prompt.cadence_id) and _touches(turn, absence, prompt):
            leave_out_alone(turn, prompt, why)


def _touches(turn: Turn, absence: Absence, prompt: Prompt) -> bool:
    """Whether an absence holds one of the days that are left of a prompt."""
    day = max(prompt.day, local_date(turn.now, turn.actor.zone))
    while day <= prompt.closes_on:
        if covers_day(absence, day):
            return True
        day += timedelta(days=1)
    return False
