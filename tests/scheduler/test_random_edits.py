"""Whatever is edited and whenever: nobody is asked twice for a date, and nobody is dropped without a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.feature import Feature
from handlers.prompts import NotYet, draw
from handlers.screens import Card, Para
from handlers.text import line
from scheduler.tick import next_moment
from storage.cadences import Audience, Cadence
from storage.civil import local_date, zone
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.known import Arrangements
from storage.prompts import prompts
from storage.recurrence import DAY, Recurrence, Timing
from storage.workspaces import workspaces
from tests.databases import MONDAY
from tests.scheduler.offices import ACME, THURSDAYS, Office, replace

ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland")
PEOPLE = ("ana", "bo", "cy", "dee")
ASKS = Feature("checkins", "Asks.")
ASKS.on_prompt("How it was")(lambda turn, prompt: Card((Para(line("How was it?")),)))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

half_hours = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda some: tuple(sorted(some)))
edits = st.one_of(
    st.tuples(st.just("at"), half_hours),
    st.tuples(st.just("weekdays"), weekdays),
    st.tuples(st.just("every"), st.integers(1, 2)),
    st.tuples(st.just("closes"), st.tuples(st.integers(0, 7), half_hours)),
    st.tuples(st.just("zone"), st.sampled_from(("", *ZONES))),
    st.tuples(st.just("minutes"), st.sampled_from((0, 60, 240))),
    st.tuples(st.just("paused"), st.booleans()),
    st.tuples(st.just("people"), st.sets(st.sampled_from(PEOPLE), min_size=1)),
    st.tuples(st.just("moves"), st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ZONES))),
    st.tuples(st.just("nothing"), st.none()),
)
stories = st.lists(st.tuples(st.integers(1, 4 * 24 * 60), edits), min_size=1, max_size=9)


@dataclass
class Life:
    """An office in which things are edited, and what came due there: by member and date, as long as it stood."""

    office: Office
    cadence: Cadence
    zones: dict[str, str]
    came_due: set[tuple[str, date]] = field(default_factory=set)
    opened: set[tuple[str, date]] = field(default_factory=set)
    sent: list[tuple[str, date, datetime]] = field(default_factory=list)

    async def until(self, at: datetime) -> None:
        """Let the time pass, with whoever carries the messages."""
        self._expect(self.office.clock.now(), at)
        storage, clock = self.office.storage, self.office.clock
        while (due := next_moment(storage)) and due <= at:
            clock.move_to(max(due, clock.now()))
            await self.office.ticker.tick()
            self._carry()
        clock.move_to(at)

    def _expect(self, since: datetime, until: datetime) -> None:
        """What comes due after an instant, up to another, as the cadence stands."""
        if self.cadence.paused:
            return
        for name in self._audience():
            where = self.cadence.timing.zone or self.zones[name]
            first, last = (local_date(at, zone(where)) for at in (since, until))
            for day in self.cadence.recurrence.between(first - DAY, last):
                opens, closes = (
                    when(day, zone(where)) for when in (self.cadence.timing.opens, self.cadence.timing.closes)
                )
                # A date that has opened in a zone does not open there again.
                if since < opens <= until and opens < closes and (where, day) not in self.opened:
                    self.came_due.add((name, day))
        self.opened |= {
            (wave.zone, wave.day) for state in ("opening", "open", "closed") for wave in self.office.waves(state)
        }

    def _audience(self) -> list[str]:
        return [name for name in PEOPLE if self.office.ids[name] in self.cadence.audience.members]

    def _carry(self) -> None:
        now = self.office.clock.now()
        names = {number: name for name, number in self.office.ids.items()}
        waits = select(deliveries).where(deliveries.c.settled_at.is_(None), deliveries.c.not_before <= now)
        with self.office.storage.connect() as connection:
            waiting = list(connection.execute(waits.order_by(deliveries.c.id)))
        for one in waiting:
            with self.office.storage.begin(ACME) as store:
                prompt = store.prompts.by_id(one.prompt_id)
                card = draw(store, one.prompt_id, one.kind, (ASKS,))
                if prompt and isinstance(card, Card):
                    store.prompts.mark_sent(prompt.id)
                    if one.kind == "prompt":
                        self.sent.append((names[prompt.member_id], prompt.day, now))
            became: dict[str, Any] = {"settled_at": now, "status": "sent" if card else "cancelled"}
            if isinstance(card, NotYet):
                became = {"not_before": card.at}
            with self.office.storage.connect() as connection:
                connection.execute(deliveries.update().where(deliveries.c.id == one.id).values(became))

    async def edit(self, what: str, value: Any) -> None:
        """Change something, and let the look round notice what no form tells."""
        cadence = self.cadence
        if what == "at":
            cadence = replace(cadence, timing=replace(cadence.timing, at=value))
        elif what == "weekdays":
            cadence = replace(cadence, recurrence=replace(cadence.recurrence, weekdays=value))
        elif what == "every":
            cadence = replace(cadence, recurrence=replace(cadence.recurrence, every=value))
        elif what == "closes":
            cadence = replace(cadence, timing=replace(cadence.timing, closes_after=value[0], closes_at=value[1]))
        elif what == "zone":
            cadence = replace(cadence, timing=replace(cadence.timing, zone=value))
        elif what == "minutes":
            cadence = replace(cadence, timing=replace(cadence.timing, minutes=value))
        elif what == "paused":
            cadence = replace(cadence, paused=value)
        elif what == "people":
            ids = tuple(self.office.ids[name] for name in sorted(value))
            cadence = replace(cadence, audience=Audience(members=ids))
        elif what == "moves":
            self.zones[value[0]] = value[1]
            self.office.hire(*value)
        if cadence != self.cadence:
            self.cadence = self.office.arrange(cadence)
        await self.office.ticker.look_round()


def a_life(storage: Storage) -> Life:
    with storage.connect() as connection:
        connection.execute(workspaces.delete())
    storage.clock._now = MONDAY  # type: ignore[attr-defined]
    storage._arrangements = Arrangements()  # ids may come again
    zones = dict(zip(PEOPLE, ZONES, strict=True))
    office = Office(storage, ASKS, **zones)
    recurrence = Recurrence(date(2026, 3, 1), (0, 1, 2, 3, 4))
    cadence = replace(
        THURSDAYS, recurrence=recurrence, audience=Audience(members=tuple(office.ids.values())), timing=Timing()
    )
    return Life(office, office.arrange(cadence), zones)


@pytest.mark.long
@given(stories)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_whatever_is_edited_nobody_is_asked_twice_and_nobody_is_dropped(
    storage: Storage, story: list[Any]
) -> None:
    life = a_life(storage)
    office = life.office
    for minutes, edit in story:
        await life.until(office.clock.now() + minutes * MINUTE)
        await life.edit(*edit)
    await life.until(office.clock.now() + 3 * DAY)
    due = set(life.came_due)
    # What is open by now is to close, so that whoever was not asked is on record.
    await life.edit("paused", True)
    await life.until(office.clock.now() + 16 * DAY)
    states = office.states()
    asked = [(name, day) for name, day, _ in life.sent]
    assert len(asked) == len(set(asked)), "asked twice"
    assert due <= states.keys(), f"dropped: {sorted(due - states.keys())}"
    unsaid = [one for one, (state, _) in states.items() if state == "waiting" or (state == "sent") != (one in asked)]
    assert not unsaid
    assert not office.waves("opening") + office.waves("open") + office.waves("coming")
    assert {day for _, day in states} <= set(office.closed())
    with storage.connect() as connection:
        rows = list(connection.execute(select(prompts)))
    for one in rows:
        for other in rows:
            if one.sent_at and other.sent_at and one.member_id == other.member_id and one.day < other.day:
                assert one.sent_at > other.sent_at or one.closes_at <= other.sent_at, "open beside the next one"
