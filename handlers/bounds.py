"""The bounds of the pace: how fast messages go at first and at most. Whoever runs Soundings chooses them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Messages a minute to a workspace: with how many sending begins, and how many there are at most."""

    start: float = 300
    ceiling: float = 600

    def rate(self, found_out: float = 0.0) -> float:
        """Messages a minute with which sending goes on; `found_out` is what the platform bears, 0 if not known yet."""
        return min(found_out or self.start, self.ceiling)


USUAL = Bounds()
