"""Help: what one can do here, read off the features themselves, so that it is never out of date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.feature import Answer, Entry, Feature, Refusal
from handlers.screens import Block, Button, Buttons, Card, Form, Heading, Home, Open, Para, Say, Screen, Small
from handlers.starts import ABOUT_ME, EVERYBODY, SETTINGS, starts
from handlers.text import Code, Line, Said, line
from handlers.turn import Turn

help_ = Feature("help", "What one can do here.")

WAYS = {"me": "me.open", "cadences": "cadences.open", "settings": "setup.open"}
LONGEST_QUOTE = 60


@help_.command(
    "soundings",
    help="See all you can do here, your own page, cadences, or settings",
    usage="[help | me | cadences | settings]",
)
def soundings(turn: Turn) -> Answer:
    """Show what one can do, or lead straight to one's own page or the settings."""
    word = turn.interaction.text
    press = WAYS.get(word.casefold())
    if press:
        return _start(turn, press)
    unknown = "" if word.casefold() in ("", "help") else word
    return Say(Card((*_unknown(unknown), *everything(commands(turn), starts(turn)))))


@help_.press("help.open")
def open_help(turn: Turn) -> Answer:
    """The same, as a page."""
    return Open(page(commands(turn), starts(turn)))


@help_.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """How to find help anywhere."""
    return home_blocks()


def commands(turn: Turn) -> list[Entry]:
    """Every command of every feature."""
    return [entry for feature in turn.features for entry in feature.entries if entry.kind == "command"]


def everything(entries: Sequence[Entry], buttons: tuple[Button, ...]) -> tuple[Block, ...]:
    """All one can do: how each thing is typed, and a button that starts it."""
    return (
        Heading("What you can do here"),
        *(Para(_how_to(entry)) for entry in entries),
        Buttons(buttons),
        Small(line("Each command followed by ", Code("help"), " explains itself. Only you can see this.")),
    )


def page(entries: Sequence[Entry], buttons: tuple[Button, ...]) -> Form:
    """The same, as a page to read."""
    return Form("help.shown", "How it works", everything(entries, buttons), submit="", close="Close")


def home_blocks() -> tuple[Block, ...]:
    """The line on the home that says where help is."""
    return (Small(line("Lost? Type ", Code("/soundings"), " anywhere, and everything you can do here is listed.")),)


def _unknown(word: str) -> tuple[Block, ...]:
    if not word:
        return ()
    quoted = word if len(word) <= LONGEST_QUOTE else word[:LONGEST_QUOTE] + "…"
    return (Para(line("Soundings does not know “", Said(quoted), "”. Perhaps what you look for is among these:")),)


def _how_to(entry: Entry) -> Line:
    typed = Code(f"/{entry.name} {entry.usage}".strip())
    return line(typed, f"  {entry.help.rstrip('.')}.")


def _start(turn: Turn, press: str) -> Answer:
    for feature in turn.features:
        for entry in feature.entries:
            if (entry.kind, entry.name) == ("press", press):
                return entry.function(turn)
    raise Refusal("This part of Soundings is not switched on here.")


@help_.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature, with an example."""
    own = [entry for entry in help_.entries if entry.kind == "command"]
    buttons = (*EVERYBODY, ABOUT_ME, SETTINGS)
    return {
        "list": Card(everything(own, buttons)),
        "list, for an unknown word": Card((*_unknown("holiday"), *everything(own, buttons))),
        "page": page(own, buttons),
        "home": Home(home_blocks()),
    }
