"""The peers of the fan-out, on the same fake Slack in the same run: reported, and no targets."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from bench.fanout import MANY, FanOut, counted, delivered, fresh, limited, show
from bench.process import launch_peer
from bench.targets import Target

LEAD = 4.0


def measure() -> list[Target]:
    """Print a line for each peer."""
    show("APScheduler, a job each, defaults", asyncio.run(_job_each(grace=1, retries=1)))
    show("APScheduler, a job each, any lateness, 100 retries", asyncio.run(_job_each(grace=0, retries=100)))
    with fresh("PostgreSQL") as database:
        show("procrastinate on PostgreSQL, 10 at once", asyncio.run(_queue(database)))
    return []


async def _job_each(*, grace: int, retries: int) -> FanOut:
    due = time.time() + LEAD
    return await _peer(due, "bench.one_job_each", str(due), str(grace), str(retries))


async def _queue(database: str) -> FanOut:
    due = time.time() + LEAD
    return await _peer(due, "bench.task_queue", str(due), database)


async def _peer(due: float, module: str, *more: str) -> FanOut:
    slack = await limited()
    peer = await launch_peer(sys.executable, "-W", "ignore", "-m", module, slack.url, *more)
    try:
        await delivered(slack, MANY)
        assert peer.process.stdout
        assert peer.process.stdin
        peer.process.stdin.write(b"end\n")
        pulse = json.loads(await asyncio.wait_for(peer.process.stdout.readline(), 60))
        return await counted(slack, due, pulse)
    finally:
        await peer.end()
        await slack.end()
