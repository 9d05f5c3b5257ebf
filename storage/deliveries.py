"""Deliveries: messages on their way to a member, a channel or a home, queued in the transaction that caused them.

What we say is kept as it was worded, sealed. A delivery is sent at least once; its key lets it be queued only once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.base import Id, Instant, Repository, metadata, row_id, tenant

To: TypeAlias = Literal["member", "channel", "home"]
Status: TypeAlias = Literal["queued", "leased", "sent", "failed", "cancelled"]


@dataclass(frozen=True)
class Delivery:
    """One message on its way. `to_key` is a member's or a channel's platform id.

    `replaces` and `thread_of` are keys of earlier deliveries: whose message this one edits, and under which it hangs.
    `reference` is where the platform put it, once sent.
    """

    id: int
    workspace_id: int
    to: To
    to_key: str
    screen: dict[str, Any]
    key: str
    replaces: str = ""
    thread_of: str = ""
    status: Status = "queued"
    attempts: int = 0
    reference: dict[str, Any] | None = None
    last_error: str = ""


deliveries = Table(
    "deliveries",
    metadata,
    row_id(),
    tenant(),
    Column("to", Text, nullable=False),
    Column("to_key", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("replaces", Text, nullable=False, default=""),
    Column("thread_of", Text, nullable=False, default=""),
    Column("status", Text, nullable=False, default="queued"),
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("owner", Text, nullable=False, default=""),
    Column("leased_until", Instant),
    Column("reference", Text, nullable=False, default=""),
    Column("last_error", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_deliveries_due", "workspace_id", "status", "not_before", "id"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("workspace_id", Id, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("owner", Text, nullable=False, default=""),
    Column("leased_until", Instant),
    Column("paused_until", Instant),
    Column("paused_why", Text, nullable=False, default=""),
)


class Deliveries(Repository):
    """What is on its way to somebody."""

    def queue(
        self,
        to: To,
        to_key: str,
        screen: dict[str, Any],
        *,
        key: str,
        replaces: str = "",
        thread_of: str = "",
        not_before: datetime | None = None,
    ) -> bool:
        """Put a message on its way; whether it is new: a key is queued once."""
        return self._add_if_new(
            deliveries,
            to=to,
            to_key=to_key,
            sealed=self._vault.seal_json(screen),
            key=key,
            replaces=replaces,
            thread_of=thread_of,
            not_before=not_before or self._now,
            created_at=self._now,
        )

    def queue_home(self, member_key: str) -> None:
        """Have a member's home drawn and published; asked for often, it is still done once."""
        key = f"home {member_key}"
        if not self.queue("home", member_key, {}, key=key):
            self._change(
                deliveries,
                deliveries.c.key == key,
                deliveries.c.status != "queued",
                status="queued",
                attempts=0,
                not_before=self._now,
            )
