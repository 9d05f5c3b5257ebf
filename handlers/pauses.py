"""Ending one's own pause of a cadence, wherever that is pressed: what it asked meanwhile and is open is asked now."""

from __future__ import annotations

from handlers.turn import Turn
from storage.cadences import Cadence
from storage.prompts import Prompt
from storage.recurrence import evenly


def end_pause(turn: Turn, cadence: Cadence) -> None:
    """Let a cadence ask the actor again, and about what is still open too."""
    turn.store.absences.end_pause(turn.actor.id, cadence.id)
    for prompt in turn.store.prompts.resume(turn.actor.id, cadence.id):
        send(turn, cadence, prompt)


def send(turn: Turn, cadence: Cadence, prompt: Prompt) -> None:
    """Put the message of a prompt that was never sent on its way, unless it is, and its reminders."""
    queue, messages = turn.store.deliveries.queue_prompt, turn.store.deliveries.of_prompt(prompt.id)
    if not any(one.kind == "prompt" and one.waits for one in messages):
        key = f"prompt {prompt.id}"
        # One that came due during the pause was given up, and its key is taken.
        if any(one.key == key for one in messages):
            key = f"{key} again {turn.now.isoformat()}"
        queue(prompt.id, turn.actor.key, "prompt", key=key, not_before=prompt.due_at)
    for number, at in enumerate(evenly(prompt.due_at, prompt.closes_at, cadence.timing.nudges), 1):
        queue(prompt.id, turn.actor.key, "nudge", key=f"nudge {prompt.id} {number}", not_before=at)
