"""Quick turns: which of them may run where they are asked for, and when.

SQLite lets one writer in at a time, so turns take turns on one thread. Most last a millisecond or two, and handing one
over to a thread and back, with the interpreter's lock changing hands at every statement, costs as much again. A turn
that has been quick so far therefore runs on the thread of the event loop, once nobody else is writing.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Seconds; far below what anybody who waits for an answer could notice.
QUICK = 0.02
# A slow time counts for less with every time after it.
FORGIVING = 0.8


class QuickTurns:
    """How long turns take, by their names, and whether the SQLite file at `path` is free."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._slowest: dict[str, float] = {}
        self._probe: sqlite3.Connection | None = None

    def is_quick(self, name: str) -> bool:
        """Whether turns of this name are known to be quick."""
        return self._slowest.get(name, QUICK) < QUICK

    def is_free(self) -> bool:
        """Whether no transaction is being written just now."""
        try:
            if self._probe is None:
                self._probe = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
            self._probe.execute("BEGIN IMMEDIATE")
            self._probe.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        return True

    def timed(self, name: str, function: Callable[[], T]) -> T:
        """Run a turn, and remember how long it took."""
        start = time.perf_counter()
        try:
            return function()
        finally:
            took = time.perf_counter() - start
            self._slowest[name] = max(took, FORGIVING * self._slowest.get(name, 0.0))

    def close(self) -> None:
        """Let go of the file."""
        if self._probe:
            self._probe.close()
