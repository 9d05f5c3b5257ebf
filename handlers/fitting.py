"""Fitting: one way to make a screen no longer than its platform allows.

Lengths are counted in code points, as platforms count them. What can only be our mistake raises an error:
two inputs of one name, inputs with nothing to send them, a state that is too long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from handlers.plain import line_text, span_text
from handlers.screens import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Choose,
    Confirm,
    Facts,
    Form,
    Heading,
    Home,
    Input,
    Option,
    Para,
    Rule,
    ScaleInput,
    Screen,
    Small,
    TextInput,
    Toggle,
    Words,
)
from handlers.text import Code, Em, Line, Plain, Said, Span, Strong, line

S = TypeVar("S", bound=Screen)
T = TypeVar("T")
Part: TypeAlias = Block | Input

# Longest texts to try, in turn, for a screen that is too long as a whole.
SHORTER = (1500, 750, 300)
# The same for what inputs hold, when nothing else is left to shorten.
SHORTEST = (1000, 300, 100)
# The room that the number of a scale and a dash take before its words.
NUMBER_AND_DASH = 8


@dataclass(frozen=True)
class Limits:
    """What one platform allows: texts in code points, counts, and whole screens in what `size` measures."""

    card_blocks: int
    form_blocks: int
    home_blocks: int
    card_size: int
    view_size: int
    text: int
    heading: int
    form_title: int
    form_button: int
    form_state: int
    name: int
    button: int
    button_state: int
    button_describes: int
    buttons: int
    choose: int
    confirm_title: int
    confirm_text: int
    confirm_button: int
    label: int
    hint: int
    placeholder: int
    typed: int
    options: int
    option_label: int
    option_note: int
    option_key: int
    rows: int


def fit(screen: S, limits: Limits, size: Callable[[Screen], int]) -> S:
    """The same screen within these limits; `size` says how large it is once drawn.

    Raises ValueError for a screen that no shortening can save: a mistake of ours, named in the message.
    """
    check(screen, limits)
    room = limits.card_size if isinstance(screen, Card) else limits.view_size
    body = [piece for part in screen.body for piece in _pieces(part, limits)]
    keep = _count_that_fits(body, _most_blocks(screen, limits))
    for most in (limits.text, *SHORTER):
        fitted = _shortened(screen, _kept(body, keep), limits, most, limits.typed)
        if size(fitted) <= room:
            return fitted
    for fewer in range(keep - 1, -1, -1):
        fitted = _shortened(screen, _kept(body, fewer), limits, SHORTER[-1], limits.typed)
        if size(fitted) <= room:
            return fitted
    for most in SHORTEST:
        fitted = _shortened(screen, _kept(body, 0), limits, most, most)
        if size(fitted) <= room:
            return fitted
    raise ValueError("This screen asks for more than one screen can hold.")


def shorten(text: str, most: int) -> str:
    """This text in at most so many code points, with an ellipsis where some of it is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def check(screen: Screen, limits: Limits) -> None:
    """Raise ValueError, naming what is wrong, for a screen that is a mistake of ours."""
    if isinstance(screen, Form):
        _check_reference("form", screen.does, screen.state, limits.name, limits.form_state)
        _check_inputs(screen, limits)
    for block in screen.body:
        for button in block.buttons if isinstance(block, Buttons) else ():
            _check_reference("button", button.does, button.state, limits.name, limits.button_state)
        if isinstance(block, Choose):
            _check_choose(block, limits)


def _check_inputs(form: Form, limits: Limits) -> None:
    inputs = [part for part in form.body if not isinstance(part, Block)]
    names = [field.name for field in inputs]
    if len(set(names)) < len(names):
        raise ValueError("Two inputs of this form have the same name.")
    if not all(0 < len(name) <= limits.name for name in names):
        raise ValueError("The name of an input is empty or too long.")
    if inputs and not form.submit:
        raise ValueError("This form has inputs and nothing to send them.")
    for field in inputs:
        _check_options(field, limits)


