"""A feature: one thing people can do here, as a table of names and plain functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from handlers.interaction import Kind
from handlers.screens import Block, Card, Reply, Screen

if TYPE_CHECKING:
    from handlers.reading import Reader
    from handlers.turn import Turn
    from storage.cadences import Cadence
    from storage.prompts import Prompt

Answer: TypeAlias = Reply | list[Reply] | None
Function: TypeAlias = Callable[..., Answer]
AsksFor: TypeAlias = "Callable[[Turn, Prompt], Card | None]"
Closes: TypeAlias = "Callable[[Turn, Cadence, date], None]"


class Refusal(Exception):
    """Something this person may not or cannot do; its message is shown to them privately, and is no fault of ours."""


@dataclass(frozen=True)
class Entry:
    """One name that people can reach, and the function behind it."""

    kind: Kind
    name: str
    function: Function
    reads: Callable[[Reader], Any] | None = None
    help: str = ""
    usage: str = ""


class Feature:
    """Collects what a feature answers to. Handlers are registered by decorators and are called with a `Turn`."""

    def __init__(self, name: str, says: str) -> None:
        self.name = name
        self.says = says
        self.entries: list[Entry] = []
        self.home: Callable[[Turn], Iterable[Block]] | None = None
        self.asks = ""
        self.prompt: Callable[[Turn, Prompt], Card | None] | None = None
        self.close: Callable[[Turn, Cadence, date], None] | None = None
        self.examples: Callable[[], dict[str, Screen]] | None = None

    def command(self, name: str, *, help: str, usage: str = "") -> Callable[[Function], Function]:
        """Answer a command, typed as `/name`."""
        return self._entry("command", name, help=help, usage=usage)

    def press(self, name: str) -> Callable[[Function], Function]:
        """Answer a pressed button."""
        return self._entry("press", name)

    def submit(self, name: str, *, reads: Callable[[Reader], Any] | None = None) -> Callable[[Function], Function]:
        """Answer a form that was sent. With `reads`, the function also gets what that made of the values."""
        return self._entry("submission", name, reads=reads)

    def closed(self, name: str) -> Callable[[Function], Function]:
        """Answer a form that was closed without being sent."""
        return self._entry("closed", name)

    def shortcut(self, name: str) -> Callable[[Function], Function]:
        """Answer a shortcut, global or on a message."""
        return self._entry("shortcut", name)

    def on_home(self, function: Callable[[Turn], Iterable[Block]]) -> Callable[[Turn], Iterable[Block]]:
        """What this feature shows on a member's home."""
        self.home = function
        return function

    def on_prompt(self, asks: str) -> Callable[[AsksFor], AsksFor]:
        """What a prompt of this feature says, or None where there is nothing to ask any more.

        With it the feature can be put on a cadence, where it is called what `asks` says: "Check-in questions". Why the
        prompt came and how to stop it is added to what the function returns.
        """

        def register(function: AsksFor) -> AsksFor:
            self.asks, self.prompt = asks, function
            return function

        return register

    def on_close(self, function: Closes) -> Closes:
        """What this feature does, once, when an occurrence of any cadence has closed in all zones.

        If it fails, that is logged and undone, and is not tried again: the occurrence has closed all the same.
        """
        self.close = function
        return function

    def gallery(self, function: Callable[[], dict[str, Screen]]) -> Callable[[], dict[str, Screen]]:
        """An example of every screen of this feature, by name; the gallery draws them all."""
        self.examples = function
        return function

    def _entry(self, kind: Kind, name: str, **more: Any) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            self.entries.append(Entry(kind, name, function, **more))
            return function

        return register
