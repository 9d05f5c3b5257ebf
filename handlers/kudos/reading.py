"""What was typed to thank somebody, read and checked: from the form, and from the words after the command."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta

from handlers.interaction import Interaction
from handlers.kudos.screens import PRIVATE, Typed
from handlers.reading import MOST_WORDS, Reader, clean
from handlers.text import Mention
from handlers.turn import Turn
from storage.members import Member

MOST_PEOPLE = 25
WEEK = timedelta(days=7)
# Letters and signs by their category, and yet nothing is seen of them.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
# "Ana thanked Bo." and below it "for staying late" reads well, so only marks before the reason are left out.
LEADING = re.compile(r"^[\s,;:–-]+")
BETWEEN = re.compile(r"[\s,&+]*(?:and\b)?[\s,]*", re.IGNORECASE)


@dataclass(frozen=True)
class Given:
    """A thank-you as somebody wants to give it. `errors` are by input name; `draft` is as `Typed` has it."""

    to: list[Member]
    keys: tuple[str, ...]
    words: str
    value_id: int | None
    public: bool
    errors: dict[str, str] = field(default_factory=dict)
    draft: str = ""

    @property
    def typed(self) -> Typed:
        """The same, as the form holds it."""
        return Typed(self.keys, self.words, str(self.value_id or ""), self.public, draft=self.draft)


def read_given(read: Reader) -> Given:
    """Read the form."""
    value = read.choice("value")
    words = read.text("words", required=True)
    given = Given(
        to=read.members("to"),
        keys=read.choices("to"),
        words=words,
        value_id=int(value) if value.isdecimal() else None,
        public=read.choice("public") != PRIVATE,
        errors=read.errors,
        draft=read.state,
    )
    if given.value_id and given.value_id not in {one.id for one in read.store.kudos.company_values()}:
        given.errors["value"] = "This value is no longer used. Please pick another, or none."
    return given


def read_command(turn: Turn) -> Given:
    """Read what followed the command: the members named first are thanked, the rest is what for."""
    keys, words = split(turn.interaction)
    given = Given(turn.store.members.by_keys(keys), keys, words, None, True)
    if len(given.to) < len(keys):
        given.errors["to"] = "Somebody you named is not in this workspace."
    if len(words) > MOST_WORDS:
        given.errors["words"] = f"This is {len(words):,} characters long; {MOST_WORDS:,} fit here."
    return given


def split(interaction: Interaction) -> tuple[tuple[str, ...], str]:
    """The keys of the members who are thanked, and the reason.

    Those named before the reason are thanked; members named later stay in it as @name, and are thanked only where
    nobody was named before.
    """
    keys: list[str] = []
    later: list[str] = []
    words: list[str] = []
    for part in interaction.parts:
        if isinstance(part, Mention):
            if "".join(words).strip():
                words.append(f"@{part.name}")
                later.append(part.key)
            else:
                keys.append(part.key)
        elif words or not BETWEEN.fullmatch(part.text):
            words.append(part.text)
    return tuple(dict.fromkeys(keys or later)), clean(LEADING.sub("", "".join(words), count=1))


def check(turn: Turn, given: Given) -> None:
    """Add to the errors everything that this workspace's rules do not allow."""
    errors, settings = given.errors, turn.settings
    length = visible_length(given.words)
    if "words" not in errors and length < settings.kudos_least:
        errors["words"] = f"Please write at least {settings.kudos_least} characters; there are {length} so far."
    if "to" not in errors and (sentence := _whom(turn, given)):
        errors["to"] = sentence
    earlier = turn.store.kudos.given_since(turn.actor.id, turn.now - WEEK)
    if not errors and earlier >= settings.kudos_weekly:
        errors["words"] = (
            f"You have given {earlier} kudos in the last seven days, and {settings.kudos_weekly} is the limit here. "
            "What you wrote is kept as a draft: please send it in a few days."
        )


def _whom(turn: Turn, given: Given) -> str:
    if not given.keys:
        return "Please pick whom you want to thank."
    if len(given.keys) > MOST_PEOPLE:
        return f"These are {len(given.keys)} people. Up to {MOST_PEOPLE} can be thanked at once."
    if turn.actor.id in {one.id for one in given.to}:
        return "Kudos are for others. Please leave yourself out."
    for wrong, why in (
        ([one for one in given.to if one.kind == "bot"], "bots cannot be thanked"),
        ([one for one in given.to if not one.active], "their account is deactivated"),
        (
            [one for one in given.to if one.kind == "guest" and not turn.settings.kudos_guests],
            "guests cannot be thanked in this workspace",
        ),
    ):
        if wrong:
            return f"Please leave out {', '.join(one.name for one in wrong)}: {why}."
    return ""


def visible_length(words: str) -> int:
    """How many characters somebody can see: those of no width do not count, and spaces in a row count as one."""
    return len(" ".join("".join(one if _takes_room(one) else "" for one in words).split()))


def _takes_room(one: str) -> bool:
    return one.isspace() or not (one in FILLERS or unicodedata.category(one) in ("Cf", "Cc", "Mn", "Me"))
