"""The rounds: every server in turn, several times, so that a noisy minute hits them all."""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass, field
from typing import Any

from bench.fake import FakeSlack
from bench.load import Timed, run
from bench.payloads import command, evenings, submissions
from bench.process import Process, launch_ours, launch_peer

ROUNDS = 3
ALONE = 300
TOGETHER = 1_200
AT_ONCE = 64
WARM_UP = 100
MEMBERS_A_ROUND = 1_000


@dataclass
class Seen:
    """What the rounds of one server showed. `ready` is in seconds; memory in megabytes, at rest and after the load."""

    ready: float = 0.0
    at_rest: float = 0.0
    loaded: float = 0.0
    alone: list[Timed] = field(default_factory=list)
    together: list[Timed] = field(default_factory=list)
    at_once: list[Timed] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """Milliseconds of one request after another, over one connection."""
        return statistics.median(one.quantile(0.5) for one in self.alone)

    @property
    def p50_of_16(self) -> float:
        """Milliseconds of a request among sixteen connections."""
        return statistics.median(one.quantile(0.5) for one in self.together)

    @property
    def p99(self) -> float:
        """Milliseconds below which 99 of 100 stay, among sixteen connections."""
        return statistics.median(one.quantile(0.99) for one in self.together)

    @property
    def rate(self) -> float:
        """Requests per second over sixteen connections."""
        return statistics.median(one.rate for one in self.together)

    @property
    def rush(self) -> float:
        """The slowest of 64 at once, in milliseconds."""
        return max(one.quantile(1) for one in self.at_once)

    @property
    def failures(self) -> int:
        """Answers that were not 200."""
        return sum(one.failures for one in (*self.alone, *self.together, *self.at_once))


async def measure(databases: dict[str, str], bolt_js: list[str]) -> dict[str, Seen]:
    """Measure bare Bolt in two ways, Soundings on each database, and bolt-js where there is a command for it."""
    slack = FakeSlack()
    await slack.start()
    processes: dict[str, Process] = {}
    try:
        for kind, database in databases.items():
            processes[kind] = await launch_ours(slack.url, database)
        view = await _opened(next(iter(processes.values())), slack)
        peer = (sys.executable, "-m", "bench.servers")
        processes["bare Bolt"] = await launch_peer(*peer, "bare", slack.url)
        processes["bare Bolt, answering when done"] = await launch_peer(*peer, "patient", slack.url)
        if bolt_js:
            processes["bolt-js"] = await launch_peer(*bolt_js)
        return await _rounds(processes, view)
    finally:
        for process in processes.values():
            await process.end()
        slack.stop()


async def _opened(process: Process, slack: FakeSlack) -> dict[str, Any]:
    """The form that `/checkin` opens, as the server itself draws it."""
    await run(process.url, iter([command(0)]), connections=1, requests=1)
    assert slack.view, "the check-in's form was not opened"
    return slack.view


async def _rounds(processes: dict[str, Process], view: dict[str, Any]) -> dict[str, Seen]:
    seen = {kind: Seen(process.ready, process.at_rest) for kind, process in processes.items()}
    for process in processes.values():
        await run(process.url, evenings(view, 1), connections=4, requests=WARM_UP)
    for number in range(1, ROUNDS + 1):
        first = number * MEMBERS_A_ROUND
        for kind, process in processes.items():
            bodies = evenings(view, first)
            seen[kind].alone.append(await run(process.url, bodies, connections=1, requests=ALONE))
            seen[kind].together.append(await run(process.url, bodies, connections=16, requests=TOGETHER))
            rush = submissions(view, first + MEMBERS_A_ROUND - AT_ONCE)
            seen[kind].at_once.append(await run(process.url, rush, connections=AT_ONCE, requests=AT_ONCE))
    for kind, process in processes.items():
        seen[kind].loaded = process.resident()
    return seen
