"""Rules of the house that no reader should have to watch over: tenants, transactions and the one clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# -- tenants ---------------------------------------------------------------------------------------------------------

QUERIES = {"select", "update", "delete", "text", "exec_driver_sql"}

# Files that may ask without `mine`, and why.
NO_TENANT = {
    "base.py": "where `mine` and the other bound statements are made",
    "workspaces.py": "workspaces are the tenants, and belong to none",
    "copying.py": "copies everybody's rows as they are, and hands none out",
    "installs.py": "installs are looked up before it is known which workspace is meant, by its key",
    "retention.py": "age decides, in all workspaces at once, and nothing is read",
    "sealing.py": "a new key is for everybody's words, and nothing that it reads is handed out",
    "migrate.py": "tables, not rows",
    "ticks.py": "replicas belong to no workspace",
    "wakeups.py": "reads the key of one workspace by its id",
}


def unbound_queries(source: str) -> Iterator[str]:
    """Queries that neither begin with `mine` nor say in a comment, up to six lines above, of which tenant they are."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name(node) not in QUERIES:
            continue
        above = lines[max(0, node.lineno - 7) : node.lineno]
        if not any("#" in line and "tenant" in line for line in above):
            yield f"line {node.lineno}: {lines[node.lineno - 1].strip()}"


def test_every_query_is_bound_to_one_workspace() -> None:
    for path in _files("storage"):
        if path.name not in NO_TENANT and "migrations" not in path.parts:
            assert list(unbound_queries(path.read_text())) == [], path


@pytest.mark.parametrize(
    "bad",
    [
        "self._rows(select(members))",
        "connection.execute(members.delete())",
        'connection.execute(text("SELECT * FROM members"))',
        "# of everybody\nupdate(members).values(active=False)",
    ],
)
def test_an_unbound_query_is_found(bad: str) -> None:
    assert list(unbound_queries(bad))


def test_a_bound_or_explained_query_is_let_through() -> None:
    assert not list(unbound_queries("self._rows(mine(members))"))
    assert not list(unbound_queries("# Of every tenant on purpose: nothing is read.\ndelete(events)"))


# -- transactions ----------------------------------------------------------------------------------------------------

TRANSACTIONS = {"begin", "commit", "rollback", "connect", "savepoint", "begin_nested"}


def transactions(source: str) -> Iterator[str]:
    """Where a transaction is opened, kept or dropped."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TRANSACTIONS:
            yield f"line {node.lineno}: .{node.func.attr}()"


def test_only_the_router_opens_a_transaction_in_handlers() -> None:
    for path in _files("handlers"):
        if path.name != "router.py":
            assert list(transactions(path.read_text())) == [], path


@pytest.mark.parametrize("bad", ["turn.store._connection.commit()", "with storage.begin(key) as store: pass"])
def test_a_transaction_of_a_handlers_own_is_found(bad: str) -> None:
    assert list(transactions(bad))


# -- the one clock ---------------------------------------------------------------------------------------------------

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
    ("time", "sleep"),
}

# Files that may read the machine's clock, and why.
REAL_TIME = {
    "storage/clock.py": "the one clock",
    "storage/quick.py": "how long a turn took is real, whatever the time of day",
    "bot/web.py": "a signature is remembered for the real minutes during which it would be valid",
    "sandbox/clock.py": "a clock that can run: a played time that goes on from real seconds",
    "sandbox/people.py": "how long a story waits for something to be seen is real",
    "sandbox/story.py": "the scripted evening signs requests as Slack does, by the machine's clock",
    "sandbox/slack/delivery.py": "signatures are checked by Bolt against the machine's clock",
    "sandbox/slack/rates.py": "how many calls a minute are too many is real, unless a story plays it",
    "sandbox/slack/triggers.py": "a trigger lives for three real seconds, as people wait them",
}


def clock_readings(source: str) -> Iterator[str]:
    """Where the machine's own clock is read."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (_last(node.value), node.attr) in CLOCKS:
            yield f"line {node.lineno}: {_last(node.value)}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield f"line {node.lineno}: from time import"


def test_time_is_asked_of_the_one_clock() -> None:
    for room in ("bot", "handlers", "scheduler", "storage", "insights", "sandbox"):
        for path in _files(room):
            if path.relative_to(ROOT).as_posix() not in REAL_TIME:
                assert list(clock_readings(path.read_text())) == [], path


def test_no_exemption_is_left_over() -> None:
    for name in REAL_TIME:
        assert list(clock_readings((ROOT / name).read_text())), name
    for name in NO_TENANT:
        assert list(unbound_queries((ROOT / "storage" / name).read_text())), name


@pytest.mark.parametrize(
    "bad",
    [
        "now = datetime.now(UTC)",
        "now = datetime.datetime.utcnow()",
        "today = date.today()",
        "start = time.monotonic()",
        "from time import perf_counter",
        "clock = time.time",
    ],
)
def test_a_look_at_another_clock_is_found(bad: str) -> None:
    assert list(clock_readings(bad))


@pytest.mark.parametrize("good", ["now = turn.now", "now = clock.now()", "seconds = self._clock.monotonic()"])
def test_asking_the_one_clock_is_let_through(good: str) -> None:
    assert not list(clock_readings(good))


def _files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _name(call: ast.Call) -> str:
    return _last(call.func)


def _last(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
