"""The questions of a team or of the company, as a list, and the form of one of them."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.screens import (
    Block,
    Button,
    Buttons,
    ChoiceInput,
    Confirm,
    Form,
    Input,
    NumberInput,
    Option,
    Para,
    Rule,
    Small,
    TextInput,
    Toggle,
)
from handlers.setup.choices import KINDS, PARTS
from handlers.setup.overview import BACK
from handlers.text import Line, Said, Strong, joined, line
from storage.questions import Question

REMOVED = "It is asked no longer, nor what is asked only after it. Answers already given stay."


def questions_form(owner: str, team_id: int | None, asked: Sequence[Question], *, own: bool, note: str = "") -> Form:
    """The questions of a team, or (with no owner) of the company, in order."""
    state = str(team_id or "")
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    body.append(
        Para(
            line(f"{owner or 'Every team without questions of its own'} is asked this when checking in.")
            if own
            else line(f"{owner} is asked the company's questions.")
        )
    )
    for number, question in enumerate(asked, start=1):
        body += _question_line(number, question, asked, own)
    if own:
        buttons = [Button("Add a question", "setup.question", state=f"{state}:", opens=True, style="primary")]
        if team_id:
            buttons.append(
                Button(
                    "Ask the company's instead",
                    "setup.drop_set",
                    state=state,
                    opens=True,
                    confirm=Confirm("Drop this set?", "Answers already given stay with their questions.", "Drop it"),
                )
            )
    else:
        buttons = [Button("Give this team its own", "setup.own_set", state=state, opens=True, style="primary")]
    body += [Rule(), Buttons((*buttons, BACK))]
    return Form("setup.shown", "Questions", tuple(body), submit="", close="Close")


def _question_line(number: int, question: Question, asked: Sequence[Question], own: bool) -> list[Block]:
    trigger = next((one for one in asked if one.id == question.follows), None)
    notes = [KINDS[question.kind] if question.required else f"{KINDS[question.kind]}, optional"]
    about: list[Line] = [line(notes[0])]
    if question.part:
        about.append(line(PARTS[question.part].partition(":")[0].lower()))
    if trigger:
        about.append(line("asked when “", Said(trigger.words), f"” is {' or '.join(question.when)}"))
    found: list[Block] = [Para(line(f"{number}. ", Strong(question.words))), Small(joined(about, " · "))]
    if own:
        state = f"{question.team_id or ''}:{question.id}"
        which = f"question {number}"
        found.append(
            Buttons(
                (
                    Button("Edit", "setup.question", state=state, opens=True, describes=f"Edit {which}"),
                    Button("Up", "setup.move_up", state=state, opens=True, describes=f"Move {which} up"),
                    Button("Down", "setup.move_down", state=state, opens=True, describes=f"Move {which} down"),
                    Button(
                        "Remove",
                        "setup.remove_question",
                        state=state,
                        opens=True,
                        style="danger",
                        describes=f"Remove {which}",
                        confirm=Confirm("Remove it?", REMOVED, "Remove"),
                    ),
                )
            )
        )
    return found


def question_form(question: Question, others: Sequence[Question], state: str) -> Form:
    """A question to ask (its id is 0) or to change."""
    triggers = [one for one in others if one.kind in ("choice", "choices", "yes_no", "scale") and one.id != question.id]
    body: list[Block | Input] = [
        TextInput("words", "Question", question.words, most=300),
        ChoiceInput(
            "kind", "Kind of answer", tuple(Option(key, label) for key, label in KINDS.items()), (question.kind,)
        ),
        Toggle("required", "Must it be answered?", "Yes, it must", question.required),
        TextInput("hint", "Hint below it", question.hint, required=False, most=300),
        TextInput(
            "options",
            "Choices, one a line",
            "\n".join(question.options),
            long=True,
            required=False,
            hint="For the two kinds with choices.",
        ),
        NumberInput("low", "Scale from", str(question.low), whole=True, required=False),
        NumberInput("high", "Scale to", str(question.high), whole=True, required=False),
        TextInput("low_words", "Words at its low end", question.low_words, required=False, most=40),
        TextInput("high_words", "Words at its high end", question.high_words, required=False, most=40),
        ChoiceInput(
            "part",
            "What the answer is used for",
            tuple(Option(key or "-", label[:75]) for key, label in PARTS.items()),
            (question.part or "-",),
        ),
    ]
    if triggers:
        body += [
            ChoiceInput(
                "follows",
                "Ask it only after",
                (Option("-", "Always ask it"), *(Option(str(one.id), one.words) for one in triggers[:98])),
                (str(question.follows) if question.follows else "-",),
            ),
            TextInput(
                "when",
                "when the answer was",
                "\n".join(question.when),
                long=True,
                required=False,
                hint="One a line: yes or no, numbers of the scale, or choices as they are written.",
            ),
        ]
    body.append(Buttons((BACK,)))
    return Form("setup.save_question", "Question", tuple(body), submit="Save", state=state)
