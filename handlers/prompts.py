"""Prompts: the messages in which a cadence asks somebody, drawn in the moment in which they are sent.

What is asked is the feature's; why it came, and how to put it off or stop it, is the same for all and stands here.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.feature import Feature
from handlers.interaction import Interaction
from handlers.screens import Button, Buttons, Card, Small
from handlers.text import Said, line
from handlers.turn import Turn
from storage.cadences import Cadence
from storage.deliveries import Kind
from storage.members import Member
from storage.prompts import OPEN, Prompt
from storage.store import Store

prompts = Feature("prompts", "Being asked later, not this time, or not at all.")


def draw(store: Store, prompt_id: int, kind: Kind, features: tuple[Feature, ...]) -> Card | None:
    """The message of a prompt or of its reminder, as it is to be sent now; None where it is not needed any more."""
    prompt = store.prompts.by_id(prompt_id)
    if prompt is None or prompt.state not in OPEN or prompt.closes_at <= store.now:
        return None
    cadence = store.cadences.by_id(prompt.cadence_id)
    member = store.members.by_id(prompt.member_id)
    if cadence is None or cadence.paused or member is None:
        return None
    feature = next((one for one in features if one.name == cadence.feature), None)
    if feature is None or feature.prompt is None:
        return None
    card = feature.prompt(turn_of(store, member, features), prompt)
    return replace(card, body=(*card.body, *_around(prompt, cadence, kind))) if card else None


def turn_of(store: Store, member: Member, features: tuple[Feature, ...]) -> Turn:
    """A turn for a member who did nothing: their prompt came due."""
    return Turn(store, member, Interaction("event", "prompt", store.workspace.key, member.key, id=""), features)


def _around(prompt: Prompt, cadence: Cadence, kind: Kind) -> tuple[Buttons | Small, ...]:
    state = str(prompt.id)
    why = "This is a reminder" if kind == "nudge" else "You get this"
    return (
        Buttons(
            (
                Button("In an hour", "prompts.hour", state),
                Button("Tomorrow", "prompts.tomorrow", state),
                Button("Skip this time", "prompts.skip", state),
            )
        ),
        Small(
            line(f"{why} because you are in ", Said(cadence.name), ". When you are asked is yours to choose: see Me.")
        ),
    )
