"""A measured server in a process of its own: when it was ready, how much memory it has, and its end."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Process:
    """A running server. `ready` is how many seconds its start took, interpreter included."""

    url: str
    ready: float
    process: asyncio.subprocess.Process

    def resident(self) -> float:
        """Megabytes of memory in use now (Linux only; 0 elsewhere)."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return 0.0
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    async def end(self) -> None:
        """End it and wait until it has."""
        self.process.terminate()
        await self.process.wait()


async def launch(*command: str, python: bool = True) -> Process:
    """Start `python -m bench.servers ...`, or the command itself, and wait until it listens.

    Raises RuntimeError when it does not.
    """
    whole = (sys.executable, "-m", "bench.servers", *command) if python else command
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*whole, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode().split()
    if not line:
        raise RuntimeError(f"the server {command[0]} did not start")
    return Process(line[0], time.perf_counter() - start, process)
