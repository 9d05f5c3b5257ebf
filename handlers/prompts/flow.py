"""What happens when somebody puts a prompt off, leaves it out, pauses its cadence, or takes that back.

Every button sets something, so pressing it twice is pressing it once; each looks again at whose prompt it is and how it
stands now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from handlers.feature import Answer, Refusal
from handlers.merging import leave_out_alone, merged_into, reopen_with, skip_with
from handlers.pauses import end_pause
from handlers.prompts import drawn, examples, screens
from handlers.prompts.drawn import all_open, asked_of, budget_of
from handlers.prompts.feature import prompts
from handlers.prompts.screens import Asked
from handlers.reading import Reader, as_id
from handlers.screens import Block, Card, Invalid, Open, Replace, Say, Screen
from handlers.turn import Turn
from storage.cadences import Cadence
from storage.civil import local_date
from storage.prompts import OPEN, Prompt
from storage.recurrence import DAY

GONE = "This message is no longer known here, so nothing was changed."
NOT_YOURS = "This was asked of somebody else, and only they can put it off."
ENDED = "This is asked no longer, so there is nothing to pause."


@prompts.press("prompts.hour")
def in_an_hour(turn: Turn) -> Answer:
    """Ask again in an hour."""
    asked = _asked(turn)
    return Replace(_settled(turn, asked) or _snooze(turn, asked, asked.in_an_hour, "for an hour"))


@prompts.press("prompts.tomorrow")
def tomorrow(turn: Turn) -> Answer:
    """Ask again on the next working day."""
    asked = _asked(turn)
    return Replace(_settled(turn, asked) or _snooze(turn, asked, asked.tomorrow, "until your next working day"))


@prompts.press("prompts.skip")
def skip(turn: Turn) -> Answer:
    """Do not ask this time."""
    asked = _asked(turn)
    if (card := _settled(turn, asked)) is not None:
        return Replace(card)
    skip_with(turn, asked.prompt)
    turn.refresh_home()
    return Replace(_skipped(turn, asked))


@prompts.press("prompts.back")
def back(turn: Turn) -> Answer:
    """Ask now after all, in place of what was pressed."""
    asked = _asked(turn)
    if asked.prompt.closes_at > turn.now:
        reopen_with(turn, asked.prompt)
        turn.refresh_home()
        asked = _asked(turn)
    return Replace(_now(turn, asked))


@prompts.press("prompts.show")
def show(turn: Turn) -> Answer:
    """Show one prompt beside what was pressed: one that was put off, or one from the home."""
    return Say(_now(turn, _asked(turn)))


@prompts.press("prompts.pause_cadence")
def ask_how_long(turn: Turn) -> Answer:
    """Ask for how long a cadence is to be paused."""
    return Open(screens.pause_form(_cadence(turn)))


@prompts.submit("prompts.pause", reads=lambda read: read)
def pause(turn: Turn, read: Reader) -> Answer:
    """Pause a cadence for the actor, in place of an earlier pause of it."""
    cadence, until = _cadence(turn), read.date("until")
    today = local_date(turn.now, turn.actor.zone)
    if until and until < today:
        read.errors["until"] = "Please pick today or a later day, or leave it empty."
    if read.errors:
        return Invalid(screens.pause_form(cadence, until), read.errors)
    turn.store.absences.end_pause(turn.actor.id, cadence.id)
    turn.store.absences.add(turn.actor.id, today, until, "pause", cadence.id)
    card = screens.paused(cadence, until)
    for prompt in turn.store.prompts.open_of(turn.actor.id):
        if prompt.cadence_id == cadence.id:
            leave_out_alone(turn, prompt, "paused")
            _put_in_its_place(turn, prompt, card)
    turn.refresh_home()
    return Say(card)


@prompts.press("prompts.resume")
def resume(turn: Turn) -> Answer:
    """Ask again from now on, and about what is still open."""
    cadence = _cadence(turn)
    end_pause(turn, cadence)
    turn.refresh_home()
    return Replace(screens.resumed(cadence, [one for one in all_open(turn) if one.cadence.id == cadence.id]))


@prompts.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """What the member was asked and has not answered, and what they have paused."""
    return [
        *screens.home_blocks(all_open(turn), turn.now, budget_of(turn)),
        *screens.paused_blocks(_pauses(turn)),
    ]


@prompts.gallery
def gallery() -> dict[str, Screen]:
    """Every screen around prompts."""
    return examples.examples()


# -- how it stands now -----------------------------------------------------------------------------------------------


def _asked(turn: Turn) -> Asked:
    prompt = turn.store.prompts.by_id(as_id(turn.state))
    cadence = turn.store.cadences.by_id(prompt.cadence_id) if prompt else None
    if prompt is None or cadence is None:
        raise Refusal(GONE)
    if prompt.member_id != turn.actor.id:
        raise Refusal(NOT_YOURS)
    return asked_of(turn, prompt, cadence)


def _cadence(turn: Turn) -> Cadence:
    cadence = turn.store.cadences.by_id(as_id(turn.state))
    if cadence is None:
        raise Refusal(ENDED)
    return cadence


def _settled(turn: Turn, asked: Asked) -> Card | None:
    """What there is to say of a prompt that nothing can be put off of any more; None of one that is open."""
    prompt = asked.prompt
    if prompt.state == "answered":
        return screens.answered(asked)
    if prompt.closes_at <= turn.now:
        feature = next((one for one in turn.features if one.name == asked.cadence.feature), None)
        late = feature.prompt(turn, prompt) if feature and feature.prompt else None
        return late or screens.closed(asked)
    if prompt.state == "skipped":
        return _skipped(turn, asked)
    if prompt.state not in OPEN:
        paused = [until for cadence, until in _pauses(turn) if cadence.id == asked.cadence.id]
        return screens.paused(asked.cadence, paused[0]) if paused else screens.left_out(asked)
    return None


def _now(turn: Turn, asked: Asked) -> Card:
    return _settled(turn, asked) or drawn.shown(turn, asked, []) or screens.nothing_left(asked)


def _skipped(turn: Turn, asked: Asked) -> Card:
    skipped = [one.cadence_id for one in merged_into(turn, asked.prompt) if one.state == "skipped"]
    with_it = [cadence.name for cadence in map(turn.store.cadences.by_id, skipped) if cadence]
    return screens.skipped(asked, asked.cadence.recurrence.next_from(asked.prompt.day + DAY), with_it)


# -- what changes ----------------------------------------------------------------------------------------------------


def _snooze(turn: Turn, asked: Asked, until: datetime | None, when: str) -> Card:
    if until is None:
        return screens.cannot_wait(asked, when)
    prompt = asked.prompt
    turn.store.prompts.snooze(prompt.id, until)
    # By its time: putting it off twice to the same moment sends it once.
    key = f"prompt {prompt.id} again {until.isoformat()}"
    turn.store.deliveries.queue_prompt(prompt.id, turn.actor.key, "prompt", key=key, not_before=until)
    turn.refresh_home()
    return screens.snoozed(asked, until)


def _pauses(turn: Turn) -> list[tuple[Cadence, date | None]]:
    """The cadences that the actor has paused, with the last day of each pause."""
    today = local_date(turn.now, turn.actor.zone)
    theirs = [one for one in turn.store.absences.of_member(turn.actor.id) if one.kind == "pause"]
    found = [(turn.store.cadences.by_id(one.cadence_id), one.last) for one in theirs if one.cadence_id]
    return [(cadence, last) for cadence, last in found if cadence and (last is None or last >= today)]


def _put_in_its_place(turn: Turn, prompt: Prompt, card: Card) -> None:
    """Show a card where the message of a prompt stands that was sent: a form cannot replace it by its answer."""
    message = f"prompt {prompt.id}"
    if prompt.sent_at and turn.store.deliveries.was_queued(message):
        turn.send(turn.actor, card, key=f"{message} paused, {turn.interaction.id}", replaces=message)