def _check_reference(kind: str, does: str, state: str, most_name: int, most_state: int) -> None:
    if not 0 < len(does) <= most_name:
        raise ValueError(f"The name of a {kind} is empty or too long.")
    if len(state) > most_state:
        raise ValueError(f"The {kind} {does!r} carries too much state.")


def _check_choose(block: Choose, limits: Limits) -> None:
    if not 0 < len(block.options) <= limits.choose:
        raise ValueError(f"The choice {block.does!r} has no options or too many.")
    for option in block.options:
        _check_reference("choice", block.does, option.key, limits.name, limits.option_key)


def _check_options(field: Input, limits: Limits) -> None:
    if isinstance(field, ScaleInput) and not 0 <= field.high - field.low < limits.options:
        raise ValueError(f"The scale {field.name!r} has no numbers or too many.")
    if isinstance(field, ChoiceInput):
        if not field.options:
            raise ValueError(f"The choice {field.name!r} has no options.")
        if not all(0 < len(option.key) <= limits.option_key for option in field.options):
            raise ValueError(f"An option of {field.name!r} has a key that is empty or too long.")


# -- which blocks --------------------------------------------------------------------------------------------


def _most_blocks(screen: Screen, limits: Limits) -> int:
    match screen:
        case Card():
            return limits.card_blocks
        case Form():
            return limits.form_blocks
        case Home():
            return limits.home_blocks


def _pieces(part: Part, limits: Limits) -> list[Part]:
    """A block in pieces that a platform can draw, and that can be left out one by one."""
    match part:
        case Buttons():
            return [Buttons(row) for row in _chunks(part.buttons, limits.buttons)]
        case Facts():
            return [Facts(rows) for rows in _chunks(part.rows, limits.rows)]
        case _:
            return [part]


def _chunks(things: tuple[T, ...], most: int) -> list[tuple[T, ...]]:
    return [things[start : start + most] for start in range(0, len(things), most)]


def _spare(body: list[Part]) -> list[int]:
    """Which places may be left out: not inputs, and not buttons that are the only ones of their screen.

    Of several rows of buttons, each belongs to an item of a list, and may go with it.
    """
    rows = sum(isinstance(part, Buttons) for part in body)
    return [
        place
        for place, part in enumerate(body)
        if isinstance(part, Block) and not (rows == 1 and isinstance(part, Buttons))
    ]


def _count_that_fits(body: list[Part], most: int) -> int:
    """How many of the spare blocks can stay, with one more to say that others are left out."""
    spare = len(_spare(body))
    keep = spare if len(body) <= most else spare - (len(body) - most + 1)
    if keep < 0:
        raise ValueError("This form has too many inputs.")
    return keep


def _kept(body: list[Part], keep: int) -> list[Part]:
    """The body with so many of its spare blocks, and a remark where the first one is missing."""
    missing = _spare(body)[keep:]
    if not missing:
        return body
    kept = [part for place, part in enumerate(body) if place not in set(missing)]
    kept.insert(missing[0], Small(line(_missing_words(sum(_things(body[place]) for place in missing)))))
    return kept


def _things(part: Part) -> int:
    match part:
        case Facts():
            return len(part.rows)
        case Rule() | Buttons() | Choose():
            return 0
        case _:
            return 1


def _missing_words(number: int) -> str:
    return "1 more is not shown here." if number < 2 else f"{number:,} more are not shown here."


# -- how many words ------------------------------------------------------------------------------------------


def _shortened(screen: S, body: list[Part], limits: Limits, most: int, typed: int) -> S:
    """The screen with this body, its blocks at most `most` long and what its inputs hold at most `typed`."""
    short: Any = tuple(
        _short_block(part, limits, most) if isinstance(part, Block) else _short_input(part, limits, typed)
        for part in body
    )
    if not isinstance(screen, Form):
        return _with(screen, body=short)
    return _with(
        screen,
        title=shorten(screen.title, limits.form_title),
        submit=shorten(screen.submit, limits.form_button),
        close=shorten(screen.close, limits.form_button),
        body=short,
    )


