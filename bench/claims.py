"""Claim and mark: how many deliveries a second the outbox takes in hand and settles, each in its own transaction."""

from __future__ import annotations

import time
from datetime import timedelta

from bench.company import KEY
from bench.crowd import gather
from bench.fanout import fresh
from bench.payloads import TEAM
from bench.targets import Target
from storage.crypto import Vault
from storage.engine import Storage
from storage.workspaces import WorkspaceKey

MANY = 2_000
AT_ONCE = 20
SLACK = 10.0  # messages a second that Slack bears
LEASE = timedelta(minutes=1)


def measure() -> list[Target]:
    """Measure on both engines."""
    found: list[Target] = []
    for engine in ("SQLite", "PostgreSQL"):
        with fresh(engine) as database:
            gather(database, MANY, -1)
            rate, spent = _work(database)
        print(f"{engine}: {rate:.0f} deliveries a second claimed and marked, {1000 * spent:.2f} ms of ours for each")
        found.append((f"{engine}: claim and mark / Slack's rate", rate / SLACK, ">=", 50))
    return found


def _work(database: str) -> tuple[float, float]:
    storage, key = Storage(database, Vault([KEY])), WorkspaceKey("slack", TEAM)
    try:
        start, spent, done = time.perf_counter(), time.process_time(), 0
        while True:
            with storage.begin(key) as store:
                taken = store.lanes.take("bench", LEASE, AT_ONCE)
            if not taken:
                break
            for one in taken:
                with storage.begin(key) as store:
                    assert store.lanes.settle_sent(one, {"channel": f"D{one.to_key}", "ts": "1.1"})
            done += len(taken)
        assert done == MANY
        return done / (time.perf_counter() - start), (time.process_time() - spent) / done
    finally:
        storage.close()
