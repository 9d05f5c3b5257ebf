"""What stands before replicas: it hands people's requests round to those that are behind it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import count

from bench import load
from bench.payloads import command, submission
from tests.faults.slack import FakeSlack

EVENINGS = 3.0  # people who check in each second: two requests each


class Proxy:
    """Hands people's requests round to the replicas that are behind it."""

    def __init__(self) -> None:
        self.checked_in = 0
        self.refused = 0
        self._behind: dict[str, str] = {}
        self._busy: dict[str, set[asyncio.Task[load.Timed]]] = {}
        self._evenings: set[asyncio.Task[None]] = set()
        self._turn = count()

    def put_in(self, name: str, url: str) -> None:
        """Send requests to this one too."""
        self._behind[name] = url

    async def take_out(self, name: str) -> None:
        """Send no more to this one, and wait for what it was sent."""
        del self._behind[name]
        await asyncio.gather(*self._busy.get(name, ()), return_exceptions=True)

    async def evenings(self, slack: FakeSlack, until: asyncio.Event) -> None:
        """Let people check in, one after the other, until something has happened; then wait for the last of them."""
        for number in count():
            one = asyncio.create_task(self._evening(slack, number))
            self._evenings.add(one)
            one.add_done_callback(self._evenings.discard)
            with suppress(TimeoutError):
                await asyncio.wait_for(until.wait(), 1 / EVENINGS)
            if until.is_set():
                break
        await asyncio.gather(*self._evenings)

    async def _evening(self, slack: FakeSlack, number: int) -> None:
        await self._ask(command(number))
        if slack.view and await self._ask(submission(number, slack.view)):
            self.checked_in += 1

    async def _ask(self, body: bytes) -> bool:
        names = list(self._behind)
        name = names[next(self._turn) % len(names)]
        busy = self._busy.setdefault(name, set())
        asked = asyncio.create_task(load.run(self._behind[name], iter([body]), connections=1, requests=1))
        busy.add(asked)
        try:
            timed = await asked
        except (OSError, EOFError):
            self.refused += 1
            return False
        finally:
            busy.discard(asked)
        self.refused += timed.failures
        return not timed.failures
