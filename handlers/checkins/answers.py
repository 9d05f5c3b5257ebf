"""Answers to questions of every kind: from what a form held, back into a form, and into words. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from handlers.interaction import Value
from handlers.plain import blank
from handlers.reading import Reader, clean
from handlers.screens import ChoiceInput, Input, NumberInput, Option, ScaleInput, TextInput
from storage.checkins import Answer
from storage.questions import Question

YES_NO = (Option("yes", "Yes"), Option("no", "No"))
# What people write when nothing is in their way.
NOTHING = frozenset({"-", "–", "—", "none", "nothing", "no", "nope", "nil", "n/a", "na", "no blockers"})
BULLET = re.compile(r"(?:[-–—*+>]+\s+|[•·‣◦]+\s*)+")
MOST_BLOCKERS = 20


def input_name(question_id: int) -> str:
    """The name of a question's input in every form."""
    return f"q{question_id}"


def can_be_asked(question: Question) -> bool:
    """Whether a form can hold this question: a choice needs something to choose from."""
    return question.kind not in ("choice", "choices") or bool(question.options)


def as_input(question: Question, value: Value) -> Input:
    """The input for a question, filled with what was typed or chosen before."""
    name, label, required, hint = input_name(question.id), question.words, question.required, question.hint
    typed = value if isinstance(value, str) else ""
    chosen = value if isinstance(value, tuple) else (typed,) if typed else ()
    match question.kind:
        case "short" | "long":
            return TextInput(name, label, typed, long=question.kind == "long", required=required, hint=hint)
        case "number":
            return NumberInput(name, label, typed, required=required, hint=hint)
        case "scale":
            return ScaleInput(
                name,
                label,
                question.low,
                question.high,
                question.low_words,
                question.high_words,
                typed,
                required=required,
                hint=hint,
            )
        case "yes_no":
            return ChoiceInput(name, label, YES_NO, chosen, required=required, hint=hint)
        case "choice" | "choices":
            options = tuple(Option(str(place), words) for place, words in enumerate(question.options))
            return ChoiceInput(name, label, options, chosen, question.kind == "choices", required=required, hint=hint)


def read(reader: Reader, question: Question) -> Answer | None:
    """The answer in a form, or None where there is none; what will not do becomes an error of the reader."""
    name = input_name(question.id)
    answer = _read(reader, question, name)
    if answer is None and question.required and name not in reader.errors:
        chosen = question.kind in ("choice", "choices", "scale", "yes_no")
        reader.errors[name] = "Please choose an answer." if chosen else "Please write something here."
    return answer


def _read(reader: Reader, question: Question, name: str) -> Answer | None:
    match question.kind:
        case "short" | "long":
            words = reader.text(name)
            return None if blank(words) else Answer(question.id, words=words)
        case "number":
            number = reader.number(name)
            return None if number is None else Answer(question.id, score=number)
        case "scale":
            return _scale(reader, question, name)
        case "yes_no":
            key = reader.choice(name)
            if key not in ("", "yes", "no"):
                reader.errors[name] = "Please choose Yes or No."
            return Answer(question.id, score=float(key == "yes")) if key in ("yes", "no") else None
        case "choice" | "choices":
            return _choice(reader, question, name)


def _scale(reader: Reader, question: Question, name: str) -> Answer | None:
    number = reader.number(name, low=question.low, high=question.high)
    if number is not None and number != int(number):
        reader.errors[name] = f"Please choose a whole number from {question.low} to {question.high}."
    return Answer(question.id, score=number) if number is not None and name not in reader.errors else None


def _choice(reader: Reader, question: Question, name: str) -> Answer | None:
    options = {str(place): words for place, words in enumerate(question.options)}
    keys = reader.choices(name)
    if any(key not in options for key in keys):
        reader.errors[name] = "This can no longer be chosen. Please choose from the list."
        return None
    if question.kind == "choice" and len(keys) > 1:
        reader.errors[name] = "Please choose one answer only."
        return None
    return Answer(question.id, chosen=tuple(options[key] for key in keys)) if keys else None


def as_value(question: Question, answer: Answer) -> Value:
    """What a form must hold to be filled with this answer: the inverse of `read`."""
    match question.kind:
        case "short" | "long":
            return answer.words
        case "number":
            return "" if answer.score is None else repr(answer.score).removesuffix(".0")
        case "scale":
            return "" if answer.score is None else f"{answer.score:.0f}"
        case "yes_no":
            return "yes" if answer.score else "no"
        case "choice" | "choices":
            first = {words: str(place) for place, words in reversed(list(enumerate(question.options)))}
            keys = tuple(first[words] for words in answer.chosen if words in first)
            return keys if question.kind == "choices" else "".join(keys[:1])


def cleaned(value: Value) -> Value:
    """A raw value as a draft can keep it."""
    if isinstance(value, str):
        return clean(value)
    return tuple(clean(one) for one in value) if isinstance(value, tuple) else value


def roots(questions: Sequence[Question], answered: Collection[str]) -> list[Question]:
    """The questions that depend on no other here, in order.

    One whose trigger has gone since it was answered depends on nothing any more, so that its answer is not dropped.
    """
    ids = {one.id for one in questions}
    return [
        one for one in questions if one.follows is None or (one.follows not in ids and input_name(one.id) in answered)
    ]


def reached(questions: Sequence[Question], answers: Mapping[int, Answer]) -> list[Question]:
    """The questions that apply, in order: those that follow nothing, and those whose trigger was answered so."""
    by_id = {one.id: one for one in questions}
    applying = {one.id for one in roots(questions, {input_name(key) for key in answers})}
    grew = True
    while grew:
        more = {
            one.id
            for one in questions
            if one.follows in applying
            and one.id not in applying
            and _triggers(by_id[one.follows], answers.get(one.follows), one.when)
        }
        applying |= more
        grew = bool(more)
    return [one for one in questions if one.id in applying]


def _triggers(question: Question, answer: Answer | None, when: tuple[str, ...]) -> bool:
    """Whether this answer is one of those named; without any named, every answer will do."""
    if answer is None:
        return False
    if not when:
        return True
    match question.kind:
        case "yes_no":
            given: tuple[str, ...] = ("yes" if answer.score else "no",)
        case "scale" | "number":
            given = (f"{answer.score:g}",)
        case "choice" | "choices":
            given = answer.chosen
        case "short" | "long":
            given = (answer.words,)
    return any(one in when for one in given)


def in_words(question: Question, answer: Answer) -> str:
    """An answer as people read it."""
    match question.kind:
        case "short" | "long":
            return answer.words
        case "choice" | "choices":
            return ", ".join(answer.chosen)
        case "yes_no":
            return "Yes" if answer.score else "No"
        case "scale":
            return f"{answer.score:g}, on a scale from {question.low} to {question.high}"
        case "number":
            return f"{answer.score:,.15g}"


def blockers_in(said: Iterable[str]) -> list[str]:
    """The blockers in these answers, one a line, without bullets; "none" and the like alone is no blocker.

    A very long list becomes a few items, the last of which holds all the rest.
    """
    rows = [BULLET.sub("", row.strip(), count=1).strip() for words in said for row in words.splitlines()]
    items = [row for row in rows if not blank(row)]
    if len(items) == 1 and items[0].rstrip(".!").casefold() in NOTHING:
        return []
    if len(items) > MOST_BLOCKERS:
        items[MOST_BLOCKERS - 1 :] = ["\n".join(items[MOST_BLOCKERS - 1 :])]
    return list(dict.fromkeys(items))
