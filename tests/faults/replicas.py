"""Three replicas of `soundings run` on one PostgreSQL, of which two are killed in the middle of a fan-out."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from bench.company import KEY
from bench.process import Process, launch_ours
from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from storage.crypto import Vault
from storage.engine import Storage
from storage.migrate import upgrade
from storage.workspaces import WorkspaceKey
from tests.faults.carnage import own_postgres, slack_running
from tests.faults.slack import FakeSlack

NAMES = ("first", "second", "third")
# The token of the replicas is "xoxb-bench".
BENCH = WorkspaceKey("slack", "bench")
LONGEST = 300.0


def queue(database: str, messages: int, workspace: WorkspaceKey = BENCH, first: int = 0) -> None:
    """Messages to so many people, counted from `first`."""
    storage = Storage(database, Vault([KEY]))
    with storage.begin(workspace) as store:
        for number in range(first, first + messages):
            card = to_json(Card((Para(line(f"message {number}")),)))
            store.members.greet(f"U{number}")
            store.deliveries.queue("member", f"U{number}", card, key=f"message {number}")
    storage.close()


async def two_of_three_killed(folder: Path, messages: int) -> tuple[int, int, float]:
    """Losses, repetitions, and the longest time in seconds that a survivor took to go on."""
    with own_postgres(folder) as server:
        storage = Storage(server.get_uri(), Vault([KEY]))
        upgrade(storage)
        storage.close()
        async with slack_running() as slack:
            host = slack.url.removesuffix("api/")
            running = {name: await launch_ours(f"{host}{name}/api/", server.get_uri()) for name in NAMES}
            try:
                queue(server.get_uri(), messages)
                longest = 0.0
                for share in (0.2, 0.5):
                    await arrived(slack, int(messages * share))
                    await kill(running.pop(slack.callers[-1]))
                    seen, died = len(slack.ground.arrived), time.monotonic()
                    await arrived(slack, seen + 2)
                    longest = max(longest, time.monotonic() - died)
                await arrived(slack, messages)
                await asyncio.sleep(2)  # whatever came twice would come now
            finally:
                for process in running.values():
                    await kill(process)
            times = Counter(one.text for one in slack.ground.arrived)
            return messages - len(times), sum(times.values()) - len(times), longest


async def kill(replica: Process) -> None:
    """End one as `kill -9` does."""
    with suppress(ProcessLookupError):
        replica.process.kill()
    await replica.process.wait()


async def arrived(slack: FakeSlack, messages: int) -> None:
    """Wait until so many have arrived, but not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            while len(slack.ground.arrived) < messages:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
