"""A small language to write down what JSON may look like: strings, lists, objects, choices by type.

Every shape answers `check(value, at)` with the problems it finds; none of them ever raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

Json = Mapping[str, object]


@dataclass(frozen=True)
class Problem:
    """One rule that was broken: where (a JSON pointer), what, and Slack's code for it."""

    pointer: str
    message: str
    code: str = "failed_constraint"

    @property
    def line(self) -> str:
        """The problem as Slack writes it in `response_metadata.messages`."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


class Shape(Protocol):
    """What a piece of JSON may look like."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        """Yield what is wrong with the value found at that JSON pointer."""
        ...


@dataclass(frozen=True)
class Text:
    """A string, its length counted in code points."""

    longest: int | None = None
    shortest: int = 1
    pattern: str | None = None
    expected: str = "a valid value"

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string")
        elif len(value) < self.shortest:
            yield Problem(at, f"must be more than {self.shortest - 1} characters")
        elif self.longest is not None and len(value) > self.longest:
            yield Problem(at, f"must be less than {self.longest + 1} characters")
        elif self.pattern is not None and not re.fullmatch(self.pattern, value):
            yield Problem(at, f"must be {self.expected}")


@dataclass(frozen=True)
class Day:
    """A calendar day written YYYY-MM-DD."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string")
        elif not _is_day(value):
            yield Problem(at, "must be a date in the form YYYY-MM-DD")


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if value not in self.words:
            yield Problem(at, f"must be one of: {', '.join(self.words)}")


@dataclass(frozen=True)
class Whole:
    """A whole number between two bounds, both included."""

    lowest: int
    highest: int | None = None

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "must provide an integer")
        elif value < self.lowest:
            yield Problem(at, f"must be at least {self.lowest}")
        elif self.highest is not None and value > self.highest:
            yield Problem(at, f"must be at most {self.highest}")


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem(at, "must provide a boolean")


@dataclass(frozen=True)
class Anything:
    """An object whose inside is not looked at."""

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(at, "must provide an object")


@dataclass(frozen=True)
class Many:
    """A list of things of one shape."""

    of: Shape
    fewest: int = 1
    most: int | None = None

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array")
            return
        if len(value) < self.fewest:
            yield Problem(at, f"no fewer than {self.fewest} items allowed")
        if self.most is not None and len(value) > self.most:
            yield Problem(at, f"no more than {self.most} items allowed")
        for index, item in enumerate(value):
            yield from self.of.check(item, f"{at}/{index}")


Rules = tuple[Callable[[Json, str], Iterator[Problem]], ...]


@dataclass(frozen=True)
class Object:
    """An object with the properties it needs and those it may have; any other is refused.

    `rules` relate several properties to each other; they are asked once each property is right by itself.
    """

    needs: Mapping[str, Shape] = field(default_factory=dict)
    may: Mapping[str, Shape] = field(default_factory=dict)
    rules: Rules = ()

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(at, "must provide an object")
            return
        problems = list(self._properties(value, at))
        yield from problems
        if not problems:
            for rule in self.rules:
                yield from rule(value, at)

    def _properties(self, value: Json, at: str) -> Iterator[Problem]:
        for name in self.needs:
            if name not in value:
                yield Problem(at, f"missing required field: {name}")
        for name, inside in value.items():
            shape = self.needs.get(name) or self.may.get(name)
            if shape is None:
                yield Problem(at, f"invalid additional property: {name}")
            else:
                yield from shape.check(inside, f"{at}/{name}")


@dataclass(frozen=True)
class ByType:
    """An object whose `type` property says which of several shapes it has."""

    types: Mapping[str, Object]

    def check(self, value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(at, "must provide an object")
            return
        kind = value.get("type")
        if "type" not in value:
            yield Problem(at, "missing required field: type")
        elif not isinstance(kind, str):
            yield Problem(f"{at}/type", "must provide a string")
        elif kind not in self.types:
            yield Problem(f"{at}/type", f"unsupported type: {kind}")
        else:
            rest = {name: inside for name, inside in value.items() if name != "type"}
            yield from self.types[kind].check(rest, at)


def one_of(first: str, second: str) -> Callable[[Json, str], Iterator[Problem]]:
    """The rule that exactly one of two properties is given."""

    def rule(value: Json, at: str) -> Iterator[Problem]:
        if (first in value) == (second in value):
            yield Problem(at, f"must provide exactly one of: {first}, {second}")

    return rule


def as_list(value: object) -> list[object]:
    """The value itself if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
