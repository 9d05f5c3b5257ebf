"""Reading calendars and holidays aside: in a process of its own, which ends when the reading is done.

The libraries take memory that is needed once an hour, and what somebody's calendar makes them do may take long. Aside,
neither is felt by whoever waits for an answer; the process knows no secret, and is stopped when it takes too long.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import date
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.absences import UnknownPlace, Unreadable, absences_in, holidays_of
from storage.absences import Days

PATIENCE = 20.0  # seconds for one calendar
MOST_MEMORY = 1 << 30  # bytes
MOST_LINE = 8 << 20  # bytes, more than any question or answer


class Aside:
    """A process that reads, begun when it is first asked: `async with Aside() as aside`."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Aside:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def absences_in(self, text: bytes, zone: ZoneInfo, first: date, last: date) -> list[Days]:
        """What `scheduler.absences.absences_in` finds. Raises Unreadable, also for what takes too long to read."""
        found = await self._ask(text=b64encode(text).decode(), zone=zone.key, first=str(first), last=str(last))
        if problem := found.get("problem"):
            raise Unreadable(problem)
        return [(date.fromisoformat(a), date.fromisoformat(b), source) for a, b, source in found["days"]]

    async def holidays_of(self, place: str, first: date, last: date) -> dict[date, str]:
        """What `scheduler.absences.holidays_of` knows. Raises UnknownPlace."""
        found = await self._ask(place=place, first=str(first), last=str(last))
        if problem := found.get("problem"):
            raise UnknownPlace(problem)
        return {date.fromisoformat(day): name for day, name in found["days"].items()}

    async def _ask(self, **question: str) -> dict[str, Any]:
        process = self._process = self._process or await self._start()
        assert process.stdin
        assert process.stdout
        try:
            async with asyncio.timeout(PATIENCE):
                with suppress(ConnectionError):
                    process.stdin.write(json.dumps(question).encode() + b"\n")
                    await process.stdin.drain()
                answer: dict[str, Any] = json.loads(await process.stdout.readline() or "{}")
        except BaseException as problem:
            await self._stop()
            if isinstance(problem, TimeoutError):
                return {"problem": "Reading it took too long."}
            raise
        if not answer:  # it ended, for want of memory perhaps
            await self._stop()
        return answer or {"problem": "It could not be read."}

    async def _start(self) -> asyncio.subprocess.Process:
        # A session of its own, so that a Ctrl-C that is meant for us does not reach it.
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a folder of the same name here is not ours
            "-m",
            "scheduler.aside",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(one or os.getcwd() for one in sys.path)},
            limit=MOST_LINE,
            start_new_session=True,
        )

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def answer(question: dict[str, str]) -> dict[str, Any]:
    """What the process says to one question."""
    first, last = date.fromisoformat(question["first"]), date.fromisoformat(question["last"])
    try:
        if "place" in question:
            known = holidays_of(question["place"], first, last)
            return {"days": {str(day): name for day, name in known.items()}}
        found = absences_in(b64decode(question["text"]), ZoneInfo(question["zone"]), first, last)
        return {"days": [(str(a), str(b), source) for a, b, source in found]}
    except (Unreadable, UnknownPlace) as problem:
        return {"problem": str(problem)}


def main() -> None:
    """Answer each line of standard input with a line, until there are no more."""
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
