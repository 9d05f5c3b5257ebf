"""Victims as seen by whoever kills them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL


class Victims:
    """Processes forked one after the other from one that has everything imported. A context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        self.pid = 0

    def __enter__(self) -> Victims:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        with self._process:
            pass

    async def play(self, **order: Any) -> int:
        """Play one to its end; its exit code. `pid` is its process meanwhile."""
        return await asyncio.to_thread(self._play, json.dumps(order))

    def kill(self) -> None:
        """End the one that plays, as `kill -9` does."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)

    def _play(self, order: str) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        self.pid = int(self._process.stdout.readline())
        code = int(self._process.stdout.readline())
        self.pid = 0
        return code
