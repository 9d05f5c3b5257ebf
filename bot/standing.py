"""What is going on in every workspace, as text: the page that admins find on their home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.bounds import Bounds
from handlers.plain import text
from handlers.screens import Card
from handlers.status import body, now_of
from handlers.text import count
from storage.engine import Storage
from storage.ticks import last_runs, seconds_since
from storage.workspaces import workspace_keys

LATELY = timedelta(minutes=10)
# Ticks come every 15 seconds.
TOO_LONG = 60.0


def heartbeat(since: float | None, replicas: int = 0) -> str:
    """Whether Soundings runs somewhere, from how many seconds ago it last looked at what is due."""
    if since is None:
        return "Soundings has not looked yet at what is due. Start it with: soundings run"
    ago = f"{since:,.0f} s ago" if since < TOO_LONG * 60 else f"{since / 3600:,.0f} h ago"
    if since > TOO_LONG:
        return f"Soundings last looked at what is due {ago}, so nobody is asked. Start it with: soundings run"
    by = f", in {count(replicas, 'process', 'processes')}" if replicas else ""
    return f"Soundings last looked at what is due {ago}{by}."


def report(storage: Storage, bounds: Bounds) -> Iterator[str]:
    """The paragraphs of the report, where sending has these bounds; times are UTC.

    Raises Unavailable when the database cannot be reached.
    """
    with storage.connect() as connection:
        keys = workspace_keys(connection)
        since = seconds_since(connection, storage.clock.now())
        replicas = {one.replica for one in last_runs(connection) if one.at > storage.clock.now() - LATELY}
    yield heartbeat(since, len(replicas))
    if not keys:
        yield "No workspace has installed Soundings yet. `soundings doctor` says what is missing."
    for key in keys:
        with storage.begin(key) as store:
            yield f"{store.workspace.name} ({key.platform} {key.external_id})"
            yield text(Card(tuple(body(now_of(store, bounds)))))