def _with(thing: T, **values: Any) -> T:
    """The thing with these values; most are short enough as they are, and to copy them would be most of the work."""
    if all(getattr(thing, name) == value for name, value in values.items()):
        return thing
    copied: Any = thing
    return replace(copied, **values)  # type: ignore[no-any-return]


def _short_block(block: Block, limits: Limits, most: int) -> Block:
    match block:
        case Heading():
            return Heading(shorten(block.text, limits.heading))
        case Para() | Small():
            return _with(block, line=_short_line(block.line, most))
        case Words():
            return _with(block, said=shorten(block.said, most))
        case Facts():
            return Facts(tuple((shorten(label, most), _short_line(value, most)) for label, value in block.rows))
        case Bar():
            return _with(block, label=shorten(block.label, most), note=shorten(block.note, most))
        case Buttons():
            return Buttons(tuple(_short_button(button, limits) for button in block.buttons))
        case Choose():
            return _with(
                block,
                label=shorten(block.label, most),
                options=_short_options(block.options, limits, limits.option_label),
            )
        case Rule():
            return block


def _short_line(whole: Line, most: int) -> Line:
    if len(line_text(whole)) <= most:
        return whole
    kept: list[Span] = []
    left = most - 1
    for span in whole:
        length = len(span_text(span))
        if length > left:
            if isinstance(span, Plain | Strong | Em | Code | Said):
                kept.append(_with(span, text=span.text[:left].rstrip()))
            break
        kept.append(span)
        left -= length
    return (*kept, Plain("…"))


def _short_button(button: Button, limits: Limits) -> Button:
    return _with(
        button,
        label=shorten(button.label, limits.button),
        describes=shorten(button.describes, limits.button_describes),
        confirm=_short_confirm(button.confirm, limits) if button.confirm else None,
    )


def _short_confirm(confirm: Confirm, limits: Limits) -> Confirm:
    return Confirm(
        title=shorten(confirm.title, limits.confirm_title),
        text=shorten(confirm.text, limits.confirm_text),
        yes=shorten(confirm.yes, limits.confirm_button),
        no=shorten(confirm.no, limits.confirm_button),
    )


def _short_input(field: Input, limits: Limits, typed: int) -> Input:
    field = _with(
        field,
        label=shorten(field.label, min(limits.label, typed)),
        hint=shorten(field.hint, min(limits.hint, typed)),
    )
    match field:
        case TextInput():
            most = max(1, min(field.most, limits.typed))
            return _with(
                field,
                value=shorten(field.value, min(most, typed)),
                placeholder=shorten(field.placeholder, limits.placeholder),
                most=most,
            )
        case ChoiceInput():
            return _short_choice(field, limits, typed)
        case ScaleInput():
            ends = limits.option_label - NUMBER_AND_DASH
            return _with(field, low_words=shorten(field.low_words, ends), high_words=shorten(field.high_words, ends))
        case Toggle():
            return _with(field, says=shorten(field.says, limits.option_label))
        case _:
            return field


def _short_choice(field: ChoiceInput, limits: Limits, typed: int) -> ChoiceInput:
    """The choice with as many options as fit, those chosen among them, and a hint if others are missing."""
    total, hint, options = len(field.options), field.hint, field.options
    if total > limits.options:
        # A stable sort: what is chosen first, all else in its own order.
        options = tuple(sorted(options, key=lambda option: option.key not in field.value))[: limits.options]
        room = f"Only {limits.options} of {total:,} can be shown here."
        hint = f"{shorten(hint, min(limits.hint, typed) - len(room) - 1)} {room}".strip()
    return _with(field, hint=hint, options=_short_options(options, limits, typed))


def _short_options(options: tuple[Option, ...], limits: Limits, most: int) -> tuple[Option, ...]:
    return tuple(
        _with(
            option,
            label=shorten(option.label, min(limits.option_label, most)),
            note=shorten(option.note, min(limits.option_note, most)),
        )
        for option in options
    )
