"""The heartbeat: a handful of jobs that repeat. APScheduler knows when; it knows nothing else about us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.calendars import DaysOff
from scheduler.courier import Courier
from scheduler.housekeeping import tidy
from storage.engine import Storage


def heartbeat(
    courier: Courier, storage: Storage, sync_directory: Callable[[], Awaitable[None]], days_off: DaysOff
) -> AsyncIOScheduler:
    """The jobs, in memory and not started yet: `start()` and `shutdown(wait=False)` are called inside the running loop.

    A job that is late runs once, as soon as it can, and never beside itself.
    """

    async def housekeeping() -> None:
        await storage.run(tidy, storage)

    jobs = AsyncIOScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    # The sweep also finds what a courier took and did not settle before its lease ended.
    jobs.add_job(courier.sweep, "interval", seconds=30, id="sweep")
    jobs.add_job(housekeeping, "interval", hours=1, id="housekeeping")
    jobs.add_job(sync_directory, "interval", days=1, id="directory")
    # Each calendar is due once an hour; looking every minute spreads them, and reads a new one soon.
    jobs.add_job(days_off.read_calendars, "interval", minutes=1, id="calendars")
    jobs.add_job(days_off.keep_holidays, "interval", minutes=5, id="holidays")
    return jobs
