"""The heartbeat beats, and housekeeping forgets what has served its purpose and nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from scheduler.calendars import DaysOff, Fetched
from scheduler.courier import Courier
from scheduler.housekeeping import tidy
from scheduler.jobs import heartbeat
from scheduler.tick import Ticker
from storage.absences import Seen
from storage.engine import Storage
from storage.retention import Forgotten
from tests.databases import MONDAY, VAULT
from tests.scheduler.outside import ACME, FAST, Platform, queue, status


async def test_every_job_runs_and_the_sweep_finds_what_no_wake_up_told_of(sqlite_storage: Storage) -> None:
    platform = Platform()
    sent, synced = asyncio.Event(), asyncio.Event()
    platform.rule = lambda workspace, outgoing: sent.set()

    async def sync_directory() -> None:
        synced.set()

    courier = Courier(sqlite_storage, platform, sqlite_storage.clock, (), FAST)

    async def fetch(address: str, seen: Seen) -> Fetched:
        raise AssertionError("nobody has a calendar")

    ticker = Ticker(sqlite_storage, ())
    jobs = heartbeat(courier, ticker, sqlite_storage, sync_directory, DaysOff(sqlite_storage, fetch))
    jobs.start()
    try:
        queue(sqlite_storage, "hello")
        for job in jobs.get_jobs():
            assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, None)
            job.modify(next_run_time=datetime.now(UTC))
        async with asyncio.timeout(5):
            await sent.wait()
            await synced.wait()
    finally:
        jobs.shutdown(wait=False)
        await courier.stop()
    assert status(sqlite_storage, "hello") == "sent"


async def test_housekeeping_forgets_what_is_old(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1", "Ana")
        store.drafts.save(ana.id, "checkin", {"done": "half a sentence"})
        store.events.is_new("Ev1")
    queue(storage, "hello")
    await Courier(storage, Platform(), storage.clock, (), FAST).drain()
    queue(storage, "stuck")
    queue(storage, "for next month", not_before=MONDAY + timedelta(days=31))

    async def later(days: int) -> Forgotten:
        storage.clock.move_to(MONDAY + timedelta(days=days, seconds=1))  # type: ignore[attr-defined]
        return await tidy(storage)

    assert await later(0) == Forgotten()
    assert await later(7) == Forgotten(events=1, unsent=1)
    assert await later(29) == Forgotten()
    with storage.begin(ACME) as store:
        assert store.drafts.find(ana.id, "checkin") == {"done": "half a sentence"}
    assert await later(30) == Forgotten(drafts=1, words=1)
    with storage.begin(ACME) as store:
        assert store.drafts.find(ana.id, "checkin") == {}
        hello, stuck = store.deliveries.find("hello"), store.deliveries.find("stuck")
        assert hello
        assert (hello.status, hello.screen, hello.reference) == ("sent", {}, {"channel": "D-C1", "ts": "1"})
        assert stuck
        assert (stuck.status, stuck.last_error) == ("cancelled", "It could not be sent for a week.")
        assert not store.deliveries.queue("channel", "C1", {}, key="hello")
    assert status(storage, "for next month") == "queued"


async def test_housekeeping_is_put_off_while_the_database_is_away() -> None:
    nowhere = Storage("postgresql://nobody@127.0.0.1:1/nothing", VAULT)
    assert await tidy(nowhere) == Forgotten()
    nowhere.close()


async def test_past_days_off_are_forgotten_after_thirteen_months(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1", "Ana")
        for last in (MONDAY.date(), MONDAY.date() + timedelta(days=1), None):
            store.absences.add(ana.id, MONDAY.date() - timedelta(days=7), last)
        store.absences.keep_holidays("DE", {MONDAY.date(): "One", MONDAY.date() + timedelta(days=30): "Two"})
    storage.clock.move_to(MONDAY + timedelta(days=396))  # type: ignore[attr-defined]
    assert await tidy(storage) == Forgotten()
    storage.clock.move_to(MONDAY + timedelta(days=397))  # type: ignore[attr-defined]
    assert await tidy(storage) == Forgotten(absences=1, holidays=1)
