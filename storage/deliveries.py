"""Deliveries: messages on their way to a member, a channel or a home, queued in the transaction that caused them.

What we say is kept as it was worded, sealed. A key lets a delivery be queued only once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, bindparam, func, literal_column, select
from sqlalchemy.engine import Connection

from storage.base import Id, Instant, Repository, metadata, mine, only, row_id, tenant
from storage.wakeups import announce

Kind: TypeAlias = Literal["", "prompt", "nudge"]
To: TypeAlias = Literal["member", "channel", "home"]
Status: TypeAlias = Literal["queued", "leased", "sent", "dead", "cancelled"]


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


@dataclass(frozen=True)
class OfPrompt:
    """A message of a prompt. `at` is when it was settled; of one in doubt, when it was first about to be sent."""

    key: str
    kind: Kind
    status: Status
    at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether it is still to be settled."""
        return self.status in WAITING

    @property
    def is_out(self) -> bool:
        """Whether it was sent, or nobody knows yet whether it arrived."""
        return self.status == "sent" or (self.status == "queued" and self.at is not None)


@dataclass(frozen=True)
class Unsent:
    """A delivery that was given up, and why, in words for an admin."""

    to: To
    to_key: str
    status: Status
    why: str
    at: datetime


WORDED = "settled_at IS NOT NULL AND sealed <> '' AND \"to\" <> 'home'"
# What answers somebody, or tells them what has happened; prompts and homes are not waited for like that.
PROMPTLY = "settled_at IS NULL AND prompt_id IS NULL AND \"to\" <> 'home'"
SETTLED = "settled_at IS NOT NULL AND \"to\" <> 'channel'"

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
    # A prompt is drawn when it is sent, so until then there are no words to keep. One that was erased is not sent.
    Column("prompt_id", Id),
    Column("kind", Text, nullable=False, server_default=literal_column("''")),
    Column("status", Text, nullable=False, default="queued"),
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("owner", Text, nullable=False, default=""),
    Column("leased_until", Instant),
    # When it was first about to be sent, until it is known that it did not arrive: from there on its message may be
    # found where it was sent to.
    Column("intent_at", Instant),
    Column("reference", Text, nullable=False, default=""),
    Column("last_error", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    UniqueConstraint("workspace_id", "key"),
    # Only what waits, in the order in which it goes: it stays small however much was ever said.
    Index(
        "ix_deliveries_waiting",
        "workspace_id",
        "id",
        **only("settled_at IS NULL"),
    ),
    Index(
        "ix_deliveries_promptly",
        "workspace_id",
        "id",
        **only(PROMPTLY),
    ),
    # What housekeeping looks for: words that are kept still, and messages to somebody that were settled long ago.
    Index(
        "ix_deliveries_worded",
        "settled_at",
        sqlite_where=literal_column(WORDED),
        postgresql_where=literal_column(WORDED),
    ),
    Index(
        "ix_deliveries_settled",
        "settled_at",
        sqlite_where=literal_column(SETTLED),
        postgresql_where=literal_column(SETTLED),
    ),
)

WAITING: tuple[Status, ...] = ("queued", "leased")
# Why a prompt was cancelled that was answered, skipped or closed before it was sent; nothing went wrong.
NOT_NEEDED = "No longer needed."
# By their keys, which have an index.
OF_PROMPT = (
    mine(deliveries, deliveries.c.key, deliveries.c.kind, deliveries.c.status, deliveries.c.settled_at)
    .add_columns(deliveries.c.intent_at)
    .where(
        deliveries.c.key.in_((bindparam("first"), bindparam("one"), bindparam("two")))
        | ((deliveries.c.key > bindparam("again")) & (deliveries.c.key < bindparam("before"))),
        deliveries.c.prompt_id == bindparam("id"),
    )
    .order_by(deliveries.c.id)
)


