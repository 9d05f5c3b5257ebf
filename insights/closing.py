"""How one occurrence of a cadence closed: who answered, who kept silent, who was away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from insights.participation import REACHED
from storage.prompts import AWAY, Prompt

# A figure about fewer people than these says of somebody whether they answered.
FEWEST = 3


@dataclass(frozen=True)
class Closing:
    """Members' ids. `unasked` were not asked in the end, for no reason of their own."""

    answered: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    unasked: tuple[int, ...] = ()

    @property
    def asked(self) -> int:
        """How many could have answered."""
        return len(self.answered) + len(self.silent)

    def may_be_counted(self, known: Collection[int]) -> bool:
        """Whether a count of all says nothing of any one person to somebody to whom these are known."""
        return len({*self.answered, *self.silent} - set(known)) >= FEWEST


def closing(prompts: Iterable[Prompt]) -> Closing:
    """How it closed for whoever had these prompts, all of one occurrence."""
    found: dict[str, list[int]] = {"answered": [], "silent": [], "away": [], "unasked": []}
    for prompt in prompts:
        found[_how(prompt)].append(prompt.member_id)
    return Closing(**{name: tuple(sorted(ids)) for name, ids in found.items()})


def _how(prompt: Prompt) -> str:
    if prompt.state == "answered" or prompt.why == "answered":
        return "answered"
    # What shares the message of another was asked with it.
    if prompt.state in REACHED or (prompt.state == "put_off" and prompt.why == "same"):
        return "silent"
    return "away" if prompt.why in AWAY else "unasked"
