"""The chronicle: what the simulation itself did to clocks, machines and lanes, so that it is known what could be sent
when. All moments and spans are in seconds of the loop, which no jump touches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from tests.simulation.loop import EPOCH, MachineClock

Spell: TypeAlias = tuple[float, float]

# Seconds within which what can be sent arrives where nothing happens: a replica looks, and hands it over.
PROMPT = 35.0
# After a death, its leases have to end and somebody has to look again.
DEATH = 60.0 + PROMPT
# After Slack refused or kept silent, it is tried again ever later, or looked for.
REFUSED, SILENT = 10.0, 30.0


@dataclass(frozen=True)
class Mishap:
    """Something that keeps a workspace's messages back for some seconds more; those of all where none is named."""

    at: float
    costs: float
    team: str = ""


@dataclass
class Chronicle:
    """What happened when. `changes` are the moments at which people moved, or something was edited."""

    clock: MachineClock
    lives: list[list[float]] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    def shown(self, at: float) -> datetime:
        """What the machines' clock showed."""
        ahead = next(ahead for since, ahead in reversed(self.clock.settings) if since <= at)
        return EPOCH + timedelta(seconds=at) + ahead

    def shown_within(self, since: float, until: float) -> list[tuple[datetime, datetime]]:
        """What it showed between two moments: from when to when, each time that it was not set."""
        return [
            (EPOCH + timedelta(seconds=low) + ahead, EPOCH + timedelta(seconds=high) + ahead)
            for low, high, ahead in self._settings(since, until)
        ]

    def reached(self, at: datetime) -> float:
        """The first moment at which it showed this time, or a later one."""
        for low, high, ahead in self._settings(0, float("inf")):
            moment = max(low, (at - EPOCH - ahead).total_seconds())
            if moment < high:
                return moment
        raise AssertionError("the last setting has no end")

    def chances(self, first: datetime, last: datetime, since: float, until: float) -> float:
        """For how long, between two moments, a machine was up while the clock showed a time from `first` to `last`."""
        total = 0.0
        for low, high, ahead in self._settings(since, until):
            begin = max(low, (first - EPOCH - ahead).total_seconds())
            end = min(high, (last - EPOCH - ahead).total_seconds())
            total += sum(max(0.0, min(end, died) - max(begin, born)) for born, died in self._up())
        return total

    def grace(self, team: str, since: float, until: float) -> float:
        """Within how many such seconds a message must have been sent, with what has happened between two moments."""
        met = [one for one in self.mishaps if since - PROMPT <= one.at <= until and one.team in ("", team)]
        # It is tried again ever later: twice as long each time.
        again = 2.0 ** len(met) if met else 0.0
        # What waits for a time of the clock waits for longer if that is set back meanwhile.
        back = sum(self._set_back(since - PROMPT, until)) if met else 0.0
        # Whenever the clock was set meanwhile, it has to be noticed anew.
        looks = 1 + sum(since < at <= until for at, _ in self.clock.settings)
        return looks * PROMPT + sum(one.costs for one in met) + again + back

    def _set_back(self, since: float, until: float) -> Iterator[float]:
        for (_, before), (at, after) in pairwise(self.clock.settings):
            if since <= at <= until and after < before:
                yield (before - after).total_seconds()

    def _settings(self, since: float, until: float) -> Iterator[tuple[float, float, timedelta]]:
        """From when to when the clock was how far ahead of undisturbed time."""
        for (start, ahead), (end, _) in pairwise([*self.clock.settings, (float("inf"), timedelta())]):
            if max(start, since) < min(end, until):
                yield max(start, since), min(end, until), ahead

    def _up(self) -> list[Spell]:
        """From when to when at least one machine was up."""
        found: list[Spell] = []
        for born, died in sorted((life[0], life[1] if life[1:] else float("inf")) for life in self.lives):
            if found and born <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], died))
            else:
                found.append((born, died))
        return found
