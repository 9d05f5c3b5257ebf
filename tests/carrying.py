"""Whoever carries the messages of prompts, in place of a courier: each is drawn when it is due, and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from handlers.feature import Feature
from handlers.plain import text
from handlers.prompts import NotYet, draw
from handlers.screens import Card
from scheduler.tick import Ticker, next_moment
from storage.clock import SetClock
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.workspaces import WorkspaceKey

FROM_PROMPTS = (deliveries.c.settled_at.is_(None), deliveries.c.prompt_id.is_not(None))


@dataclass(frozen=True)
class Message:
    """What somebody got, and when."""

    to: str
    kind: str
    prompt_id: int
    at: datetime
    card: Card

    @property
    def said(self) -> str:
        return text(self.card)


@dataclass
class Carrier:
    """Lets time pass, with a tick and a round whenever something is due."""

    storage: Storage
    workspace: WorkspaceKey
    features: tuple[Feature, ...]
    got: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ticker = Ticker(self.storage, self.features)

    async def until(self, at: datetime) -> None:
        """Let the time pass until then."""
        clock = self.storage.clock
        assert isinstance(clock, SetClock)
        while (due := self._next()) <= at:
            clock.move_to(max(due, clock.now()))
            await self.ticker.tick()
            self._carry()
        clock.move_to(at)

    def _next(self) -> datetime:
        with self.storage.connect() as connection:
            rows = connection.execute(select(deliveries.c.not_before).where(*FROM_PROMPTS))
            waiting = [row.not_before for row in rows]
        ticks = next_moment(self.storage)
        return min((*waiting, *([ticks] if ticks else [])), default=datetime.max.replace(tzinfo=UTC))

    def _carry(self) -> None:
        now = self.storage.clock.now()
        due = select(deliveries).where(*FROM_PROMPTS, deliveries.c.not_before <= now)
        with self.storage.connect() as connection:
            waiting = list(connection.execute(due.order_by(deliveries.c.id)))
        for one in waiting:
            settled: dict[str, Any] = {"settled_at": now, "status": "cancelled"}
            with self.storage.begin(self.workspace) as store:
                card = draw(store, one.prompt_id, one.kind, self.features)
                if isinstance(card, Card):
                    if one.kind == "prompt":
                        store.prompts.mark_sent(one.prompt_id)
                    self.got.append(Message(one.to_key, one.kind, one.prompt_id, now, card))
                    settled["status"] = "sent"
                elif isinstance(card, NotYet):
                    settled = {"not_before": card.at}
            with self.storage.connect() as connection:
                connection.execute(deliveries.update().where(deliveries.c.id == one.id).values(**settled))
