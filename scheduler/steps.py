"""The named steps of a courier's work, and what one works with. Tests stop it at any step; nothing else does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from handlers.feature import Feature
from scheduler.transport import Transport
from storage.clock import Clock
from storage.engine import Storage

STEPS = (
    "claiming",  # before what was taken in hand is committed
    "claimed",  # it is written down that these are about to be sent
    "looking",  # about to ask whether one of them has arrived before
    "found",  # it has
    "drawn",  # what it says is known, and of a prompt written down
    "posting",  # the very last moment before it is sent
    "accepted",  # the platform has it, and nobody else knows
    "settling",  # before what became of it is committed
    "settled",  # it is over
    "leaving",  # the lane is about to be left to others
)


def _nothing(_step: str) -> None:
    return


@dataclass(frozen=True)
class Tools:
    """What a courier works with. `at` is called at each of STEPS, on whatever thread that is."""

    storage: Storage
    transport: Transport
    clock: Clock
    features: tuple[Feature, ...]
    chance: random.Random = field(default_factory=random.Random)
    at: Callable[[str], None] = _nothing
