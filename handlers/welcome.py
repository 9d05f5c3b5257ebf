"""The top of the home: a greeting, what Soundings is, and a way to learn more."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.feature import Feature
from handlers.screens import Block, Buttons, Heading, Home, Para, Screen, Small
from handlers.starts import HELP
from handlers.text import line
from handlers.turn import Turn

welcome = Feature("welcome", "Greets people on their home.")


@welcome.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """The first thing somebody reads on their home."""
    return greeting(turn.actor.name)


def greeting(name: str) -> tuple[Block, ...]:
    """A short greeting, and what this is."""
    return (
        Heading(f"Hello {name}"),
        Para(line("Soundings asks how your work is going, carries thanks, and shows teams how their week went.")),
        Buttons((HELP,)),
        Small(line("Only you can see this page. Nobody is scored or ranked, and nothing is read but what you send.")),
    )


@welcome.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature, with an example."""
    return {"home": Home(greeting("Ana Alves"))}
