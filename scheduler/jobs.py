"""The heartbeat: a handful of jobs that repeat. APScheduler knows when; it knows nothing else about us.

Each run is written down, so that a heart that has stopped is noticed. What a job does is guarded by the database, so
that any number of replicas may run them all.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from typing import Any, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.calendars import DaysOff
from scheduler.courier import Courier
from scheduler.housekeeping import tidy
from scheduler.tick import Ticker
from storage.engine import Storage
from storage.errors import StorageError
from storage.retention import KEEP
from storage.ticks import Ran, note

log = logging.getLogger(__name__)

Job: TypeAlias = Callable[[], Awaitable[Any]]
# Seconds; a prompt is opened by so much too late at most.
TICK = timedelta(seconds=15)


def heartbeat(
    courier: Courier,
    ticker: Ticker,
    storage: Storage,
    sync_directory: Job,
    days_off: DaysOff,
    keep: timedelta = KEEP,
) -> AsyncIOScheduler:
    """The jobs, in memory and not started yet: `start()` and `shutdown(wait=False)` are called inside the running loop.

    A job that is late runs once, as soon as it can, and never beside itself. `keep` is what housekeeping is told.
    """

    async def housekeeping() -> None:
        await tidy(storage, keep)

    jobs = AsyncIOScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )

    def every(span: timedelta, name: str, job: Job) -> None:
        jobs.add_job(noted(storage, name, job), "interval", seconds=span.total_seconds(), id=name)

    every(TICK, "tick", ticker.tick)
    every(timedelta(minutes=5), "zones", ticker.look_round)
    # The sweep also finds what a courier took and did not settle before its lease ended.
    every(timedelta(seconds=10), "sweep", courier.sweep)
    every(timedelta(hours=1), "housekeeping", housekeeping)
    every(timedelta(days=1), "directory", sync_directory)
    # Each calendar is due once an hour; looking every minute spreads them, and reads a new one soon.
    every(timedelta(minutes=1), "calendars", days_off.read_calendars)
    every(timedelta(minutes=5), "holidays", days_off.keep_holidays)
    return jobs


async def note_start(storage: Storage) -> None:
    """Write down that this replica is at work, before any job ran."""
    await noted(storage, "start", _nothing)()


def noted(storage: Storage, name: str, job: Job) -> Callable[[], Awaitable[None]]:
    """The job, with a note of each run. One that fails is logged, and runs again when its time comes."""
    replica = f"{socket.gethostname()} {os.getpid()}"

    async def run() -> None:
        problem, start = "", storage.clock.monotonic()
        try:
            await job()
        except Exception as failed:
            problem = type(failed).__name__
            log.exception("The job %s failed, and is tried again.", name)
        took = storage.clock.monotonic() - start
        try:
            await storage.run(_note, storage, Ran(replica, name, storage.clock.now(), took, problem))
        except StorageError as failed:
            log.warning("The run of %s was not written down: %s", name, failed)

    return run


async def _nothing() -> None:
    pass


def _note(storage: Storage, ran: Ran) -> None:
    with storage.connect() as connection:
        note(connection, ran)
