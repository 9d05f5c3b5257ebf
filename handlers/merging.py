"""Merging: where one answer is enough for what two cadences ask, one message is. It stands for the other prompt too."""

from __future__ import annotations

from handlers.pauses import send
from handlers.turn import Turn
from storage.prompts import Prompt


def sharing(turn: Turn, prompt: Prompt) -> list[Prompt]:
    """The actor's prompts that share a message with this one: that of which it was sent, and what was kept back."""
    return [one for one in _same(turn, prompt) if one.sent_at or one.why == "same"]


def merged_into(turn: Turn, prompt: Prompt) -> list[Prompt]:
    """What the message of a prompt of the actor's stands for besides: open, or skipped, and never sent."""
    if not prompt.sent_at:
        return []
    return [
        one
        for one in _same(turn, prompt)
        if one.state in ("waiting", "put_off", "skipped")
        if not one.sent_at and one.closes_at > turn.now
    ]


def skip_with(turn: Turn, prompt: Prompt) -> None:
    """Skip a prompt, and what its message stands for."""
    for one in (prompt, *merged_into(turn, prompt)):
        turn.store.prompts.skip(one.id)


def reopen_with(turn: Turn, prompt: Prompt) -> None:
    """Ask for a prompt after all, and for what its message stands for."""
    turn.store.prompts.reopen(prompt.id)
    for one in merged_into(turn, prompt):
        if one.state == "skipped":
            turn.store.prompts.reopen(one.id)
            turn.store.prompts.keep_back(one.id, "same")


def leave_out_alone(turn: Turn, prompt: Prompt, why: str) -> None:
    """Leave out a prompt of the actor's. What its message stood for is sent by itself; `why` is a word."""
    store = turn.store
    store.prompts.leave_out(prompt.id, why)
    for one in merged_into(turn, prompt):
        cadence = store.cadences.by_id(one.cadence_id)
        if cadence and one.why == "same":
            store.prompts.send_after_all(one.id)
            send(turn, cadence, store.prompts.by_id(one.id) or one)


def _same(turn: Turn, prompt: Prompt) -> list[Prompt]:
    """The actor's other prompts that the same answer is enough for."""
    store = turn.store
    cadence = store.cadences.by_id(prompt.cadence_id)
    if not cadence:
        return []
    same = store.cadences.ids_of_feature(cadence.feature)
    found = store.prompts.closing_of(turn.actor.id, prompt.closes_on)
    return [one for one in found if one.cadence_id in same and one.id != prompt.id]
