"""Spans: the small pieces of a line. A value is never parsed as markup, so no word becomes a mention or a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Plain:
    """Words of ours, as they stand."""

    text: str


@dataclass(frozen=True)
class Strong:
    """Words of ours, emphasised."""

    text: str


@dataclass(frozen=True)
class Em:
    """Words of ours, set apart."""

    text: str


@dataclass(frozen=True)
class Code:
    """Something to be typed exactly."""

    text: str


@dataclass(frozen=True)
class Mention:
    """A member, by the key that their platform knows and the name that people read."""

    key: str
    name: str


@dataclass(frozen=True)
class ChannelMention:
    """A channel, by its key on the platform."""

    key: str


@dataclass(frozen=True)
class When:
    """An instant, written by each client in its reader's own zone."""

    at: datetime
    style: Literal["date", "time", "both"] = "both"


@dataclass(frozen=True)
class Link:
    """A web address of ours, with the words that stand for it."""

    url: str
    label: str


@dataclass(frozen=True)
class Said:
    """Somebody's own words inside a line; always shown literally."""

    text: str


Span: TypeAlias = Plain | Strong | Em | Code | Mention | ChannelMention | When | Link | Said
Line: TypeAlias = tuple[Span, ...]


def line(*parts: str | Span) -> Line:
    """A line from spans and plain strings, in order."""
    return tuple(Plain(part) if isinstance(part, str) else part for part in parts)


def joined(parts: list[Line], separator: str = ", ") -> Line:
    """Several lines as one, with a separator between them."""
    spans: list[Span] = []
    for number, part in enumerate(parts):
        if number:
            spans.append(Plain(separator))
        spans.extend(part)
    return tuple(spans)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 answer", "2 answers"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@lru_cache(maxsize=64)
def named(day: date) -> str:
    """A date in words: "Friday 6 March"."""
    return f"{day:%A} {day.day} {day:%B}"
