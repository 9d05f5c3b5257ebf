"""The fan-out: thousands of prompts due in one moment, sent by the real process to a Slack that takes 150 a second."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import postgres
from bench.crowd import gather
from bench.limited import BURST, PER_SECOND
from bench.load import Timed, run, steadily
from bench.payloads import command, evenings
from bench.process import Process, launch_ours, launch_peer
from bench.targets import Target

MANY = 3_000
BOUND = (MANY - BURST) / PER_SECOND
LEAD = 6.0  # seconds in which the process has to be there before the prompts are due
INTERACTIONS_PER_SECOND = 20
NEAR = 0.97  # of what the platform bears
MOST_SECONDS = 90.0

A_MINUTE = PER_SECOND * 60
PACES = {
    "known": {"SOUNDINGS_PACE_START": str(A_MINUTE * NEAR), "SOUNDINGS_PACE_CEILING": str(A_MINUTE * NEAR)},
    "discovered": {"SOUNDINGS_PACE_START": str(A_MINUTE * 0.6), "SOUNDINGS_PACE_CEILING": str(A_MINUTE * 2)},
}


@dataclass(frozen=True)
class FanOut:
    """How one sender fared: seconds from due to the last message, and what the fake Slack counted.

    `stall` and `queued` are milliseconds: the loop's longest absence, and how much of it went by without a core.
    """

    seconds: float
    refused: int
    lost: int
    doubled: int
    stall: float = 0.0
    queued: float = 0.0
    spent: float = 0.0
    interactions: Timed | None = None

    @property
    def ratio(self) -> float:
        """Seconds over what nobody can beat."""
        return self.seconds / BOUND


def measure() -> list[Target]:
    """Every pace on every engine: prints a line each, and says what they are held to."""
    found: list[Target] = []
    for engine in ("SQLite", "PostgreSQL"):
        for pace, most in (("known", 1.10), ("discovered", 1.20)):
            with fresh(engine) as database:
                seen = asyncio.run(_ours(database, PACES[pace]))
            name = f"{engine}, rate {pace}"
            show(name, seen)
            assert seen.interactions
            found += [
                (f"{name}: due to delivered / bound", seen.ratio, "<=", most),
                (f"{name}: refused with 429, %", 100 * seen.refused / MANY, "<=", 0.5),
                (f"{name}: lost", seen.lost, "<=", 0),
                (f"{name}: sent twice", seen.doubled, "<=", 0),
                (f"{name}: longest stall of the loop, ms", seen.stall, "<=", 50),
                (f"{name}: interactions meanwhile, p99 ms", seen.interactions.quantile(0.99), "<=", 300),
                (f"{name}: interactions that were not answered 200", seen.interactions.failures, "<=", 0),
            ]
    return found


def show(name: str, seen: FanOut) -> None:
    """Print one line."""
    print(
        f"{name}: {seen.seconds:.2f} s, {seen.ratio:.3f} of the bound; {seen.refused} refused, {seen.lost} lost, "
        f"{seen.doubled} twice; longest stall {seen.stall:.0f} ms ({seen.queued:.0f} ms of it without a core), "
        f"{seen.spent:.1f} s of processor time",
        flush=True,
    )


@contextmanager
def fresh(engine: str) -> Iterator[str]:
    """The URL of an empty database."""
    with tempfile.TemporaryDirectory(prefix="soundings-bench-") as folder:
        if engine == "SQLite":
            yield f"sqlite:///{folder}/bench.db"
        else:
            with postgres.server(Path(folder)) as url:
                yield url


async def _ours(database: str, pace: dict[str, str]) -> FanOut:
    slack = await limited()
    due = await asyncio.to_thread(gather, database, MANY, LEAD)
    ours = await launch_ours(slack.url, database, with_pulse=True, settings=pace)
    try:
        await run(ours.url, iter([command(MANY)]), connections=1, requests=1)
        bodies = evenings((await stats(slack))["view"], MANY)
        await run(ours.url, bodies, connections=1, requests=4)
        await asyncio.sleep(max(0.0, due - time.time()))
        ours.process.send_signal(signal.SIGUSR1)
        done = asyncio.Event()
        answers = asyncio.create_task(steadily(ours.url, bodies, per_second=INTERACTIONS_PER_SECOND, until=done))
        await delivered(slack, MANY)
        done.set()
        pulse = json.loads(await _ended(ours))
        return await counted(slack, due, pulse, await answers)
    finally:
        await ours.end()
        await slack.end()


async def _ended(ours: Process) -> str:
    await asyncio.sleep(0.5)  # whoever was sent to twice shows
    return await ours.end()


async def limited() -> Process:
    """Start the Slack that takes no more than it says."""
    return await launch_peer(sys.executable, "-m", "bench.limited")


async def stats(slack: Process) -> dict[str, Any]:
    """What it has seen by now."""

    def ask() -> dict[str, Any]:
        with urllib.request.urlopen(slack.url + "stats", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    return await asyncio.to_thread(ask)


async def delivered(slack: Process, many: int) -> None:
    """Wait until so many people were written to, or nothing has gone out for a while."""
    last, since = -1, time.monotonic()
    while len(_people(found := await stats(slack))) < many:
        here = len(_people(found))
        if here != last:
            last, since = here, time.monotonic()
        if time.monotonic() - since > (8 if last > 0 else MOST_SECONDS):
            return
        await asyncio.sleep(0.1)


async def counted(
    slack: Process, due: float, pulse: dict[str, float] | None = None, interactions: Timed | None = None
) -> FanOut:
    """What the fake Slack saw, as a result."""
    found = await stats(slack)
    people = _people(found)
    return FanOut(
        found["last"] - due,
        found["refused"],
        MANY - len(people),
        sum(count - 1 for count in people.values()),
        interactions=interactions,
        **(pulse or {}),
    )


def _people(found: dict[str, Any]) -> dict[str, int]:
    return {chat: count for chat, count in found["counts"].items() if chat.startswith("DU")}
