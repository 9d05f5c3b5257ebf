"""Events that a platform sends, each acted upon once: the id is recorded in the transaction of its effects."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, UniqueConstraint

from storage.base import Instant, Repository, metadata, row_id, tenant

events = Table(
    "events",
    metadata,
    row_id(),
    tenant(),
    Column("event_id", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    UniqueConstraint("workspace_id", "event_id"),
)


class Events(Repository):
    """What was already acted upon."""

    def is_new(self, event_id: str) -> bool:
        """Record an event; whether it had not been recorded before."""
        return self._add_if_new(events, event_id=event_id, at=self._now)
