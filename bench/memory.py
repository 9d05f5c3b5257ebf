"""Memory: what the process holds in the middle of a fan-out, with few members and with many."""

from __future__ import annotations

import asyncio
import time

from bench.crowd import gather
from bench.fanout import PACES, fresh, limited
from bench.process import launch_ours
from bench.targets import Target

FEW, MANY = 2_000, 22_000
LEAD, PART = 8.0, 6.0  # seconds until they are due, and seconds of sending


def measure() -> list[Target]:
    """Measure on both databases; what the server of one holds is its own."""
    targets: list[Target] = []
    for engine in ("SQLite", "PostgreSQL"):
        seen = {}
        for people in (FEW, MANY):
            with fresh(engine) as database:
                seen[people] = asyncio.run(_resident(database, people))
            print(f"{engine}, {people} members enrolled, in the middle of a fan-out: {seen[people]:.1f} MB")
        growth = (seen[MANY] - seen[FEW]) / ((MANY - FEW) / 10_000)
        targets.append((f"{engine}: memory for every 10,000 members, MB", growth, "<=", 5.0))
    return targets


async def _resident(database: str, people: int) -> float:
    slack = await limited()
    due = await asyncio.to_thread(gather, database, people, LEAD)
    ours = await launch_ours(slack.url, database, settings=PACES["known"])
    try:
        await asyncio.sleep(max(0.0, due + PART - time.time()))
        return ours.resident()
    finally:
        await ours.end()
        await slack.end()
