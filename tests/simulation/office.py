"""An office over some weeks: people all over the world, who answer, leave out, travel and take leave; and cadences that
are edited while they run. What ought to have come of it is said here again, plainly and from zoneinfo alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from storage.cadences import Audience, Cadence
from storage.members import Listed
from storage.recurrence import Recurrence, Timing
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.faults.ground import Arrived
from tests.simulation.checker import MOST_LATE, overlooked
from tests.simulation.company import Company
from tests.simulation.loop import EPOCH

ACME = WorkspaceKey("slack", "TACME")
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "System")))
DAY = timedelta(days=1)
# Mondays and Thursdays, within the working hours of everybody.
WEEKDAYS = (0, 3)
TIMES = (time(9, 30), time(10), time(11, 15), time(13))
CLOSES = time(17)


@dataclass
class Life:
    """What happened to one person: the zones they were in, from when on, and the days on which they were away."""

    key: str
    zones: list[tuple[datetime, str]]
    away: set[date] = field(default_factory=set)

    def moved_near(self, day: date) -> bool:
        """Whether they changed zones within two days of this date."""
        return any(abs((at.date() - day).days) <= 2 for at, _ in self.zones[1:])

    def zone_on(self, day: date) -> ZoneInfo:
        """Where they were on this date, if they did not move near it."""
        before = [name for at, name in self.zones if at.date() <= day]
        return ZoneInfo(before[-1])


class Office:
    """The story, and what is known of it besides the database. Where it is `restless`, people travel all the time."""

    def __init__(self, company: Company, people: int = 6, days: int = 40, restless: bool = False) -> None:
        self.company = company
        self.dice = company.dice
        self.days = days
        self.restless = restless
        self.zones = ["Asia/Tokyo", "Europe/Berlin", "America/Lima"] if restless else self.dice.sample(ZONES, 3)
        self.lives = [Life(f"U{number}", [(EPOCH, self.dice.choice(self.zones))]) for number in range(people)]
        self.times = [(EPOCH, self.dice.choice(TIMES))]
        self.ids: dict[str, int] = {}
        self.cadence: Cadence | None = None
        company.slack.heard.append(self._hear)

    async def play(self, _company: Company) -> None:
        """Found the office and let the days pass, with something happening on most of them."""
        with self.company.storage.begin(ACME) as store:
            store.change_settings(budget=50)
            for life in self.lives:
                self._list(store, life)
            kept = store.cadences.add(
                Cadence(
                    0,
                    "Twice a week",
                    Recurrence(EPOCH.date(), WEEKDAYS),
                    audience=Audience(everybody=True),
                    timing=Timing(self.times[0][1], closes_after=0, closes_at=CLOSES, nudges=1),
                )
            )
            store.waves.arrange(kept)
            self.cadence = kept
        for _ in range(self.days):
            await asyncio.sleep(self.dice.uniform(0.8, 1.2) * 86_400)
            with self.company.storage.begin(ACME) as store:
                self.dice.choice((self._move, self._leave, self._edit, self._nothing))(store)
            if self.restless:
                await self._travel()

    async def _travel(self) -> None:
        for _ in range(12):
            await asyncio.sleep(4 * 3600)
            with self.company.storage.begin(ACME) as store:
                self._move(store)

    # -- what happens ------------------------------------------------------------------------------------------------

    def _list(self, store: Store, life: Life) -> None:
        store.members.keep(Listed(life.key, life.key, life.zones[-1][1]))
        member = store.members.by_key(life.key)
        assert member
        self.ids[life.key] = member.id

    def _move(self, store: Store) -> None:
        life = self.dice.choice(self.lives)
        life.zones.append((self.company.clock.true(), self.dice.choice(self.zones)))
        self._list(store, life)
        self.company.changed()

    def _leave(self, store: Store) -> None:
        life = self.dice.choice(self.lives)
        first = self.company.clock.true().date() + 3 * DAY
        last = first + self.dice.randint(0, 6) * DAY
        store.absences.add(self.ids[life.key], first, last)
        life.away |= {first + number * DAY for number in range((last - first).days + 1)}

    def _edit(self, store: Store) -> None:
        assert self.cadence
        at = self.dice.choice(TIMES)
        self.times.append((self.company.clock.now(), at))
        self.cadence = store.cadences.change(replace(self.cadence, timing=replace(self.cadence.timing, at=at)))
        store.waves.arrange(self.cadence)
        self.company.changed()

    def _nothing(self, _store: Store) -> None:
        return

    def _hear(self, arrived: Arrived) -> None:
        does = self.dice.choice((self._answer, self._answer, self._skip, None))
        if does:
            self.company.loop.call_later(self.dice.uniform(60, 20_000), does, f"U{arrived.channel[1:]}")

    def _answer(self, key: str) -> None:
        with self.company.storage.begin(ACME) as store:
            for prompt in store.prompts.open_of(self.ids[key]):
                store.prompts.mark_answered(prompt.id)

    def _skip(self, key: str) -> None:
        with self.company.storage.begin(ACME) as store:
            for prompt in store.prompts.open_of(self.ids[key]):
                store.prompts.skip(prompt.id)

    # -- what ought to have come of it ---------------------------------------------------------------------------------

    def dates(self) -> list[date]:
        """The nominal dates on which everybody must have been thought of, wherever they were."""
        first, last = EPOCH.date() + 2 * DAY, self.company.clock.true().date() - 3 * DAY
        span = [first + number * DAY for number in range((last - first).days + 1)]
        return [day for day in span if day.weekday() in WEEKDAYS]

    def possible(self, life: Life, day: date) -> set[datetime]:
        """When somebody who did not move may have been due on a date, with the times that were in force around it."""
        where = life.zone_on(day)
        near = [(since, at) for since, at in self.times if since.date() <= day + DAY][-4:]
        opens = {datetime.combine(day, at, where).astimezone(UTC) for _, at in near}
        # Who was promised a time that has passed by the time of an edit is asked at the edit.
        return opens | {since.replace(microsecond=0) for since, _ in near}

    def amiss(self, prompts: list[Any]) -> list[str]:
        """What is wrong with the table of prompts, in words."""
        found: list[str] = []
        rows = {(row["member_id"], date.fromisoformat(row["day"])): row for row in prompts}
        if len(rows) != len(prompts):
            found.append(f"{len(prompts) - len(rows)} prompts too many")
        for life in self.lives:
            for day in self.dates():
                row = rows.get((self.ids[life.key], day))
                if life.moved_near(day):
                    continue
                if row is None:
                    found.append(f"{life.key} was not thought of on {day} in {life.zone_on(day)}")
                    continue
                due = datetime.fromisoformat(row["due_at"]).replace(tzinfo=UTC)
                if (row["why"] == "absent") != (day in life.away):
                    found.append(f"{life.key} on {day}: {row['state']} {row['why']}")
                if due not in self.possible(life, day):
                    found.append(f"{life.key} on {day} was due at {due}, in {life.zone_on(day)}")
                if row["state"] == "missed" and (why := overlooked(self.company, row, due + MOST_LATE)):
                    found.append(f"{life.key} on {day} was missed: {why}")
        return found
