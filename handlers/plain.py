"""Screens as plain text: what a notification and a screen reader say, and what an export holds."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache

from handlers.screens import (
    Bar,
    Block,
    Buttons,
    ChannelInput,
    ChoiceInput,
    Choose,
    DateInput,
    Facts,
    FileInput,
    Form,
    Heading,
    Input,
    NumberInput,
    Option,
    Para,
    PeopleInput,
    Rule,
    ScaleInput,
    Screen,
    Small,
    TextInput,
    Toggle,
    Words,
)
from handlers.text import ChannelMention, Line, Link, Mention, Span, When

DASH = "–"
NEW_LINE = "\n  "


def text(screen: Screen, zone: tzinfo = UTC) -> str:
    """The whole screen in words, with times in this zone."""
    body = [_block_text(block, zone) for block in screen.body]
    if isinstance(screen, Form):
        ends = " ".join(f"[{label}]" for label in (screen.submit, screen.close) if not blank(label))
        body = [shown(screen.title), *body, ends]
    return "\n".join(part for part in body if part) or DASH


def line_text(line: Line, zone: tzinfo = UTC) -> str:
    """One line in words, with times in this zone."""
    return "".join(span_text(span, zone) for span in line)


def span_text(span: Span, zone: tzinfo = UTC) -> str:
    """One span in words, with a time in this zone."""
    match span:
        case Mention():
            return f"@{span.name or span.key}"
        case ChannelMention():
            return f"#{span.key}"
        case When():
            return _when(span, zone)
        case Link():
            return span.url if blank(span.label) else f"{span.label} ({span.url})"
        case _:
            return span.text


def blank(words: str) -> bool:
    """Whether nothing of this can be seen."""
    return not any(letter.isprintable() and not letter.isspace() for letter in words)


def titled(label: str) -> str:
    """A label before what it introduces: with a colon, unless it ends a sentence by itself."""
    words = shown(label)
    return words if words.endswith(("?", ".", ":")) else f"{words}:"


def shown(words: str) -> str:
    """These words, or a dash where nothing could be seen."""
    return DASH if blank(words) else words


@lru_cache(maxsize=128)
def scale_options(scale: ScaleInput) -> tuple[Option, ...]:
    """The numbers of a scale, with its words at both ends."""
    ends = {scale.low: scale.low_words, scale.high: scale.high_words}
    return tuple(
        Option(str(number), f"{number} {DASH} {ends[number]}" if ends.get(number) else str(number))
        for number in range(scale.low, scale.high + 1)
    )


@lru_cache(maxsize=512)
def _when(span: When, zone: tzinfo) -> str:
    at = span.at.astimezone(zone)
    day = f"{at.day} {at:%b %Y}"
    clock = f"{at:%H:%M} {at.tzname() or ''}".rstrip()
    return {"date": day, "time": clock, "both": f"{day}, {clock}"}[span.style]


def _block_text(block: Block | Input, zone: tzinfo) -> str:
    match block:
        case Heading():
            return "" if blank(block.text) else block.text
        case Para() | Small():
            words = line_text(block.line, zone)
            return "" if blank(words) else words
        case Words():
            quoted = "\n".join(f"> {row}" for row in shown(block.said).splitlines())
            return f"{quoted}\n{DASH} {span_text(block.by)}" if block.by else quoted
        case Facts():
            return "\n".join(f"{shown(label)}: {shown(line_text(value, zone))}" for label, value in block.rows)
        case Bar():
            return f"{titled(block.label)} {shown(block.note)}"
        case Buttons():
            return " ".join(f"[{shown(button.label)}]" for button in block.buttons)
        case Choose():
            return f"{titled(block.label)}{_choices(block.options, (block.chosen,), '(x)')}"
        case Rule():
            return ""
        case _:
            return _input_text(block)


def _input_text(field: Input) -> str:
    hint = "" if blank(field.hint) else f" ({field.hint})"
    given = _given(field)
    return f"{shown(field.label)}{hint}:{'' if given.startswith(NEW_LINE) else ' '}{given}".rstrip()


def _given(field: Input) -> str:
    match field:
        case TextInput():
            return field.value or field.placeholder
        case NumberInput() | ChannelInput():
            return field.value
        case ChoiceInput():
            return _choices(field.options, field.value, "[x]" if field.many else "(x)")
        case ScaleInput():
            return _choices(scale_options(field), (field.value,), "(x)")
        case PeopleInput():
            return ", ".join(field.value)
        case DateInput():
            return field.value.isoformat() if field.value else ""
        case FileInput():
            return ""
        case Toggle():
            return f"{'[x]' if field.on else '[ ]'} {shown(field.says)}"


def _choices(options: tuple[Option, ...], chosen: tuple[str, ...], tick: str) -> str:
    empty = tick.replace("x", " ")
    rows = []
    for option in options:
        note = "" if blank(option.note) else f" ({option.note})"
        rows.append(f"{NEW_LINE}{tick if option.key in chosen else empty} {shown(option.label)}{note}")
    return "".join(rows)
