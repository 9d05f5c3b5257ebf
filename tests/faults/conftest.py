"""What the fault tests share: a Slack that outlives everybody, and victims."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.slack import FakeSlack

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL


class Victims:
    """Processes forked one after the other from one that has everything imported."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    async def play(self, **order: Any) -> int:
        """Play one to its end; its exit code."""
        return await asyncio.to_thread(self._play, json.dumps(order))

    def _play(self, order: str) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    """Victims to order about."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.victim"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as process:
        yield Victims(process)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack over HTTP."""
    one = FakeSlack()
    await one.start()
    yield one
    await one.stop()
