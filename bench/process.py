"""A measured server in a process of its own: when it was ready, how much memory it has, and its end."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.company import KEY
from bench.load import SECRET
from bench.ports import free_port

MOST_SECONDS = 90.0


@dataclass
class Process:
    """A running server. `ready` is how many seconds its start took in all, and `at_rest` its megabytes then."""

    url: str
    ready: float
    process: asyncio.subprocess.Process
    at_rest: float = 0.0

    def __post_init__(self) -> None:
        self.at_rest = self.resident()

    def resident(self) -> float:
        """Megabytes of memory in use now (Linux only; 0 elsewhere)."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return 0.0
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    async def end(self) -> str:
        """End it and wait until it has; what it printed since it began, where that was kept."""
        if self.process.returncode is None:
            self.process.terminate()
        said, _ = await self.process.communicate()
        return said.decode() if said else ""


async def launch_peer(*command: str) -> Process:
    """Start a peer, which prints its address when it listens. Raises RuntimeError when it does not."""
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode().split()
    if not line:
        raise RuntimeError(f"{command[0]} did not start")
    return Process(line[0], time.perf_counter() - start, process)


async def launch_ours(
    slack_url: str,
    database: str,
    *,
    with_pulse: bool = False,
    settings: dict[str, str] | None = None,
    stderr: BinaryIO | None = None,
) -> Process:
    """Start `soundings run` as an admin would, and wait until it says that it is ready. Raises RuntimeError.

    With a pulse it is the same server, and prints at its end what its loop was like. Its log goes to `stderr`.
    """
    port = free_port()
    settings = (settings or {}) | {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SOUNDINGS_DATABASE_URL": database,
        "SOUNDINGS_KEYS": KEY,
        "SOUNDINGS_HOST": "127.0.0.1",
        "SOUNDINGS_PORT": str(port),
        "SOUNDINGS_SLACK_API_URL": slack_url,
        "SOUNDINGS_LOG_LEVEL": "warning",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "SOUNDINGS_"))}
    start = time.perf_counter()
    ours = [str(Path(sys.executable).with_name("soundings")), "run"]
    process = await asyncio.create_subprocess_exec(
        *([sys.executable, "-m", "bench.launched"] if with_pulse else ours),
        env=kept | settings,
        stdout=asyncio.subprocess.PIPE if with_pulse else None,
        stderr=stderr,
    )
    url = f"http://127.0.0.1:{port}"
    while not await _is_ready(port):
        if process.returncode is not None or time.perf_counter() - start > MOST_SECONDS:
            raise RuntimeError(f"soundings run did not start: {_end_of(stderr)}")
        await asyncio.sleep(0.01)
    return Process(url, time.perf_counter() - start, process)


def _end_of(log: BinaryIO | None) -> str:
    return Path(log.name).read_text()[-1_000:] if log else "its log was not kept"


async def _is_ready(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    status = await reader.readline()
    writer.close()
    return b" 200 " in status
