"""Sending what is due without a platform: drawn and settled as a courier does, and everything arrives at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from handlers.feature import Feature
from handlers.prompts import NotYet, draw
from storage.deliveries import NOT_NEEDED
from storage.engine import Storage
from storage.lanes import Taken
from storage.workspaces import WorkspaceKey

LEASE = timedelta(minutes=1)
# To whom, of which kind, and when.
Posted: TypeAlias = tuple[str, str, datetime]


def post(storage: Storage, workspace: WorkspaceKey, features: tuple[Feature, ...]) -> list[Posted]:
    """Send the prompts and reminders that are due, and say which were."""
    sent: list[Posted] = []
    while taken := _taken(storage, workspace):
        for one in taken:
            with storage.begin(workspace) as store:
                card = draw(store, one.prompt_id, one.kind, features) if one.prompt_id else "worded"
                if isinstance(card, NotYet):
                    store.lanes.put_back(one, card.at)
                elif card is None:
                    store.lanes.give_up(one, "cancelled", NOT_NEEDED)
                else:
                    store.lanes.settle_sent(one, {})
                    if one.prompt_id:
                        if one.kind == "prompt":
                            store.prompts.mark_sent(one.prompt_id)
                        sent.append((one.to_key, one.kind, store.now))
    with storage.begin(workspace) as store:
        store.lanes.leave("post")
    return sent


def _taken(storage: Storage, workspace: WorkspaceKey) -> list[Taken]:
    with storage.begin(workspace) as store:
        return store.lanes.take("post", LEASE, most=50, homes=False)
