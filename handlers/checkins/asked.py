"""The message in which a cadence asks for a check-in: short questions are answered in it, by one press each.

Everything here is pure: from a sheet to a card, and from what was pressed to what a form would have held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.checkins import answers
from handlers.checkins.sheet import Sheet
from handlers.interaction import Value
from handlers.plain import scale_options
from handlers.screens import Block, Button, Buttons, Card, ChoiceInput, Choose, Option, Para, ScaleInput, Small
from handlers.text import Line, Said, Strong, When, count, line, named
from storage.checkins import Answer, CheckIn
from storage.questions import Question

# Beyond these, buttons become a menu, and a menu becomes the form.
MOST_BUTTONS = 5
MOST_OPTIONS = 25
MOST_IN_MESSAGE = 8


def pressable(question: Question) -> tuple[Option, ...]:
    """What can be pressed to answer this question in a message; nothing where that takes more than one press."""
    field = answers.as_input(question, None)
    if isinstance(field, ScaleInput):
        options = scale_options(field)
    elif isinstance(field, ChoiceInput) and not field.many:
        options = field.options
    else:
        options = ()
    return options if len(options) <= MOST_OPTIONS else ()


def in_message(questions: Iterable[Question]) -> list[Question]:
    """Those of these questions that have their control in the message."""
    return [one for one in questions if pressable(one)][:MOST_IN_MESSAGE]


@dataclass(frozen=True)
class Asked:
    """A check-in as it is asked for in a message. `given` are the answers that stand or were pressed, by question."""

    sheet: Sheet
    given: Mapping[int, Answer]
    prompt_id: int
    audience: Line


def invitation(asked: Asked, now: datetime) -> Card:
    """What somebody is asked, with what they have pressed so far."""
    day = named(asked.sheet.day)
    top = f"It is time for your check-in for {day}. "
    if asked.sheet.closed(now):
        top = f"The check-in for {day} has closed. It is still taken, and marked as late. "
    return Card((Para(line(top, *asked.audience)), *_open(asked)))


def kept(asked: Asked) -> Card:
    """After a press with which not all is answered yet."""
    return Card(
        (
            Para(line("Kept for you, and seen by nobody yet. It is shared with the rest of your answers.")),
            *_open(asked),
            Small(asked.audience),
            Buttons((Button("Ask me later", "prompts.back", str(asked.prompt_id)),)),
        )
    )


def shared(asked: Asked, checkin: CheckIn, now: datetime) -> Card:
    """What stands, and who sees it: after the press with which a check-in was shared, or changed."""
    day, closed = named(asked.sheet.day), now >= checkin.closes_at
    if checkin.late:
        top = f"Thank you. Your check-in for {day} is in, marked as late because it had closed. "
    elif closed:
        top = f"The check-in for {day} has closed. Yours stands as you gave it, and you can correct it. "
    elif checkin.edited_at:
        top = f"Your check-in for {day} has been changed. "
    else:
        top = f"Thank you. Your check-in for {day} is in. "
    body: list[Block] = [Para(line(top, *asked.audience))]
    if not closed:
        body += _controls(asked)
        body.append(Small(line("Press again to change an answer, until it closes ", When(checkin.closes_at), ".")))
    label = "Correct in the form" if closed else "Edit in the form"
    return Card((*body, Buttons((Button(label, "checkins.correct", str(checkin.id), opens=True),))))


def over(day: str, closes_at: datetime, present: str) -> Card:
    """After a press that came when not even a late answer is taken any more; what was pressed is kept."""
    return Card(
        (
            Para(line(f"The check-in for {day} closed ", When(closes_at), ", and another has closed since.")),
            Para(line(f"What you pressed is kept for you: press Check in to give it for {present}.")),
            Buttons((Button("Check in", "checkins.start", opens=True, style="primary"),)),
        )
    )


def gone() -> Card:
    """After a press on a question that is asked no longer."""
    return Card(
        (
            Para(line("That question is asked no longer, so nothing was changed.")),
            Buttons((Button("Check in", "checkins.start", opens=True, style="primary"),)),
        )
    )


def pressed(question: Question, key: str) -> Value:
    """What a form would hold had the option of this key been chosen in it; None where there is no such option."""
    return key if any(option.key == key for option in pressable(question)) else None


def missing(asked: Asked) -> bool:
    """Whether something that has to be answered is not."""
    return any(one.required and one.id not in asked.given for one in _applying(asked))


def _applying(asked: Asked) -> list[Question]:
    return answers.reached(asked.sheet.questions, asked.given)


def _open(asked: Asked) -> list[Block]:
    """The controls of what can be pressed, and the way to the form for all else."""
    body, applying = _controls(asked), _applying(asked)
    rest = len(applying) - len(in_message(applying))
    if rest:
        if body:
            body.append(Small(line(f"{count(rest, 'more question')} can be answered in the form.")))
        body.append(Buttons((Button("Check in", "checkins.start", str(asked.prompt_id), opens=True, style="primary"),)))
    return body


def _controls(asked: Asked) -> list[Block]:
    return [block for one in in_message(_applying(asked)) for block in _control(asked, one)]


def _control(asked: Asked, question: Question) -> list[Block]:
    """One question with what can be pressed to answer it; what stands is said in words and marked."""
    words = question.words if question.required else f"{question.words} (optional)"
    answer = asked.given.get(question.id)
    value = answers.as_value(question, answer) if answer else ""
    options, state = pressable(question), f"{asked.prompt_id} {question.id}"
    if len(options) > MOST_BUTTONS:
        menu = tuple(Option(f"{state} {one.key}", one.label) for one in options)
        return [Choose(words, "checkins.answer", menu, f"{state} {value}" if value else "")]
    chosen = [one for one in options if one.key == value]
    stands = line(" You answered: ", Said(chosen[0].label)) if chosen else ()
    buttons = tuple(
        Button(
            one.label,
            "checkins.answer",
            f"{state} {one.key}",
            style="primary" if one in chosen else "",
            describes=f"{question.words[:40]} {one.label}",
        )
        for one in options
    )
    return [Para(line(Strong(words), *stands)), Buttons(buttons)]
