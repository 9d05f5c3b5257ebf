"""Shortening: a screen with fewer words, each text cut with an ellipsis where its platform allows no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from handlers.limits import Limits
from handlers.plain import line_text, span_text
from handlers.screens import (
    Bar,
    Block,
    Button,
    Buttons,
    ChoiceInput,
    Choose,
    Confirm,
    Facts,
    Form,
    Heading,
    Input,
    Option,
    Para,
    Part,
    Rule,
    ScaleInput,
    Screen,
    Small,
    TextInput,
    Toggle,
    Words,
)
from handlers.text import Code, Em, Line, Plain, Said, Span, Strong

S = TypeVar("S", bound=Screen)
T = TypeVar("T")

# The room that the number of a scale and a dash take before its words.
NUMBER_AND_DASH = 8


def shorten(text: str, most: int) -> str:
    """This text in at most so many code points, with an ellipsis where some of it is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def shortened(screen: S, body: list[Part], limits: Limits, most: int, typed: int) -> S:
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
        room = f"Only {limits.options:,} of {total:,} can be shown here."
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
