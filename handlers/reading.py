"""Typed reading: raw values of a form into members, numbers and dates, with a sentence for each that will not do.

Validation lives here and in the features, never in a widget: a platform may check less than it claims.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from handlers import plain
from handlers.interaction import File, Values

if TYPE_CHECKING:
    from storage.members import Member
    from storage.store import Store

MOST_WORDS = 3000


class Reader:
    """Reads the values of one form. `errors` fills up, by input name, with what will not do."""

    def __init__(self, values: Values, state: str, store: Store) -> None:
        self.values = values
        self.state = state
        self.store = store
        self.errors: dict[str, str] = {}

    def text(self, name: str, *, required: bool = False, most: int = MOST_WORDS) -> str:
        """What was typed, trimmed, without characters that no database or screen can hold."""
        value = self.values.get(name)
        words = clean(value) if isinstance(value, str) else ""
        if required and plain.blank(words):
            self.errors[name] = "Please write something here."
        elif len(words) > most:
            self.errors[name] = f"This is {len(words):,} characters long; {most:,} fit here."
        return words

    def choice(self, name: str) -> str:
        """The one key that was chosen, or nothing."""
        value = self.values.get(name)
        return value if isinstance(value, str) else value[0] if isinstance(value, tuple) and value else ""

    def choices(self, name: str) -> tuple[str, ...]:
        """All keys that were chosen, each once, in order."""
        value = self.values.get(name)
        given = (value,) if isinstance(value, str) and value else value if isinstance(value, tuple) else ()
        return tuple(dict.fromkeys(given))

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self.values.get(name) is True

    def number(self, name: str, *, low: float | None = None, high: float | None = None) -> float | None:
        """A number, or None where nothing was typed or what was typed is none (then with an error)."""
        words = self.text(name)
        if not words:
            return None
        number = as_number(words)
        if number is None:
            self.errors[name] = "Please write a number, such as 3 or 2.5."
        elif (low is not None and number < low) or (high is not None and number > high):
            self.errors[name] = _bounds(low, high)
        return number

    def date(self, name: str) -> date | None:
        """A date, or None where none was given."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.errors[name] = "Please pick a date."
            return None

    def file(self, name: str) -> File | None:
        """The file that was chosen, if one was."""
        value = self.values.get(name)
        return value if isinstance(value, File) else None

    def members(self, name: str) -> list[Member]:
        """The members of this workspace behind the keys; a key that is nobody here is named in an error."""
        keys = self.choices(name)
        found = self.store.members.by_keys(keys)
        if len(found) < len(keys):
            self.errors[name] = "Somebody here is not in this workspace. Please pick people from the list."
        return found


def clean(words: str) -> str:
    """Words as they can be kept: without NUL, without halves of characters, and trimmed."""
    return words.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()


def as_id(state: str) -> int:
    """The id that a button or form carried; 0, which is nobody's, where it carried none."""
    return int(state) if state.isdecimal() and len(state) < 19 else 0


def as_number(words: str) -> float | None:
    """The finite number written here, with a point or a comma, or None."""
    try:
        number = float(words.replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None


def _bounds(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"Please write a number from {low:g} to {high:g}."
    return f"Please write a number of at least {low:g}." if low is not None else f"At most {high:g}, please."
