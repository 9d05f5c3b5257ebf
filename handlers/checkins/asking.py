"""What happens when a cadence asks for a check-in, and when somebody answers in the message itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.checkins import answers, asked, changes
from handlers.checkins.asked import Asked
from handlers.checkins.sheet import Sheet, current_day, may_fill, prompts_of, sheet
from handlers.feature import Answer, Refusal
from handlers.interaction import Value
from handlers.reading import Reader, as_id
from handlers.screens import Card, Replace
from handlers.text import named
from handlers.turn import Turn
from storage.prompts import Prompt
from storage.questions import Question


def ask(turn: Turn, prompt: Prompt) -> Card | None:
    """What a prompt says: the short questions with their controls, and a button for the form."""
    before = sheet(turn, prompt.closes_on)
    if before.standing or not before.first_step() or not may_fill(turn, before):
        return None
    return asked.invitation(_asked(turn, before, prompt.id), turn.now)


def answer(turn: Turn) -> Answer:
    """Take the answer that was pressed; share the check-in as soon as all that has to be answered is."""
    prompt_id, question_id, key = (*turn.state.split(), "", "", "")[:3]
    prompt = own_prompt(turn, prompt_id)
    before = sheet(turn, prompt.closes_on)
    question = next((one for one in before.questions if one.id == as_id(question_id)), None)
    value = asked.pressed(question, key) if question else None
    if question is None or value is None:
        return Replace(asked.gone())
    if before.standing and before.closed(turn.now):
        return Replace(asked.shared(_asked(turn, before, prompt.id), before.standing, turn.now))
    if not may_fill(turn, before):
        return _too_late(turn, prompt, question, value)
    filled = replace(before, typed={**before.typed, answers.input_name(question.id): value})
    now = _asked(turn, filled, prompt.id)
    if asked.missing(now):
        turn.store.drafts.save(turn.actor.id, before.draft, dict(filled.typed))
        turn.refresh_home()
        return Replace(asked.kept(now))
    return Replace(_share(turn, now, prompt))


def day_asked(turn: Turn) -> date | None:
    """The occurrence that the pressed prompt is about; None where no prompt was pressed or words come too late for it.

    Raises Refusal where it is somebody else's.
    """
    if not turn.state:
        return None
    prompt = own_prompt(turn, turn.state)
    return prompt.closes_on if may_fill(turn, sheet(turn, prompt.closes_on)) else None


def show_in_place(turn: Turn, day: date, card: Card) -> None:
    """Show a card where messages asked for the check-in of a day: a form cannot replace them by its answer."""
    for prompt in prompts_of(turn, day):
        for message in turn.store.deliveries.of_prompt(prompt.id) if prompt.sent_at else ():
            if message.status == "sent":
                turn.send(turn.actor, card, key=f"{message.key} answered", replaces=message.key)


def own_prompt(turn: Turn, state: str) -> Prompt:
    """The prompt with this id. Raises Refusal where it is gone, or somebody else's."""
    prompt = turn.store.prompts.by_id(as_id(state))
    if prompt is None:
        raise Refusal("This message is no longer known. Please type /checkin instead.")
    if prompt.member_id != turn.actor.id:
        raise Refusal("This was asked of somebody else, and only they can answer it.")
    return prompt


def _share(turn: Turn, now: Asked, prompt: Prompt) -> Card:
    store, unsent = turn.store, _unsent_words(turn, now.sheet)
    checkin, _ = changes.record(turn, now.sheet, now.given)
    if unsent:
        # Words that nobody sent are not shared by pressing something else; the form is still filled with them.
        store.drafts.save(turn.actor.id, f"check-in {checkin.id}", unsent)
    store.prompts.mark_answered(prompt.id)
    after = sheet(turn, prompt.closes_on)
    return asked.shared(_asked(turn, after, prompt.id), checkin, turn.now)


def _asked(turn: Turn, stands: Sheet, prompt_id: int) -> Asked:
    """The sheet as the message shows it: of what is typed and not shared, only what can be pressed counts."""
    reader = Reader(stands.typed, "", turn.store)
    drawn = {one.id: found for one in stands.questions if asked.pressable(one) and (found := answers.read(reader, one))}
    shared = {one.question_id: one for one in stands.standing.answers} if stands.standing else {}
    return Asked(stands, shared | drawn, prompt_id, changes.audience(turn, stands.team))


def _unsent_words(turn: Turn, stands: Sheet) -> dict[str, Value]:
    draft: Mapping[str, Value] = turn.store.drafts.find(turn.actor.id, stands.draft)
    pressed = {answers.input_name(one.id) for one in stands.questions if asked.pressable(one)}
    return {name: value for name, value in draft.items() if value and name not in pressed}


def _too_late(turn: Turn, prompt: Prompt, question: Question, value: Value) -> Answer:
    """Keep the answer for the present check-in, and say so."""
    present = sheet(turn, current_day(turn))
    draft = {**present.typed, answers.input_name(question.id): value}
    turn.store.drafts.save(turn.actor.id, present.draft, draft)
    turn.refresh_home()
    return Replace(asked.over(named(prompt.closes_on), prompt.closes_at, named(present.day)))
