"""`make faults`: the long matrix. One row for each fault: what, what was seen, what is to be reached, and the verdict.

Exits 1 when anything was missed. With `--write` the table is put into docs/operations.md as well. With `--brief` only
those rows are played that are no tests of the suite, with fewer kills.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.migrate import upgrade
from tests.databases import opened
from tests.faults.carnage import killed_at_random, own_postgres, postgres_restarted
from tests.faults.replicas import two_of_three_killed
from tests.faults.rolling import rolled
from tests.faults.victims import ROOT
from tests.simulation.__main__ import DAYS, play
from tests.simulation.storm import compared

OPERATIONS = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- make faults: begin -->", "<!-- make faults: end -->"

parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Kills and misleads Soundings at length.")
parser.add_argument("--brief", action="store_true", help="only what is no test of the suite, with fewer kills")
parser.add_argument("--write", action="store_true", help="put the table into docs/operations.md as well")
ASKED = parser.parse_args()
BRIEF: bool = ASKED.brief
KILLS, MESSAGES = (15, 1_500) if BRIEF else (60, 6_000)
DAYS_A_SECOND = 20
NOTHING = "0 lost, 0 twice"


@dataclass(frozen=True)
class Seen:
    """What one row has seen, and whether that will do."""

    figure: str
    ok: bool


def tests(*paths: str) -> Callable[[Path], Seen]:
    """A row that plays tests of the suite."""

    def run(_folder: Path) -> Seen:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        passed = re.search(r"(\d+) passed", done.stdout)
        failed = re.search(r"(\d+) failed", done.stdout)
        if done.returncode:
            sys.stderr.write(done.stdout[-4000:])
        return Seen(f"{passed[1] if passed else 0} held, {failed[1] if failed else 0} not", done.returncode == 0)

    return run


def kills_on_sqlite(folder: Path) -> Seen:
    """Random kills on a file."""
    return _killed(f"sqlite:///{folder / 'killed.db'}")


def kills_on_postgresql(folder: Path) -> Seen:
    """Random kills on a server."""
    with own_postgres(folder) as server:
        return _killed(server.get_uri())


def _killed(database: str) -> Seen:
    deaths, lost, twice = asyncio.run(killed_at_random(database, KILLS, MESSAGES, random.randrange(1 << 32)))
    return Seen(f"{deaths} kills: {lost} lost, {twice} twice", (lost, twice) == (0, 0) and deaths >= KILLS)


def restarts(folder: Path) -> Seen:
    """PostgreSQL restarted and crashed."""
    longest, lost, twice = asyncio.run(postgres_restarted(folder, 1_200))
    figure = f"{lost} lost, {twice} twice, back after {longest:.1f} s"
    return Seen(figure, (lost, twice) == (0, 0) and longest <= 5)


def replicas(folder: Path) -> Seen:
    """The real processes, as an admin starts them."""
    lost, twice, longest = asyncio.run(two_of_three_killed(folder, 200))
    return Seen(f"{lost} lost, {twice} twice, the next went on after {longest:.0f} s", (lost, twice) == (0, 0))


def rolling(folder: Path) -> Seen:
    """Two versions beside each other; in brief every replica is stopped, at length one is killed."""
    seen = asyncio.run(rolled(folder, roughly=not BRIEF))
    for line in seen.complaints[:40]:
        sys.stderr.write(line + "\n")
    by_new, by_old = seen.by["next"], seen.by.total() - seen.by["next"]
    figure = (
        f"{seen.lost} lost, {seen.twice} twice; of {seen.checked_in} check-ins {seen.refused} refused, "
        f"{seen.forgotten} forgotten; after the upgrade {by_old} sent by this version, {by_new} by the next"
    )
    wrong = seen.lost, seen.twice, seen.refused, seen.forgotten, len(seen.complaints)
    return Seen(figure, not any(wrong) and by_new > 0 and by_old > 0)


def migrated(folder: Path) -> Path:
    """An empty database to copy."""
    template = folder / "template.db"
    with opened(f"sqlite:///{template}") as storage:
        upgrade(storage)
    return template


def storm(folder: Path) -> Seen:
    """Slack says "wait" to three calls in ten of one workspace."""
    one, slower = compared(random.randrange(1 << 32), migrated(folder), folder)
    ratio = one.took / one.bound
    figure = (
        f"{one.lost} lost, {one.repeated} twice, {one.hasty} hasty, {ratio:.2f} of what Slack forbade, {slower:+.1%}"
    )
    return Seen(figure, (one.lost, one.repeated, one.hasty) == (0, 0, 0) and ratio <= 1.2 and slower <= 0.01)


def offices(folder: Path) -> Seen:
    """Seeds that nobody chose."""
    template = migrated(folder)
    start, days, amiss = time.process_time(), 0, []
    for seed in (random.randrange(1 << 32) for _ in range(10)):
        wrong, figures = play(seed, template, folder)
        days += DAYS
        if wrong:
            amiss.append(seed)
            sys.stderr.write("\n".join([figures, *wrong, f"Play it again: python -m tests.simulation {seed}", ""]))
    rate = days / (time.process_time() - start)
    figure = f"{len(amiss)} of 10 seeds amiss, {rate:.0f} days a second of CPU time"
    return Seen(figure, not amiss and rate >= DAYS_A_SECOND)


ROWS: tuple[tuple[str, str, Callable[[Path], Seen]], ...] = (
    ("kill -9 at every step of sending, both databases", "all hold", tests("tests/faults/test_killed.py")),
    (
        "kill -9 at every step of asking, reminding and closing, both databases",
        "all hold",
        tests("tests/faults/test_killed_ticking.py"),
    ),
    (
        "kill -9 at every statement of an upgrade, both databases",
        "all hold",
        tests("tests/faults/test_killed_migrating.py"),
    ),
    (f"{KILLS} kills, 2 workers, {MESSAGES} messages, SQLite", NOTHING, kills_on_sqlite),
    (f"{KILLS} kills, 2 workers, {MESSAGES} messages, PostgreSQL", NOTHING, kills_on_postgresql),
    ("PostgreSQL restarted once and crashed twice while sending", f"{NOTHING}, back <= 5 s", restarts),
    ("3 replicas of `soundings run` on PostgreSQL, 2 killed while sending", NOTHING, replicas),
    (
        "a rolling upgrade on PostgreSQL: replicas of this version and of the next while sending",
        f"{NOTHING}, no check-in refused or forgotten, both send",
        rolling,
    ),
    (
        "an office: clocks that jump, crashes, lost answers, 10 new seeds",
        f"0 amiss, >= {DAYS_A_SECOND} days a second of CPU time",
        offices,
    ),
    (
        "3 calls in 10 of one workspace answered 429 with 1 to 60 s to wait, another beside it",
        f"{NOTHING}, none while forbidden, <= 1.20 of the seconds that Slack forbade, the other <= 1 % later",
        storm,
    ),
    ("the safeguards taken away one by one", "noticed", tests("tests/simulation/test_switched_off.py")),
    (
        "clocks set wrong and right twice a day, machines that sleep and die, and the checker of that",
        "all hold",
        tests("tests/simulation/test_jumps.py"),
    ),
    ("every zone, every change of clock in 2025 to 2027", "all hold", tests("tests/faults/test_zones.py")),
    (
        "the same through the whole ticker, asked daily; members who change zones and cross the date line",
        "all hold",
        tests("tests/scheduler/test_changing_clocks.py", "tests/scheduler/test_travellers.py"),
    ),
    ("new rules for a zone, before and after people were asked", "all hold", tests("tests/faults/test_new_rules.py")),
    (
        "news told again and in any order, to two replicas",
        "all hold",
        tests("tests/platforms/test_out_of_order.py", "tests/platforms/test_twice.py"),
    ),
    (
        "token revoked, people and channels gone, poison",
        "all hold",
        tests("tests/scheduler/test_outbox.py", "tests/scheduler/test_reconcile.py"),
    ),
    ("people and a workspace erased while they are written to", "all hold", tests("tests/faults/test_erased.py")),
    (
        "disk full, database locked or away",
        "all hold",
        tests("tests/storage/test_trouble.py", "tests/platforms/test_trouble.py"),
    ),
)


# What is no test of the suite, because it takes so long.
APART = (kills_on_sqlite, kills_on_postgresql, restarts, replicas, rolling)


def main() -> int:
    """Play the rows and print the table."""
    lines = ["| Fault | Target | Seen | | Seconds |", "| --- | --- | --- | --- | --- |"]
    missed = 0
    sys.stdout.write("\n".join(lines) + "\n")
    for what, target, run in [row for row in ROWS if not BRIEF or row[2] in APART]:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="soundings-faults-", ignore_cleanup_errors=True) as folder:
            try:
                seen = run(Path(folder))
            except Exception as broken:  # the other rows are played all the same
                traceback.print_exc()
                seen = Seen(f"broke off: {type(broken).__name__}", ok=False)
        missed += not seen.ok
        verdict = "ok" if seen.ok else "MISSED"
        lines.append(f"| {what} | {target} | {seen.figure} | {verdict} | {time.perf_counter() - start:.0f} |")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    if ASKED.write:
        _write(lines)
    return 1 if missed else 0


def _write(lines: list[str]) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    said = f"{os.cpu_count()} cores; load average at the end: {load}."
    text = OPERATIONS.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    OPERATIONS.write_text(f"{head}{BEGIN}\n{chr(10).join(lines)}\n\n{said}\n{END}{tail}")


if __name__ == "__main__":
    sys.exit(main())
