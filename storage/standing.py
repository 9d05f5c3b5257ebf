"""Standing: what is going on in a workspace, in figures and reasons. Nobody's words are read for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, tuple_

from storage.base import Repository, mine
from storage.cadences import cadences
from storage.deliveries import NOT_NEEDED, deliveries
from storage.due import lanes
from storage.prompts import PromptState, prompts
from storage.waves import waves


@dataclass(frozen=True)
class Traffic:
    """The workspace's lane: how much waits, since when something is overdue, how fast it goes, what holds it up.

    `rate` is in messages a minute, 0 where it is not known yet.
    """

    waiting: int = 0
    overdue_since: datetime | None = None
    rate: float = 0.0
    paused_until: datetime | None = None
    parked_why: str = ""
    parked_at: datetime | None = None


@dataclass(frozen=True)
class Coming:
    """The next occurrence of a cadence: its nominal date, and when its first and its last zone open."""

    cadence_id: int
    day: date
    first_at: datetime
    last_at: datetime
    zones: int


@dataclass(frozen=True)
class Underway:
    """An open occurrence: how many were asked, answered and were left out, and when its last zone closes."""

    cadence_id: int
    day: date
    asked: int
    answered: int
    left_out: int
    closes_at: datetime


@dataclass(frozen=True)
class Failure:
    """What was given up for one reason: how often, and when last."""

    why: str
    count: int
    last_at: datetime


class Standing(Repository):
    """What is going on."""

    def traffic(self) -> Traffic:
        """How the lane fares. Only what waits is looked at, however much was ever sent."""
        due = deliveries.c.not_before <= self._now
        waits = mine(
            deliveries,
            func.count().label("waiting"),
            func.min(case((due, deliveries.c.not_before))).label("overdue"),
        ).where(deliveries.c.settled_at.is_(None))
        (row,) = self._rows(waits)
        lane = self._row(mine(lanes))
        if lane is None:
            return Traffic(row.waiting, row.overdue)
        paused = lane.paused_until if lane.paused_until and lane.paused_until > self._now else None
        return Traffic(row.waiting, row.overdue, lane.rate, paused, lane.parked_why, lane.parked_at)

    def sent_since(self, since: datetime) -> int:
        """How many messages were sent since then."""
        sent = deliveries.c.status == "sent"
        return self._count(mine(deliveries, func.count()).where(sent, deliveries.c.settled_at >= since))

    def coming(self) -> list[Coming]:
        """The next occurrence of each cadence, the soonest first."""
        query = mine(
            waves,
            waves.c.cadence_id,
            waves.c.day,
            func.min(waves.c.due_at).label("first_at"),
            func.max(waves.c.due_at).label("last_at"),
            func.count().label("zones"),
        ).where(waves.c.state == "coming")
        rows = self._rows(query.group_by(waves.c.cadence_id, waves.c.day).order_by(func.min(waves.c.due_at)))
        found = [Coming(row.cadence_id, row.day, row.first_at, row.last_at, row.zones) for row in rows]
        return list({one.cadence_id: one for one in reversed(found)}.values())[::-1]

    def underway(self) -> list[Underway]:
        """What is open, the first to close first."""
        open_now = mine(waves, waves.c.cadence_id, waves.c.day).where(waves.c.state.in_(("opening", "open")))
        occurrences = [(row.cadence_id, row.day) for row in self._rows(open_now.distinct())]
        if not occurrences:
            return []
        asked = prompts.c.state.in_(("waiting", "sent", "answered", "skipped", "put_off"))
        query = mine(
            prompts,
            prompts.c.cadence_id,
            prompts.c.day,
            func.count(case((asked, 1))).label("asked"),
            func.count(case((prompts.c.state == "answered", 1))).label("answered"),
            func.count(case((prompts.c.state.in_(("left_out", "missed")), 1))).label("left_out"),
            func.max(prompts.c.closes_at).label("closes_at"),
        ).where(tuple_(prompts.c.cadence_id, prompts.c.day).in_(occurrences))
        rows = self._rows(query.group_by(prompts.c.cadence_id, prompts.c.day).order_by(func.max(prompts.c.closes_at)))
        return [Underway(row.cadence_id, row.day, row.asked, row.answered, row.left_out, row.closes_at) for row in rows]

    def failures(self, since: datetime, most: int = 5) -> list[Failure]:
        """What was given up since then, by reason, the most frequent first."""
        at = func.max(deliveries.c.settled_at)
        query = (
            mine(deliveries, deliveries.c.last_error, func.count().label("times"), at.label("at"))
            .where(deliveries.c.status.not_in(("queued", "leased", "sent")), deliveries.c.settled_at >= since)
            .where(deliveries.c.last_error.not_in(("", NOT_NEEDED)))
            .group_by(deliveries.c.last_error)
            .order_by(func.count().desc(), at.desc())
            .limit(most)
        )
        return [Failure(row.last_error, row.times, row.at) for row in self._rows(query)]

    def tally(self, first: date) -> dict[tuple[PromptState, str], int]:
        """How many prompts of this nominal date and later stand how, and why."""
        query = mine(prompts, prompts.c.state, prompts.c.why, func.count().label("times"))
        rows = self._rows(query.where(prompts.c.day >= first).group_by(prompts.c.state, prompts.c.why))
        return {(row.state, row.why): row.times for row in rows}

    def names(self, ids: Iterable[int]) -> dict[int, str]:
        """What cadences are called, ended ones too."""
        wanted = sorted(set(ids))
        rows = self._rows(mine(cadences, cadences.c.id, cadences.c.name).where(cadences.c.id.in_(wanted)))
        return {row.id: row.name for row in rows}
