"""An interaction: one thing a person did, stripped of its platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from handlers.text import Mention, Plain, Said
from storage.workspaces import WorkspaceKey

Kind: TypeAlias = Literal["command", "press", "submission", "closed", "shortcut", "event"]


@dataclass(frozen=True)
class File:
    """A file that somebody chose in a form, as the platform describes it: its name, its media type, its size in bytes.

    `address` is where the platform keeps it for us; empty where we cannot have it.
    """

    name: str = field(repr=False)
    kind: str
    size: int
    address: str = field(repr=False)


Value: TypeAlias = str | tuple[str, ...] | File | bool | None
Values: TypeAlias = Mapping[str, Value]
NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """Where it happened: a channel or chat, or a form or home that is no place in any channel."""

    kind: Literal["channel", "chat", "form", "home", "none"] = "none"
    channel: str = ""


@dataclass(frozen=True)
class About:
    """The message that a message shortcut was used on."""

    author: str
    said: str
    channel: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Interaction:
    """One thing a person did.

    `name` is what our screen or manifest calls it. `parts` is what followed a command: words, and the members named in
    them. `values` are what a form held, by input name: a string, several keys, a file, a truth, or None where nothing
    was given. `state` is what our button or form carried: ids only, a hint and never an authority. `id` is the same
    when the platform sends the same thing twice; of a submission it is the id of the form as drawn. `takes_files` says
    whether we may read files that are chosen in forms here.
    """

    kind: Kind
    name: str
    workspace: WorkspaceKey
    actor: str
    id: str
    parts: tuple[Plain | Said | Mention, ...] = ()
    values: Values = field(default_factory=lambda: NOTHING, repr=False)
    state: str = field(default="", repr=False)
    place: Place = Place()
    about: About | None = field(default=None, repr=False)
    takes_files: bool = False

    @property
    def text(self) -> str:
        """What followed a command, with members written as @name."""
        return "".join(f"@{part.name}" if isinstance(part, Mention) else part.text for part in self.parts).strip()
