"""A platform in memory, couriers, and messages for them: what the stories of sending have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from scheduler.courier import Courier
from scheduler.pace import Pace
from scheduler.transport import Address, Outgoing
from storage.engine import Storage
from storage.workspaces import WorkspaceKey

ACME = WorkspaceKey("slack", "T-ACME")
ZETA = WorkspaceKey("slack", "T-ZETA")

FAST = Pace(60_000, 60_000, 1000, per_second_and_channel=1000, channel_burst=1000)

greetings = Feature("greetings", "says good morning")


@greetings.on_home
def _(turn: Any) -> Any:
    return [Para(line(f"Good morning, {turn.actor.name}."))]


class Platform:
    """Takes every message and writes it down, unless a rule says otherwise.

    A rule of `before` keeps a message from arriving; one of `after` lets it arrive, and its answer get lost.
    """

    def __init__(self) -> None:
        self.got: list[tuple[str, Outgoing]] = []
        self.calls = 0
        self.looked = 0
        self.rule: Callable[[WorkspaceKey, Outgoing], None] = lambda workspace, outgoing: None
        self.after: Callable[[Outgoing], None] = lambda outgoing: None
        self.unreadable: Exception | None = None

    async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
        self.calls += 1
        self.rule(workspace, outgoing)
        await asyncio.sleep(0)
        self.got.append((workspace.external_id, outgoing))
        self.after(outgoing)
        return {"channel": f"D-{outgoing.to_key}", "ts": str(len(self.got))}

    async def find(self, workspace: WorkspaceKey, address: Address, since: datetime) -> dict[str, Any] | None:
        self.looked += 1
        if self.unreadable:
            raise self.unreadable
        for number, (where, one) in enumerate(self.got, 1):
            if (where, one.delivery_id) == (workspace.external_id, address.delivery_id):
                return {"channel": f"D-{one.to_key}", "ts": str(number)}
        return None

    def said(self, workspace: WorkspaceKey = ACME) -> list[str]:
        return [words(one) for where, one in self.got if where == workspace.external_id]


def words(outgoing: Outgoing) -> str:
    block = outgoing.screen.body[0]
    assert isinstance(block, Para)
    return "".join(getattr(span, "text", "") for span in block.line)


def card(text: str) -> Any:
    return to_json(Card((Para(line(text)),)))


def queue(storage: Storage, *said: str, workspace: WorkspaceKey = ACME, to_key: str = "C1", **more: Any) -> None:
    with storage.begin(workspace) as store:
        for text in said:
            store.deliveries.queue("channel", to_key, card(text), **{"key": text, **more})


def queue_for_everybody(storage: Storage, how_many: int) -> None:
    """One message to each of so many people."""
    with storage.begin(ACME) as store:
        for number in range(how_many):
            store.members.greet(f"U{number}")
            store.deliveries.queue("member", f"U{number}", card(f"hello {number}"), key=f"hello {number}")


def status(storage: Storage, key: str, workspace: WorkspaceKey = ACME) -> str:
    with storage.begin(workspace) as store:
        found = store.deliveries.find(key)
    assert found
    return found.status


def move(storage: Storage, **span: float) -> None:
    storage.clock.move(timedelta(**span))  # type: ignore[attr-defined]


def courier(storage: Storage, platform: Platform, pace: Pace = FAST, **more: Any) -> Courier:
    return Courier(storage, platform, storage.clock, (greetings,), pace, **more)
