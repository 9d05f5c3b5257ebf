"""`python -m tests.simulation [seed ...]`: play an office with these seeds, or with ten that nobody chose."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from handlers.features import FEATURES
from storage.migrate import upgrade
from tests.databases import opened
from tests.simulation.checker import PROMPTS, check, rows
from tests.simulation.company import Company, Trouble, founded
from tests.simulation.office import Office

DAYS = 40


def play(seed: int, template: Path, folder: Path, days: int = DAYS) -> tuple[list[str], str]:
    """What is wrong with one seed, and a line of figures."""
    start = time.process_time()
    company = Company(seed, founded(template, folder / f"{seed}.db"), Trouble(), FEATURES)
    office = Office(company, days=days)
    company.play(office.play)
    took = time.process_time() - start
    found = check(company)
    wrong = [*found.amiss, *office.amiss(rows(company, PROMPTS))]
    figures = (
        f"seed {seed}: {days} days, {found.arrived} messages, {found.crashes} crashes, {found.faults} faults,"
        f" {found.jumps} jumps, {len(wrong)} wrong, {took:.1f} s of CPU time, {days / took:.0f} days in each"
    )
    return wrong, figures


def main() -> int:
    """Play, print, and say by the exit code whether all was well."""
    seeds = [int(one) for one in sys.argv[1:]] or [random.randrange(1 << 32) for _ in range(10)]
    amiss = 0
    with tempfile.TemporaryDirectory(prefix="soundings-simulation-") as folder:
        template = Path(folder) / "template.db"
        with opened(f"sqlite:///{template}") as storage:
            upgrade(storage)
        start = time.process_time()
        for seed in seeds:
            wrong, figures = play(seed, template, Path(folder))
            amiss += bool(wrong)
            sys.stdout.write("\n".join([figures, *(f"  {one}" for one in wrong), ""]))
            if wrong:
                sys.stdout.write(f"  Play it again with: python -m tests.simulation {seed}\n")
    rate = len(seeds) * DAYS / (time.process_time() - start)
    sys.stdout.write(f"{amiss} of {len(seeds)} seeds amiss, {rate:.0f} days in each second of CPU time\n")
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main())
