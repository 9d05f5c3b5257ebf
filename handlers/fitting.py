"""Fitting: one way to make a screen no longer than its platform allows, with shorter words first, then fewer blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from handlers.limits import Limits, check
from handlers.screens import Block, Buttons, Card, ChoiceInput, Choose, Facts, Form, Home, Part, Rule, Screen, Small
from handlers.shortening import shorten, shortened
from handlers.text import line

S = TypeVar("S", bound=Screen)
T = TypeVar("T")

# How many options of a choice to try, in turn, for a screen that is too long as a whole.
FEWER_OPTIONS = (2_000, 1_000, 500, 200, 100)
# Longest texts to try then.
SHORTER = (1500, 750, 300)
# The same for what inputs hold, when nothing else is left to shorten.
SHORTEST = (1000, 300, 100)


def fit(screen: S, limits: Limits, size: Callable[[Screen], int]) -> S:
    """The same screen within these limits; `size` says how large it is once drawn.

    Raises ValueError for a screen that no shortening can save: a mistake of ours, named in the message.
    """
    check(screen, limits)
    room = limits.card_size if isinstance(screen, Card) else limits.view_size
    body = [piece for part in screen.body for piece in _pieces(part, limits)]
    keep = _count_that_fits(body, _most_blocks(screen, limits))
    for fewer in _with_fewer_options(body, limits):
        fitted = shortened(screen, _kept(body, keep), fewer, limits.text, limits.typed)
        if size(fitted) <= room:
            return fitted
    limits = fewer
    for most in SHORTER:
        fitted = shortened(screen, _kept(body, keep), limits, most, limits.typed)
        if size(fitted) <= room:
            return fitted
    for kept in range(keep - 1, -1, -1):
        fitted = shortened(screen, _kept(body, kept), limits, SHORTER[-1], limits.typed)
        if size(fitted) <= room:
            return fitted
    for most in SHORTEST:
        fitted = shortened(screen, _kept(body, 0), limits, most, most)
        if size(fitted) <= room:
            return fitted
    raise ValueError("This screen asks for more than one screen can hold.")


def is_shortened(text: str, whole: str) -> bool:
    """Whether this is what an input held in place of a text for which its form had no room."""
    return text != whole and any(text == shorten(whole, most) for most in SHORTEST)


def _with_fewer_options(body: list[Part], limits: Limits) -> Iterator[Limits]:
    yield limits
    longest = max((len(part.options) for part in body if isinstance(part, ChoiceInput)), default=0)
    yield from (replace(limits, options=few) for few in FEWER_OPTIONS if few < min(longest, limits.options))


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
