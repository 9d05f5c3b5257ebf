"""The message of a prompt, drawn in the moment in which it is sent.

What is asked is the feature's; why it came, and how to put it off or stop it, is the same for all and stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from handlers.feature import Feature
from handlers.interaction import Interaction
from handlers.merging import sharing
from handlers.prompts import moments, screens
from handlers.prompts.screens import Asked
from handlers.screens import Card
from handlers.text import Line
from handlers.turn import Turn, mention
from storage.cadences import Cadence, covers
from storage.civil import local_date, week_of
from storage.deliveries import Kind
from storage.members import Member
from storage.prompts import OPEN, Prompt
from storage.store import Store

# So late may come what somebody put off to a moment of their own.
A_WHILE = timedelta(minutes=30)


@dataclass(frozen=True)
class NotYet:
    """A message is not to be sent before `at`: now is no time at which its reader is written to."""

    at: datetime


def draw(store: Store, prompt_id: int, kind: Kind, features: tuple[Feature, ...]) -> Card | NotYet | None:
    """The message of a prompt or of its reminder, as it is to be sent now; None where it is not needed any more.

    However it came to be late, nobody is asked about a morning long gone, nor written to at night.
    """
    prompt = store.prompts.by_id(prompt_id)
    if prompt is None:
        return None
    unsent = kind == "prompt" and prompt.state == "waiting"
    if not _is_due(prompt, kind, store):
        if unsent and prompt.closes_at <= store.now:
            store.prompts.miss(prompt.id, "closed")
        return None
    member = store.members.by_id(prompt.member_id)
    cadence = store.cadences.by_id(prompt.cadence_id)
    if cadence is None or member is None:
        return None
    if cadence.paused:
        if unsent:
            store.prompts.leave_out(prompt.id, "stopped")
        return None
    turn = turn_of(store, member, features)
    if not covers(cadence.audience, member):
        _leave_out(turn, prompt, kind, "left")
        return None
    at = _sent_at(turn, prompt, cadence, kind)
    if at is None:
        return None
    if at > store.now:
        return NotYet(at)
    beside = [one for one in all_open(turn) if one.prompt.id != prompt.id]
    asked = asked_of(turn, prompt, cadence)
    if kind == "nudge" and prompt.why == "same":
        # A reminder of what shares a message is one of that message, for as long as it stands.
        asked = next((one for one in beside if _stands_for(one, asked)), asked)
        if asked.cadence.paused or not _is_due(asked.prompt, kind, store):
            return None
    elif prompt.state != "sent" and not prompt.snoozed_until and any(_stands_for(one, asked) for one in beside):
        if kind == "prompt":
            store.prompts.keep_back(prompt.id, "same")
        return None
    if kind == "prompt" and not prompt.sent_at and not prompt.snoozed_until:
        if not _has_room(turn, prompt):
            store.prompts.keep_back(prompt.id)
            return None
        if prompt.state == "put_off":
            store.prompts.send_after_all(prompt.id)
    put_off = [one for one in beside if one.prompt.state == "put_off" and not one.prompt.why]
    others = [one for one in put_off if not _is_same(one, asked)]
    return shown(turn, asked, others, reminder=kind == "nudge")


def shown(turn: Turn, asked: Asked, others: list[Asked], *, reminder: bool = False) -> Card | None:
    """A prompt with all that stands around it, as its member sees it; None where its feature asks nothing any more."""
    feature = next((one for one in turn.features if one.name == asked.cadence.feature), None)
    card = feature.prompt(turn, asked.prompt) if feature and feature.prompt else None
    if card is None:
        return None
    also = [one.cadence.name for one in all_open(turn) if one.prompt.id != asked.prompt.id and _is_same(one, asked)]
    below = screens.around(asked, _why(turn, asked.cadence), also, reminder=reminder)
    return replace(card, body=(*card.body, *below, *screens.waiting_too(others, budget_of(turn))))


def turn_of(store: Store, member: Member, features: tuple[Feature, ...]) -> Turn:
    """A turn for a member who did nothing: their prompt came due."""
    return Turn(store, member, Interaction("event", "prompt", store.workspace.key, member.key, id=""), features)


def asked_of(turn: Turn, prompt: Prompt, cadence: Cadence) -> Asked:
    """A prompt with when its member, whose turn it is, may put it off to."""
    hour = moments.in_an_hour(turn.now, prompt.closes_at)
    at, is_off = cadence.timing.at, partial(_is_off, turn, cadence)
    later = moments.tomorrow(turn.actor, turn.settings, at, turn.now, prompt.closes_at, is_off)
    return Asked(prompt, cadence, hour, later)


def all_open(turn: Turn) -> list[Asked]:
    """What the actor was asked and has not answered, the first to close first."""
    found = [(one, turn.store.cadences.by_id(one.cadence_id)) for one in turn.store.prompts.open_of(turn.actor.id)]
    return [asked_of(turn, prompt, cadence) for prompt, cadence in found if cadence]


def budget_of(turn: Turn) -> int:
    """How many prompts a week the actor gets at most."""
    own = turn.actor.own.weekly_most
    return turn.settings.budget if own is None else min(own, turn.settings.budget)


def _sent_at(turn: Turn, prompt: Prompt, cadence: Cadence, kind: Kind) -> datetime | None:
    """When a message may go to its reader, now or later; None where it may not any more, which is on record then."""
    if kind == "nudge":
        due_at = _reminded_at(turn, prompt, cadence)
        return _first_moment(turn, prompt, cadence, due_at) if due_at else None
    store = turn.store
    if prompt.snoozed_until:
        # What they asked for themselves comes when they asked for it, unless it is long past that.
        in_time = store.now <= prompt.snoozed_until + A_WHILE
        return store.now if in_time else _first_moment(turn, prompt, cadence, store.now)
    # The clock may have been set back since the message was taken in hand.
    at = _first_moment(turn, prompt, cadence, max(store.now, prompt.due_at))
    if at is None and (off := _off(turn, cadence, local_date(turn.now, turn.actor.zone))):
        _leave_out(turn, prompt, kind, off)
        return None
    if at is None or is_too_late(prompt, cadence, store.now):
        store.prompts.miss(prompt.id, "late")
        return None
    if store.now < at != prompt.due_at:
        store.prompts.move(prompt.id, at)
    return at


def _reminded_at(turn: Turn, prompt: Prompt, cadence: Cadence) -> datetime | None:
    """When a reminder may come, now or later; None where it need not. It is never the first that somebody hears.

    What shares a message shares its reminders: as many come as the cadence with the most of them has.
    """
    store = turn.store
    prompts = [prompt, *sharing(turn, prompt)]
    messages = [message for one in prompts for message in store.deliveries.of_prompt(one.id)]
    sent = [one.sent_at for one in prompts if one.sent_at]
    if any(one.kind == "prompt" and one.waits for one in messages):
        last = max(store.now, prompt.due_at)
    elif sent:
        last = max([*sent, *(one.at for one in messages if one.is_out and one.at)])
    else:
        return None
    left = cadence.timing.nudges - sum(one.kind == "nudge" and one.is_out for one in messages)
    return moments.reminder(store.now, last, prompt.closes_at, left)


def _has_room(turn: Turn, prompt: Prompt) -> bool:
    """Whether the actor's week has room for a prompt. What was put off comes behind all that is on its way."""
    since, until = week_of(turn.now, turn.actor.zone)
    if prompt.state == "waiting":
        until = prompt.due_at
    return turn.store.prompts.how_many_count(turn.actor.id, since, until, before=prompt.id) < budget_of(turn)


