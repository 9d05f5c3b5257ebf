"""`make bench`: what is held to a target, as ratios where machines differ; `make bench ONLY="plan claims"` does less.

Figures in milliseconds depend on the machine and on what else it does: its load is printed beside them. Exits 1 when a
target is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from bench import answers, claims, fanout, memory, peers, plan
from bench.targets import Target, met

PARTS: dict[str, Callable[[], list[Target]]] = {
    "answers": answers.measure,
    "plan": plan.measure,
    "claims": claims.measure,
    "fanout": fanout.measure,
    "peers": peers.measure,
    "memory": memory.measure,
}


def main(names: list[str]) -> int:
    """Measure these parts, or all; say by the exit code whether all targets were met."""
    good = True
    for name in names or PARTS:
        print(f"\n{name}, load average at its beginning: {_load()}; {os.cpu_count()} cores", flush=True)
        good = {met(target) for target in PARTS[name]()} <= {True} and good
    print(f"\nLoad average at the end: {_load()}.")
    return 0 if good else 1


def _load() -> str:
    return ", ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures what is held to a target.")
    parser.add_argument("part", nargs="*", help=f"one of {', '.join(PARTS)}; without any, all of them")
    asked = parser.parse_args().part
    if unknown := set(asked) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    sys.exit(main(asked))
