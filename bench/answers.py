"""Answers: `/checkin` and its submission, each server in a process of its own, beside bare Bolt in the same run."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import bolt_js, company, postgres
from bench.measure import Seen
from bench.measure import measure as servers
from bench.targets import Target


def measure() -> list[Target]:
    """Measure, print the table, and say what it is held to."""
    with tempfile.TemporaryDirectory(prefix="soundings-bench-") as folder:
        databases = {"Soundings on SQLite": f"sqlite:///{folder}/bench.db"}
        with postgres.server(Path(folder)) as url:
            databases["Soundings on PostgreSQL"] = url
            for database in databases.values():
                company.found(database)
            seen = asyncio.run(servers(databases, bolt_js.command(Path(folder))))
    Console(width=120).print(_table(seen))
    return targets(seen)


def targets(seen: dict[str, Seen]) -> list[Target]:
    """Every target: what, the figure seen, how it is compared, and with what."""
    default, patient = seen["bare Bolt"], seen["bare Bolt, answering when done"]
    sqlite, postgres_ = seen["Soundings on SQLite"], seen["Soundings on PostgreSQL"]
    found: list[Target] = [
        ("SQLite: p50 alone / bare Bolt", sqlite.p50 / default.p50, "<=", 0.35),
        ("SQLite: p50 alone / bare Bolt, answering when done", sqlite.p50 / patient.p50, "<=", 4.0),
        ("SQLite: rate of 16 / bare Bolt", sqlite.rate / default.rate, ">=", 0.40),
        ("SQLite: p99 of 16, ms", sqlite.p99, "<=", 150.0),
        ("PostgreSQL: rate of 16 / bare Bolt", postgres_.rate / default.rate, ">=", 0.25),
        ("PostgreSQL: p99 of 16, ms", postgres_.p99, "<=", 300.0),
        ("SQLite: slowest of 64 at once, ms", sqlite.rush, "<=", 1000.0),
        ("PostgreSQL: slowest of 64 at once, ms", postgres_.rush, "<=", 1000.0),
        ("SQLite: memory at rest, MB", sqlite.at_rest, "<=", 90.0),
        ("SQLite: ready after, s", sqlite.ready, "<=", 1.5),
    ]
    found += [(f"{kind}: answers that were not 200", one.failures, "<=", 0) for kind, one in seen.items()]
    return found


def _table(seen: dict[str, Seen]) -> Table:
    table = Table(title="/checkin and its submission, signed, in turn")
    table.add_column("")
    for kind in seen:
        table.add_column(kind, justify="right")
    rows: tuple[tuple[str, Callable[[Seen], str]], ...] = (
        ("p50 over 1 connection, ms", lambda one: f"{one.p50:.2f}"),
        ("p50 over 16, ms", lambda one: f"{one.p50_of_16:.1f}"),
        ("p99 over 16, ms", lambda one: f"{one.p99:.0f}"),
        ("requests a second over 16", lambda one: f"{one.rate:.0f}"),
        ("slowest of 64 at once, ms", lambda one: f"{one.rush:.0f}"),
        ("memory at rest, MB", lambda one: f"{one.at_rest:.0f}"),
        ("memory after the load, MB", lambda one: f"{one.loaded:.0f}"),
        ("ready after, s", lambda one: f"{one.ready:.2f}"),
    )
    for label, figure in rows:
        table.add_row(label, *(figure(one) for one in seen.values()))
    return table
