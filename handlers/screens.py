"""The screen vocabulary: what people see, as data. Each platform draws it; `plain` reads it out as text.

A kind stands here only if every platform can draw it. A new kind needs two features that want it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from handlers.text import Line, Mention

# -- blocks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A short title of ours; may hold a name somebody chose, shown literally."""

    text: str


@dataclass(frozen=True)
class Para:
    """One paragraph."""

    line: Line


@dataclass(frozen=True)
class Small:
    """A remark in small print: why this came, how to stop it, what a figure rests on."""

    line: Line


@dataclass(frozen=True)
class Words:
    """Somebody's own words, set apart as a quotation, shown literally."""

    said: str
    by: Mention | None = None


@dataclass(frozen=True)
class Facts:
    """Label and value, row by row."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Bar:
    """A share from 0 to 1, drawn as a bar; `note` carries it in words, with its n."""

    label: str
    share: float
    note: str


@dataclass(frozen=True)
class Rule:
    """A thin line between two parts."""


@dataclass(frozen=True)
class Confirm:
    """A question before a press takes effect."""

    title: str
    text: str
    yes: str
    no: str = "Not now"


@dataclass(frozen=True)
class Button:
    """Something to press. `state` holds ids only and is a hint, never an authority. `opens`: a form will follow."""

    label: str
    does: str
    state: str = ""
    opens: bool = False
    style: Literal["", "primary", "danger"] = ""
    describes: str = ""
    confirm: Confirm | None = None


@dataclass(frozen=True)
class Buttons:
    """Buttons in one row."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Option:
    """One thing to choose: `key` is what is read back, `label` what is seen."""

    key: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Choose:
    """One of several options, taken at once as it is chosen: a press of `does` with the option's key as its state.

    For what would be too many buttons; up to 25 options. `chosen` is the key of the option that stands.
    """

    label: str
    does: str
    options: tuple[Option, ...]
    chosen: str = ""


# -- inputs ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TextInput:
    """A line of text, or several. `most` is a limit in code points, 3,000 at the highest."""

    name: str
    label: str
    value: str = ""
    long: bool = False
    required: bool = True
    hint: str = ""
    placeholder: str = ""
    most: int = 3000


@dataclass(frozen=True)
class NumberInput:
    """A number, read back as the text that was typed."""

    name: str
    label: str
    value: str = ""
    whole: bool = False
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class ChoiceInput:
    """One of several options, or any of them (`many`); a platform may show the first thousands of them only."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: tuple[str, ...] = ()
    many: bool = False
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class ScaleInput:
    """A whole number from `low` to `high`, with words at both ends."""

    name: str
    label: str
    low: int = 1
    high: int = 5
    low_words: str = ""
    high_words: str = ""
    value: str = ""
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class PeopleInput:
    """Members, picked from the platform's directory; read back as their keys."""

    name: str
    label: str
    value: tuple[str, ...] = ()
    many: bool = False
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class ChannelInput:
    """A channel, picked from the platform's list; read back as its key."""

    name: str
    label: str
    value: str = ""
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class DateInput:
    """A date of the calendar."""

    name: str
    label: str
    value: date | None = None
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class FileInput:
    """One file, chosen on the reader's own device; `endings` are those of names that are offered, without the dot.

    Only for a turn that `takes_files`. A form that is shown again does not hold the file any more.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    required: bool = True
    hint: str = ""


@dataclass(frozen=True)
class Toggle:
    """Yes or no, as one box to tick."""

    name: str
    label: str
    says: str
    on: bool = False
    hint: str = ""


Block: TypeAlias = Heading | Para | Small | Words | Facts | Bar | Rule | Buttons | Choose
Input: TypeAlias = (
    TextInput | NumberInput | ChoiceInput | ScaleInput | PeopleInput | ChannelInput | DateInput | FileInput | Toggle
)
Part: TypeAlias = Block | Input

# -- screens ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A message, in a channel or to one person. `name` lets a platform override how it is drawn."""

    body: tuple[Block, ...]
    name: str = ""


@dataclass(frozen=True)
class Form:
    """Something to fill in. `does` names the submission; `state` holds ids only.

    With `keeps`, what was typed is handed over when the form is closed without sending, so that a draft can be kept.
    A form without `submit` only shows things.
    """

    does: str
    title: str
    body: tuple[Block | Input, ...]
    submit: str = "Send"
    state: str = ""
    close: str = "Cancel"
    keeps: bool = False


@dataclass(frozen=True)
class Home:
    """Where a member finds everything that concerns them."""

    body: tuple[Block, ...]


Screen: TypeAlias = Card | Form | Home

# -- replies ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """Show a form: a new one, or the next step of the one just sent.

    With `instead`, it takes the place of the form in which a button was pressed, where there is one.
    """

    form: Form
    instead: bool = False


@dataclass(frozen=True)
class Invalid:
    """Show the form again, filled as typed, with an error beside each field named."""

    form: Form
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """Tell the person who acted, privately."""

    card: Card


@dataclass(frozen=True)
class Replace:
    """Put this card where the pressed one was; privately said if there was none."""

    card: Card


@dataclass(frozen=True)
class Done:
    """Finished: a form closes. A `note` is said privately."""

    note: str = ""


Reply: TypeAlias = Open | Invalid | Say | Replace | Done


def say(*body: Block) -> Say:
    """A private card of these blocks."""
    return Say(Card(tuple(body)))
