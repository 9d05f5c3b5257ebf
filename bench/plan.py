"""Planning, measured: 100,000 members in 40 zones, all due at once, on SQLite and PostgreSQL; and the preview.

The preview is printed only.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from sqlalchemy import func, insert, select

from bench.company import KEY
from bench.fanout import fresh
from bench.targets import Target
from scheduler.tick import Ticker
from storage.cadences import Audience, Cadence
from storage.clock import SetClock
from storage.crypto import Vault
from storage.engine import Storage
from storage.members import members
from storage.migrate import upgrade
from storage.prompts import prompts
from storage.recurrence import Recurrence, Timing
from storage.waves import workspaces_due
from storage.workspaces import WorkspaceKey

MANY, ZONES, FEW = 100_000, 40, 5_000
LOOKS = 200
START = datetime(2026, 3, 2, 9, tzinfo=UTC)

BENCH, SMALL = WorkspaceKey("slack", "T-PLAN"), WorkspaceKey("slack", "T-PREVIEW")
# Without reminders, half of which would be due in the same ticks.
WEEKLY = Cadence(
    0,
    "Weekly",
    Recurrence(date(2026, 3, 1)),
    audience=Audience(everybody=True),
    timing=Timing(nudges=0),
    most_late=3_000,
)


def measure() -> list[Target]:
    """Measure on both databases."""
    found: list[Target] = []
    for engine in ("SQLite", "PostgreSQL"):
        with fresh(engine) as database:
            found += _one(engine, database)
    return found


def _one(name: str, url: str) -> list[Target]:
    """Plan, look round idly and preview on one database, and print how long each took."""
    storage = Storage(url, Vault([KEY]), SetClock(START))
    try:
        upgrade(storage)
        _people(storage, BENCH, MANY)
        _people(storage, SMALL, FEW)
        with storage.begin(BENCH) as store:
            store.waves.arrange(store.cadences.add(WEEKLY))
        idle = _idle(storage)
        spent = time.process_time()
        steps = _plan(storage)
        spent = time.process_time() - spent
        with storage.connect() as connection:
            count = connection.execute(select(func.count()).select_from(prompts)).scalar_one()
        print(
            f"{name}: {count} prompts planned in {sum(steps):.2f} s ({len(steps)} transactions, the longest "
            f"{max(steps) * 1000:.0f} ms; {spent:.2f} s of ours on the processor); an idle tick {idle:.2f} ms"
        )
        for kind, cadence in _previews().items():
            took = _timed(lambda cadence=cadence: _preview(storage, cadence))
            print(f"{name}: preview of {FEW} members over 14 days, {kind}: {took:.2f} s")
        return [
            (f"{name}: {MANY} prompts that were not planned", MANY - count, "<=", 0),
            (f"{name}: planning {MANY} prompts, s", sum(steps), "<=", 5),
            (f"{name}: longest transaction of it, ms", max(steps) * 1000, "<=", 200),
            (f"{name}: an idle tick, ms", idle, "<=", 2),
        ]
    finally:
        storage.close()


def _people(storage: Storage, key: WorkspaceKey, count: int) -> None:
    known = sorted(zone for zone in available_timezones() if "/" in zone and "Etc" not in zone)
    zones = known[:: len(known) // ZONES][:ZONES]
    with storage.begin(key) as store:
        tenant = store.workspace.id
    same = {"workspace_id": tenant, "met_at": START}
    rows = [
        {**same, "key": f"U{number}", "name": f"m{number}", "zone": zones[number % ZONES]} for number in range(count)
    ]
    with storage.connect() as connection:
        connection.execute(insert(members), rows)
        if not storage.on_sqlite:
            connection.exec_driver_sql("ANALYZE members")


def _idle(storage: Storage) -> float:
    """The median of a look at what is due when nothing is, in milliseconds."""

    def look() -> None:
        with storage.connect() as connection:
            assert not workspaces_due(connection, storage.clock.now())

    return statistics.median(_timed(look) for _ in range(LOOKS)) * 1000


def _plan(storage: Storage) -> list[float]:
    clock = storage.clock
    assert isinstance(clock, SetClock)
    clock.move_to(datetime(2026, 3, 6, 0, tzinfo=UTC))  # the fifth is ten o'clock everywhere by now
    ticker = Ticker(storage, ())
    steps: list[float] = []
    more = True
    while more:
        start = time.perf_counter()
        more = ticker.step(BENCH)
        steps.append(time.perf_counter() - start)
    return steps


def _previews() -> dict[str, Cadence]:
    daily = Recurrence(date(2026, 3, 1), (0, 1, 2, 3, 4))
    return {
        "weekly": WEEKLY,
        "every working day": Cadence(0, "Daily", daily, audience=Audience(everybody=True), timing=Timing(minutes=60)),
    }


def _preview(storage: Storage, cadence: Cadence) -> None:
    with storage.begin(SMALL) as store:
        today = store.now.date()
        assert store.planning.preview(cadence, today, today + timedelta(days=13))


def _timed(function: Callable[[], None]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