def _is_same(other: Asked, asked: Asked) -> bool:
    """Whether what another cadence asks is answered by the same words: one answer is enough, and one message."""
    same = (asked.cadence.feature, asked.prompt.closes_on)
    return (other.cadence.feature, other.prompt.closes_on) == same


def _stands_for(other: Asked, asked: Asked) -> bool:
    """Whether the message of another prompt went out, and asks for the same words."""
    return other.prompt.state == "sent" and _is_same(other, asked)


def _leave_out(turn: Turn, prompt: Prompt, kind: Kind, why: str) -> None:
    """Whoever is not reached is not taken for somebody who kept silent."""
    if kind == "prompt":
        turn.store.prompts.leave_out(prompt.id, why)


def is_too_late(prompt: Prompt, cadence: Cadence, now: datetime) -> bool:
    """Whether a prompt should have been sent so long ago that it is not sent any more."""
    return prompt.due_at + timedelta(minutes=cadence.most_late) < now


def _first_moment(turn: Turn, prompt: Prompt, cadence: Cadence, due_at: datetime) -> datetime | None:
    """When the actor may be written to first, from this instant on; None where it is closed by then."""
    is_off = partial(_is_off, turn, cadence)
    return moments.first_moment(turn.actor, turn.settings, due_at, prompt.closes_at, is_off)


def _is_off(turn: Turn, cadence: Cadence, day: date) -> bool:
    return bool(_off(turn, cadence, day))


def _off(turn: Turn, cadence: Cadence, day: date) -> str:
    """Why the actor is not there on a day: it is a holiday of theirs, or they are away; empty where they are there."""
    own = turn.actor.own.holidays or turn.settings.holidays
    place = own if cadence.holidays == "own" else cadence.holidays
    if place and turn.store.absences.is_holiday(place, day):
        return "holiday"
    away = (one for one in turn.store.absences.of_member(turn.actor.id) if one.cadence_id in (None, cadence.id))
    return "absent" if any(one.first <= day and (one.last is None or day <= one.last) for one in away) else ""


def _is_due(prompt: Prompt, kind: Kind, store: Store) -> bool:
    """Whether this message of a prompt is to go out now."""
    if prompt.state not in OPEN or prompt.closes_at <= store.now:
        return False
    if prompt.snoozed_until:
        return prompt.snoozed_until <= store.now
    # What was sent is sent again only when it was put off: that message stands in place of another that was undone.
    return kind == "nudge" or prompt.state != "sent"


def _why(turn: Turn, cadence: Cadence) -> Line:
    store, audience = turn.store, cadence.audience
    maker = store.members.by_id(cadence.made_by) if cadence.made_by else None
    team = (
        store.teams.by_id(turn.actor.team_id) if turn.actor.team_id in audience.teams and turn.actor.team_id else None
    )
    whom = "" if audience.everybody else team.name if team else "you"
    return screens.why_it_came(cadence, mention(maker) if maker else None, whom)
