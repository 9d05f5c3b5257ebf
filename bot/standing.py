"""What is going on in every workspace, as text: the page that admins find on their home."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.plain import text
from handlers.screens import Card
from handlers.status import body, now_of
from storage.engine import Storage
from storage.workspaces import workspace_keys


def report(storage: Storage) -> Iterator[str]:
    """The paragraphs of the report; times are UTC. Raises Unavailable when the database cannot be reached."""
    with storage.connect() as connection:
        keys = workspace_keys(connection)
    if not keys:
        yield "No workspace has installed Soundings yet. `soundings doctor` says what is missing."
    for key in keys:
        with storage.begin(key) as store:
            yield f"{store.workspace.name} ({key.platform} {key.external_id})"
            yield text(Card(tuple(body(now_of(store)))))
