"""The router: one interaction, one transaction, one function."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from handlers.bounds import USUAL, Bounds
from handlers.feature import Answer, Entry, Feature, Refusal
from handlers.interaction import Interaction, Kind
from handlers.reading import Reader
from handlers.screens import Button, Buttons, Done, Home, Para, Reply, Say, Small, say
from handlers.text import Code, line
from handlers.turn import Turn, home
from storage.engine import Storage
from storage.errors import Conflict, Unavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

# Letters and digits that nobody mistakes for one another when reading them out.
TOKEN_LETTERS = "ACDEFGHJKLMNPQRTUVWXY3479"


@dataclass(frozen=True)
class Outcome:
    """What came of an interaction. `kept` says whether its transaction was, `queued` whether it put a message on its
    way, `known` whether the directory has told us of who acted.
    """

    replies: tuple[Reply, ...] = ()
    kept: bool = True
    queued: bool = False
    known: bool = True


class Router:
    """Finds the function for an interaction and runs it inside one transaction.

    Raises ValueError at construction when two features claim the same name.
    """

    def __init__(self, features: tuple[Feature, ...], storage: Storage, bounds: Bounds = USUAL) -> None:
        self.features = features
        self.storage = storage
        self.bounds = bounds
        self.entries: dict[tuple[Kind, str], Entry] = {}
        for feature in features:
            for entry in feature.entries:
                if (entry.kind, entry.name) in self.entries:
                    raise ValueError(f"Two features answer to the {entry.kind} {entry.name!r}.")
                self.entries[entry.kind, entry.name] = entry

    def handle(self, interaction: Interaction, actor_name: str = "") -> Outcome:
        """Answer one interaction. Never raises: what goes wrong becomes a sentence with a token, and a log entry."""
        try:
            return self._once_or_twice(lambda: self._turn(interaction, actor_name))
        except Refusal as refusal:
            return Outcome((say(Para(line(str(refusal)))),), kept=False)
        except Unavailable:
            return Outcome((trouble("The database cannot be reached just now.", interaction),), kept=False)
        except Exception:
            return Outcome((trouble("Something broke on our side.", interaction),), kept=False)

    def open_home(self, interaction: Interaction) -> Home:
        """The home of the member who opened it. Raises what storage raises."""

        def draw() -> Home:
            with self.storage.begin(interaction.workspace, actor=interaction.actor) as store:
                actor = store.members.greet(interaction.actor)
                if not store.only_reads:
                    store.members.looked_at_home(actor.id)
                return home(Turn(store, actor, interaction, self.features, self.bounds))

        return self._once_or_twice(draw)

    def _once_or_twice(self, work: Callable[[], T]) -> T:
        # Two fast presses are two identical requests: the second sees what the first wrote when it runs again.
        try:
            return work()
        except Conflict:
            return work()

    def _turn(self, interaction: Interaction, actor_name: str) -> Outcome:
        with self.storage.begin(interaction.workspace, actor=interaction.actor) as store:
            actor = store.members.greet(interaction.actor, actor_name)
            if not actor.active:
                raise Refusal("Your account here is deactivated, so Soundings cannot act for you.")
            turn = Turn(store, actor, interaction, self.features, self.bounds)
            entry = self.entries.get((interaction.kind, interaction.name))
            if entry is None:
                return Outcome((expired(),) if interaction.kind != "closed" else (), known=actor.known)
            # A command whose usage names help gives it in its own way.
            if interaction.kind == "command" and interaction.text.casefold() == "help" and "help" not in entry.usage:
                return Outcome((how_to(entry),), known=actor.known)
            replies = _as_tuple(self._call(entry, turn))
            return Outcome(replies, queued=store.deliveries.announced, known=actor.known)

    def _call(self, entry: Entry, turn: Turn) -> Answer:
        if entry.reads is None:
            return entry.function(turn)
        reader = Reader(turn.interaction.values, turn.state, turn.store)
        return entry.function(turn, entry.reads(reader))


def _as_tuple(answer: Answer) -> tuple[Reply, ...]:
    if answer is None:
        return (Done(),)
    return tuple(answer) if isinstance(answer, list) else (answer,)


def how_to(entry: Entry) -> Say:
    """What a command does, and how it is typed."""
    return say(
        Para(line(Code(f"/{entry.name} {entry.usage}".strip()), f"  {entry.help}.")),
        Small(line("Everything else: ", Code("/soundings"), ". Only you can see this.")),
    )


def expired() -> Say:
    """What is said about a button or form that no longer exists."""
    return say(
        Para(line("This has expired: Soundings no longer knows the button or form you used.")),
        Small(line("Nothing was changed. Start again from here, or type ", Code("/soundings"), " for help.")),
        Buttons(
            (
                Button("Check in", "checkins.start", opens=True),
                Button("Give kudos", "kudos.start", opens=True),
            )
        ),
    )


def trouble(what: str, interaction: Interaction) -> Say:
    """A sentence with a token for the person; the stack under that token, without their words, for the log."""
    form = interaction.kind == "submission"
    kept = "Nothing was saved; what you typed is still in front of you." if form else "Nothing was saved."
    token = "".join(secrets.choice(TOKEN_LETTERS) for _ in range(4))
    log.exception("trouble %s in %s %s", token, interaction.kind, interaction.name)
    return say(
        Para(line(f"{what} {kept} Please try again in a minute.")),
        Small(line("If it happens again, tell your admin this token: ", Code(token))),
    )
