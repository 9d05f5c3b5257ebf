"""A process that is killed: the real courier, and the real tick, on a real database, which ends at a named step as
`kill -9` would. The step stands in the order or, where it names none, in SOUNDINGS_FAILPOINT.

`python -m tests.faults.victim` reads one JSON object a line and plays each in a process of its own, forked from one in
which everything is imported; it answers with the id of that process and, later, with how it ended.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, select

from bot.slack.outbound import SlackOutbound
from handlers.features import FEATURES
from scheduler import errand, reconcile
from scheduler import round as round_
from scheduler.courier import Courier
from scheduler.pace import Pace
from scheduler.tick import Ticker
from storage.clock import Clock, SetClock, SystemClock
from storage.crypto import Vault
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.errors import Unavailable
from storage.migrate import upgrade
from storage.planning import Planning
from storage.workspaces import WorkspaceKey
from tests.faults.slack import TEAM

ACME = WorkspaceKey("slack", TEAM)
AT_ONCE = Pace(60_000, 60_000, 1000, 1000, 1000, lookups=60_000, lookups_burst=1000)


class ShiftedClock(SystemClock):
    """The machine's clock, some seconds ahead, so that nobody has to wait until a lease has ended."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def named(order: dict[str, Any]) -> str:
    """The step at which a process is to end, if at any."""
    return str(order.get("failpoint") or os.environ.get("SOUNDINGS_FAILPOINT", ""))


def failpoint(step_and_times: str) -> Callable[[str], None]:
    """A hook that ends this process at a step: "accepted" for the first time, "accepted:3" for the third."""
    step, _, times = step_and_times.partition(":")
    left = Counter({step: int(times or 1)})

    def at(passed: str) -> None:
        left[passed] -= 1
        if passed == step and left[passed] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


@asynccontextmanager
async def at_work(
    order: dict[str, Any], clock: Clock, at: Callable[[str], None]
) -> AsyncIterator[tuple[Storage, Courier]]:
    """A database and a courier on it, until the end of the block."""
    storage = Storage(order["database"], Vault([order["key"]]), clock)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:

        async def client_for(workspace: WorkspaceKey) -> AsyncWebClient:
            token = f"xoxb-{workspace.external_id}"
            return AsyncWebClient(token=token, base_url=order["slack"], session=session, retry_handlers=[])

        courier = Courier(
            storage,
            SlackOutbound(client_for),
            clock,
            FEATURES,
            Pace(order["rate"], order["rate"], lookups=60_000, lookups_burst=1000) if "rate" in order else AT_ONCE,
            at=at,
        )
        yield storage, courier
        await courier.stop()
    storage.close()


async def send(order: dict[str, Any]) -> None:
    """Send until nothing waits any more."""
    async with at_work(order, ShiftedClock(order["ahead"]), failpoint(named(order))) as (storage, courier):
        while await waiting(storage):
            await courier.sweep()
            await asyncio.sleep(0.05)


async def tick(order: dict[str, Any]) -> None:
    """Do what is due at one instant, and send what came of it."""
    # Two people are as much as one transaction takes, so that a few are several.
    for method in (Planning.plan, Planning.nudge):
        method.__kwdefaults__["most"] = 2
    at = failpoint(named(order))
    async with at_work(order, SetClock(datetime.fromisoformat(order["at"])), at) as (storage, courier):
        await Ticker(storage, FEATURES, at=at).tick()
        await courier.drain()


async def waiting(storage: Storage) -> bool:
    """Whether anything is still to be sent, as far as can be told."""

    def look() -> bool:
        with storage.connect() as connection:
            query = select(deliveries.c.id).where(deliveries.c.settled_at.is_(None)).limit(1)
            return connection.execute(query).first() is not None

    try:
        return await storage.run(look)
    except Unavailable:
        return True


def hurry(lease: float) -> None:
    """Shorten the lease, and what hangs together with it, so that a death is noticed sooner."""
    round_.LEASE = timedelta(seconds=lease)
    round_.RENEW_AFTER = lease / 3
    errand.SEND_SECONDS = lease / 2
    errand.SHOWN_AFTER = reconcile.SHOWN_AFTER = timedelta(seconds=0.2)


def migrate(order: dict[str, Any]) -> None:
    """Bring a database to this version; `failpoint` counts statements."""
    storage = Storage(order["database"], Vault([order["key"]]))
    at = failpoint(named(order))
    event.listen(storage.engine, "after_cursor_execute", lambda *_: at("statement"))
    event.listen(storage.engine, "commit", lambda *_: at("commit"))
    upgrade(storage)
    storage.close()


def play(order: dict[str, Any]) -> None:
    """What one process does."""
    if lease := order.get("lease"):
        hurry(lease)
    if order["does"] == "migrate":
        migrate(order)
    else:
        asyncio.run({"send": send, "tick": tick}[order["does"]](order))


def main() -> None:
    """Play what is ordered, one after the other."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                play(json.loads(line))
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
