"""An office whose people are asked: what a cadence brings them is read off the database, tick by tick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.feature import Feature
from scheduler.tick import Ticker, next_moment
from storage.cadences import Audience, Cadence
from storage.clock import SetClock
from storage.coming import Span
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.members import Listed
from storage.prompts import prompts
from storage.recurrence import Recurrence, Timing
from storage.waves import occurrences, waves
from storage.workspaces import WorkspaceKey

ACME = WorkspaceKey("slack", "T1")
THURSDAYS = Cadence(
    0, "Thursdays", Recurrence(date(2026, 3, 1)), audience=Audience(everybody=True), timing=Timing(nudges=0)
)

__all__ = ["ACME", "THURSDAYS", "Office", "Span", "replace"]


@dataclass(frozen=True)
class Asked:
    """A prompt, and when its message was to go out and was put on its way, if it has one."""

    name: str
    cadence_id: int
    day: date
    state: str
    due_at: datetime
    zone: str
    not_before: datetime | None
    created_at: datetime | None


class Office:
    """Some people, by name, and the ticks that come while the clock moves."""

    def __init__(self, storage: Storage, *features: Feature, **zones: str) -> None:
        self.storage = storage
        self.clock: SetClock = storage.clock  # type: ignore[assignment]
        self.ticker = Ticker(storage, features)
        self.ids: dict[str, int] = {}
        with storage.begin(ACME) as store:
            store.change_settings(quiet="", budget=9)
        for name, zone in zones.items():
            self.hire(name, zone)

    def hire(self, name: str, zone: str) -> int:
        """Somebody new, or somebody whose profile has another zone now."""
        with self.storage.begin(ACME) as store:
            store.members.keep(Listed(name, name, zone))
            member = store.members.by_key(name)
            assert member
            self.ids[name] = member.id
            return member.id

    def arrange(self, cadence: Cadence) -> Cadence:
        """A cadence, new or changed."""
        with self.storage.begin(ACME) as store:
            kept = store.cadences.change(cadence) if cadence.id else store.cadences.add(cadence)
            store.waves.arrange(kept)
            return kept

    def choose(self, name: str, **own: Any) -> None:
        """What somebody chose."""
        with self.storage.begin(ACME) as store:
            store.members.choose(self.ids[name], **own)

    async def until(self, at: datetime) -> None:
        """Let the time pass until then, with a tick whenever something is due."""
        while (due := next_moment(self.storage)) and due <= at:
            self.clock.move_to(due)
            await self.ticker.tick()
        self.clock.move_to(at)
        await self.ticker.tick()

    def prompts(self) -> list[Any]:
        """Who was asked for which date, in which state, and when: name, date, state, why, in UTC."""
        names = {number: name for name, number in self.ids.items()}
        with self.storage.connect() as connection:
            rows = connection.execute(select(prompts).order_by(prompts.c.due_at, prompts.c.member_id))
            return [(names[row.member_id], row.day, row.state, row.why, row.due_at) for row in rows]

    def asked(self) -> list[Asked]:
        """Every prompt with its message, in the order in which they are due."""
        message = (deliveries.c.prompt_id == prompts.c.id) & (deliveries.c.kind == "prompt")
        query = (
            select(prompts, deliveries.c.not_before, deliveries.c.created_at)
            .join(deliveries, message, isouter=True)
            .order_by(prompts.c.due_at, prompts.c.id)
        )
        names = {number: name for name, number in self.ids.items()}
        with self.storage.connect() as connection:
            return [
                Asked(
                    names[row.member_id],
                    row.cadence_id,
                    row.day,
                    row.state,
                    row.due_at,
                    row.zone,
                    row.not_before,
                    row.created_at,
                )
                for row in connection.execute(query)
            ]

    def states(self) -> dict[tuple[str, date], tuple[str, str]]:
        """State and reason of each prompt, by name and date."""
        return {(name, day): (state, why) for name, day, state, why, _ in self.prompts()}

    def messages(self, kind: str = "prompt") -> list[tuple[str, datetime]]:
        """Messages on their way: to whom, and not before when."""
        query = select(deliveries).where(deliveries.c.kind == kind)
        with self.storage.connect() as connection:
            rows = connection.execute(query.order_by(deliveries.c.not_before, deliveries.c.to_key))
            return [(row.to_key, row.not_before) for row in rows]

    def change_prompts(self, name: str, **values: Any) -> None:
        """What became of somebody's prompts."""
        with self.storage.connect() as connection:
            connection.execute(prompts.update().where(prompts.c.member_id == self.ids[name]).values(**values))

    def waves(self, state: str) -> list[Any]:
        """The waves in a state."""
        with self.storage.connect() as connection:
            return list(connection.execute(select(waves).where(waves.c.state == state).order_by(waves.c.due_at)))

    def closed(self) -> list[date]:
        """The dates that have closed."""
        with self.storage.connect() as connection:
            return [row.day for row in connection.execute(select(occurrences).order_by(occurrences.c.day))]


def utc(day: int, hour: int = 0, minute: int = 0, *, month: int = 3) -> datetime:
    """An instant of 2026."""
    return datetime.combine(date(2026, month, day), time(hour, minute), ZoneInfo("UTC"))


def local(at: datetime, zone: str) -> str:
    """What the clock on the wall says."""
    return at.astimezone(ZoneInfo(zone)).strftime("%d %H:%M")


HOUR = timedelta(hours=1)