class Deliveries(Repository):
    """What is on its way to somebody."""

    announced = False  # whether this transaction put anything on its way

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
        self._announce()
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

    def queue_prompt(self, prompt_id: int, to_key: str, kind: Kind, *, key: str, not_before: datetime) -> bool:
        """Put a prompt or its reminder on its way; it is drawn when it is sent. Whether the key is new."""
        self._announce()
        return self._add_if_new(
            deliveries,
            to="member",
            to_key=to_key,
            sealed="",
            key=key,
            prompt_id=prompt_id,
            kind=kind,
            not_before=not_before,
            created_at=self._now,
        )

    def queue_home(self, member_key: str) -> None:
        """Have a member's home drawn and published; asked for often, it is still done once."""
        key = f"home {member_key}"
        if not self.queue("home", member_key, {}, key=key):
            # One that is being sent shows what was true a moment ago: it goes again.
            self._change(
                deliveries,
                deliveries.c.key == key,
                deliveries.c.status != "queued",
                status="queued",
                attempts=0,
                owner="",
                leased_until=None,
                intent_at=None,
                last_error="",
                not_before=self._now,
                settled_at=None,
            )

    def find(self, key: str) -> Delivery | None:
        """The delivery with this key; its screen is empty once retention has removed the words."""
        row = self._row(mine(deliveries).where(deliveries.c.key == key))
        if row is None:
            return None
        return Delivery(
            row.id,
            row.workspace_id,
            row.to,
            row.to_key,
            self._vault.open_json(row.sealed) if row.sealed else {},
            row.key,
            row.replaces,
            row.thread_of,
            row.status,
            row.attempts,
            read_reference(row.reference),
            row.last_error,
        )

    def was_queued(self, key: str) -> bool:
        """Whether this key was ever queued, and may be replaced or answered."""
        return self._row(mine(deliveries, deliveries.c.id).where(deliveries.c.key == key)) is not None

    def of_prompt(self, prompt_id: int) -> list[OfPrompt]:
        """The messages of a prompt as they were queued: the first, those after it was put off, its reminders."""
        first = f"prompt {prompt_id}"
        # Those that it was put off to go on with a moment.
        again = {"again": f"{first} again 2", "before": f"{first} again 3"}
        nudges = {"one": f"nudge {prompt_id} 1", "two": f"nudge {prompt_id} 2"}
        found = self._anew(OF_PROMPT, id=prompt_id, first=first, **again, **nudges)
        return [OfPrompt(row.key, row.kind, row.status, row.settled_at or row.intent_at) for row in found]

    def waiting(self) -> int:
        """How many are not settled yet."""
        return self._count(mine(deliveries, func.count()).where(deliveries.c.status.in_(WAITING)))

    def overdue_since(self) -> datetime | None:
        """When the longest waiting delivery was due, if one was due by now."""
        due = mine(deliveries, func.min(deliveries.c.not_before).label("at"))
        row = self._row(due.where(deliveries.c.status.in_(WAITING), deliveries.c.not_before <= self._now))
        at: datetime | None = row.at if row else None
        return at

    def unsent(self, most: int = 20) -> list[Unsent]:
        """What was given up, newest first."""
        query = mine(deliveries).where(deliveries.c.status.in_(("dead", "cancelled")))
        query = query.where(deliveries.c.last_error != NOT_NEEDED)
        rows = self._rows(query.order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc()).limit(most))
        return [Unsent(row.to, row.to_key, row.status, row.last_error, row.settled_at) for row in rows]

    def _announce(self) -> None:
        if not self.announced:
            announce(self._connection, self._workspace_id)
            self.announced = True


def read_reference(text: str) -> dict[str, Any] | None:
    """Where the platform put a message, from its stored form."""
    return json.loads(text) if text else None


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When something that waits for its time is due next, in any workspace."""
    # Of every tenant on purpose: an instant says nothing of anybody.
    waiting = select(func.min(deliveries.c.not_before)).where(deliveries.c.settled_at.is_(None))
    found: datetime | None = connection.execute(waiting.where(deliveries.c.not_before > now)).scalar()
    return found
