"""Long after a close: who was asked and what was sent is forgotten, little by little, and nothing is asked again.

Ana and Ben are asked on the Thursdays of March 2026. Everything of it is kept for 760 days, and prompts for 60 more.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from scheduler.courier import Courier
from scheduler.housekeeping import tidy
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.members import members
from storage.prompts import prompts
from storage.recurrence import Recurrence
from storage.retention import BATCH, KEEP, Forgotten, forget_some
from storage.waves import occurrences, waves
from tests.scheduler.offices import ACME, THURSDAYS, Office, replace, utc
from tests.scheduler.outside import FAST, Platform

MARCH = replace(THURSDAYS, recurrence=Recurrence(date(2026, 3, 1), ends_on=date(2026, 3, 31)))
LONG = KEEP + timedelta(days=61)

checkins = Feature("checkins", "asks how it goes")
closes: list[date] = []


@checkins.on_prompt("Check-in questions")
def _(turn: Any, _prompt: Any) -> Any:
    return Card((Para(line(f"How goes it, {turn.actor.name}?")),))


@checkins.on_close
def _(_turn: Any, _cadence: Any, day: date) -> None:
    closes.append(day)


@pytest.fixture
async def office(storage: Storage) -> Office:
    """A month in which two people were asked four times."""
    closes.clear()
    office = Office(storage, checkins, ana="Europe/Berlin", ben="America/New_York")
    office.arrange(MARCH)
    for day in (5, 12, 19, 26):
        await office.until(utc(day, 20))
        await courier(storage).drain()
    await office.until(utc(5, month=4))
    return office


def courier(storage: Storage) -> Courier:
    return Courier(storage, Platform(), storage.clock, (checkins,), FAST)


def how_many(storage: Storage, *tables: Any) -> list[int]:
    with storage.connect() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


async def test_what_was_asked_and_sent_is_kept_for_years_and_then_forgotten(office: Office) -> None:
    there = [8, 8, 8, 4]
    tables = (deliveries, prompts, waves, occurrences)
    assert how_many(office.storage, *tables) == there
    office.clock.move_to(utc(5) + KEEP - timedelta(hours=1))
    forgotten = await tidy(office.storage)
    assert (forgotten.messages, forgotten.asked) == (0, 0)
    assert how_many(office.storage, *tables) == there
    # The first Thursday's messages, in both zones, and 60 days later all that is left of its occurrence.
    office.clock.move_to(utc(6) + KEEP)
    assert await tidy(office.storage) == Forgotten(messages=2)
    office.clock.move_to(utc(8) + LONG)
    assert await tidy(office.storage) == Forgotten(messages=6, asked=3)
    assert how_many(office.storage, *tables) == [0, 6, 6, 3]
    office.clock.move_to(utc(31) + LONG)
    assert await tidy(office.storage) == Forgotten(asked=9)
    assert how_many(office.storage, *tables) == [0, 0, 0, 0]


async def test_what_was_forgotten_is_neither_asked_nor_closed_again(office: Office) -> None:
    assert len(closes) == 4
    office.clock.move_to(utc(5) + LONG + timedelta(days=40))
    await tidy(office.storage)
    await office.ticker.tick()
    await office.ticker.look_round()
    assert how_many(office.storage, waves, prompts) == [0, 0]
    # It begins anew, on its old dates as well, after more than two years.
    with office.storage.begin(ACME) as store:
        (cadence,) = store.cadences.all()
    office.arrange(replace(cadence, recurrence=Recurrence(date(2026, 3, 1))))
    (following,) = {one.day for one in office.waves("coming")}
    assert following >= office.clock.now().date()
    for hour in (9, 15):  # when each of them is asked
        await office.until(datetime.combine(following, time(hour), UTC))
        await courier(office.storage).drain()
    assert {day for _, day, _, _, _ in office.prompts()} == {following}
    # Ids that are given again on SQLite are in nobody's way: each prompt has a message of its own.
    asked = [one for one in office.prompts() if one[2] == "sent"]
    assert len(asked) == len(office.messages()) == 2
    assert len(closes) == len(set(closes))


async def test_it_goes_on_where_it_was_stopped_and_closes_nothing_twice(office: Office) -> None:
    company(office, BATCH + 1)
    office.clock.move_to(utc(31) + LONG)
    with office.storage.connect() as connection:
        assert forget_some(connection, "asked", office.clock.now(), KEEP) == BATCH
    # Stopped here: a part is gone, and the occurrence still says that it has closed.
    assert how_many(office.storage, occurrences, waves) == [4, 8]
    await office.ticker.tick()
    assert len(closes) == 4
    await tidy(office.storage)
    assert how_many(office.storage, prompts, occurrences, waves) == [0, 0, 0]
    assert len(closes) == 4


async def test_an_occurrence_that_is_still_open_somewhere_is_kept(office: Office) -> None:
    with office.storage.connect() as connection:
        connection.execute(waves.update().where(waves.c.day == date(2026, 3, 5)).values(state="open"))
    office.clock.move_to(utc(31) + LONG)
    assert (await tidy(office.storage)).asked == 9
    assert office.closed() == [date(2026, 3, 5)]


async def test_what_somebody_else_has_in_hand_is_found_again_later(office: Office) -> None:
    """An occurrence stays while one of its prompts does: nobody would look for that one without it."""
    office.clock.move_to(utc(31) + LONG)
    first = select(prompts.c.id).where(prompts.c.day == date(2026, 3, 5)).limit(1).with_for_update()
    postgres = office.storage.url.startswith("postgresql")
    with office.storage.connect() as other:
        if postgres:
            other.execute(first)
            await tidy(office.storage)
            assert office.closed()[0] == date(2026, 3, 5)
            assert date(2026, 3, 5) in {one.day for one in office.waves("closed")}
    await tidy(office.storage)
    assert how_many(office.storage, prompts, waves, occurrences) == [0, 0, 0]


async def test_replicas_share_it(office: Office) -> None:
    company(office, 3 * BATCH)
    office.clock.move_to(utc(31) + LONG)
    now = office.clock.now()

    def replica() -> int:
        gone = 0
        for what in ("messages", "asked"):
            while True:
                with office.storage.connect() as connection:
                    some = forget_some(connection, what, now, KEEP)
                if not some:
                    break
                gone += some
        return gone

    with ThreadPoolExecutor(3) as pool:
        found = [one.result() for one in [pool.submit(replica) for _ in range(3)]]
    assert sum(found) == 8 + 8 + 3 * BATCH + 4
    await tidy(office.storage)  # whatever another one had in hand
    assert how_many(office.storage, deliveries, prompts, waves, occurrences) == [0, 0, 0, 0]


def company(office: Office, people: int) -> None:
    """So many more were asked on the first Thursday."""
    with office.storage.connect() as connection:
        one = connection.execute(select(prompts).order_by(prompts.c.day)).first()
        assert one
        asked = dict(one._mapping)
        del asked["id"]
        here = connection.execute(select(members).limit(1)).first()
        assert here
        person = dict(here._mapping)
        del person["id"]
        crowd = [{**person, "key": f"u{number}"} for number in range(people)]
        connection.execute(insert(members), crowd)
        ids = connection.execute(select(members.c.id).where(members.c.key.like("u%"))).scalars()
        connection.execute(insert(prompts), [{**asked, "member_id": number} for number in ids])


async def test_messages_in_channels_are_known_as_long_as_they_can_be_changed(office: Office) -> None:
    with office.storage.begin(ACME) as store:
        store.deliveries.queue("channel", "C1", to_json(Card((Para(line("Thanks.")),))), key="kudos 1")
    await courier(office.storage).drain()
    office.clock.move_to(utc(31) + LONG)
    await tidy(office.storage)
    with office.storage.begin(ACME) as store:
        found = store.deliveries.find("kudos 1")
    assert found
    assert (found.screen, found.reference is not None) == ({}, True)


@pytest.mark.parametrize(
    ("what", "index"),
    [
        ("words", "ix_deliveries_worded"),
        ("messages", "ix_deliveries_settled"),
        ("asked", "ix_occurrences_closed_at"),
    ],
)
def test_what_is_old_is_found_by_an_index(storage: Storage, what: str, index: str) -> None:
    with storage.connect() as connection:
        if not storage.on_sqlite:
            # A few rows are read faster without; what matters is that there is a way.
            for other in ("seqscan", "bitmapscan", "sort"):
                connection.exec_driver_sql(f"SET LOCAL enable_{other} = off")
        said: list[str] = []
        explain = "EXPLAIN QUERY PLAN " if storage.on_sqlite else "EXPLAIN "
        execute = connection.execute

        def explained(statement: Any) -> Any:
            worded = statement.compile(connection, compile_kwargs={"render_postcompile": True})
            plan = connection.exec_driver_sql(
                explain + str(worded), tuple(worded.params[name] for name in worded.positiontup)
                if worded.positional else worded.params,
            )  # fmt: skip
            said.extend(str(row) for row in plan)
            return execute(statement)

        connection.execute = explained  # type: ignore[method-assign]
        forget_some(connection, what, storage.clock.now(), KEEP)
    assert any(index in one for one in said), said
