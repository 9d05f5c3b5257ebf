"""Misfortune on request: what can go wrong between Slack and an app, to be ordered by a test, the demo page or a bench.

A fault is ordered a number of times and is used up one occasion after the other, oldest order first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

NAMES = {
    "rate_limited": "The Web API answers 429 with Retry-After.",
    "server_error": "The Web API answers 500 and does nothing.",
    "slow": "The Web API answers after a delay.",
    "lost_request": "The connection breaks before the Web API has done anything.",
    "lost_answer": "The Web API does what it was asked, and the connection breaks before the answer.",
    "hanging_answer": "The Web API does what it was asked, and its answer comes only after a long delay.",
    "duplicated_event": "An event is delivered twice with the same id.",
    "lost_ack": "Slack does not see the app's answer to an event, and delivers it again.",
    "late_trigger": "The trigger of an interaction has expired before the app can use it.",
    "dropped_socket": "The Socket Mode connections break.",
}


class UnknownFault(ValueError):
    """There is no fault of that name."""


@dataclass
class Fault:
    """An order: this misfortune, so many more times, perhaps for one method or event type only."""

    name: str
    count: int = 1
    only: str = ""
    seconds: float = 1.0

    def as_json(self) -> dict[str, object]:
        """The order as the page and the admin endpoint show it."""
        return {"name": self.name, "count": self.count, "only": self.only, "seconds": self.seconds}


@dataclass
class Faults:
    """The orders not yet used up."""

    ordered: list[Fault] = field(default_factory=list)
    at_once: dict[str, Callable[[], None]] = field(default_factory=dict)

    def add(self, name: str, count: int = 1, *, only: str = "", seconds: float = 1.0) -> None:
        """Order a fault. `only` limits it to a method or event type; `seconds` is a delay or a Retry-After.

        Raises UnknownFault for a name that is not in NAMES.
        """
        if name not in NAMES:
            raise UnknownFault(f"There is no fault {name!r}; there are {', '.join(sorted(NAMES))}.")
        if name in self.at_once:
            self.at_once[name]()
        else:
            self.ordered.append(Fault(name, count, only, seconds))

    def take(self, name: str, occasion: str) -> Fault | None:
        """Use one up, if such a fault was ordered for this method or event type."""
        for fault in self.ordered:
            if fault.name == name and fault.only in ("", occasion):
                fault.count -= 1
                if fault.count <= 0:
                    self.ordered.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget every order."""
        self.ordered.clear()
