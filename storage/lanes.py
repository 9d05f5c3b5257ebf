"""Lanes: each workspace's deliveries as couriers see them. Leased to one courier at a time, paused, parked, settled.

Leases, not locks: what a courier took and did not settle before its lease ended is due again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Column, Float, ForeignKey, Table, Text, bindparam, func, select, update
from sqlalchemy.engine import Connection

from storage.base import Id, Instant, Repository, metadata, mine
from storage.deliveries import Kind, To, deliveries, read_reference
from storage.members import members
from storage.wakeups import announce
from storage.workspaces import WorkspaceKey, workspaces


@dataclass(frozen=True)
class Lane:
    """How a lane fares: paused by the platform for a while, parked until somebody installs again, or simply open.

    `parked_at` is when it was last parked. `rate` is in messages a minute, 0 where it is not known yet.
    """

    owner: str = ""
    paused_until: datetime | None = None
    parked_why: str = ""
    parked_at: datetime | None = None
    rate: float = 0.0


@dataclass(frozen=True)
class Taken:
    """A delivery in a courier's hands. `attempts` counts this one too and, with `owner`, fences what is written.

    `replaces` and `thread` are references of messages that were sent; `reach` is where to write to a member, if known.
    `doubtful_since` is when it was first about to be sent, if nobody knows what became of that.
    """

    id: int
    owner: str
    attempts: int
    to: To
    to_key: str
    sealed: str
    queued_at: datetime
    reach: str = ""
    replaces: dict[str, Any] | None = None
    thread: dict[str, Any] | None = None
    prompt_id: int | None = None
    kind: Kind = ""
    doubtful_since: datetime | None = None


lanes = Table(
    "lanes",
    metadata,
    Column("workspace_id", Id, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("owner", Text, nullable=False, default=""),
    Column("leased_until", Instant),
    Column("paused_until", Instant),
    Column("parked_why", Text, nullable=False, default=""),
    Column("parked_at", Instant),
    # Messages a minute that the platform was found to bear; 0 until that is known.
    Column("rate", Float, nullable=False, server_default="0"),
)


def _waits() -> Any:
    earlier = deliveries.alias()
    refers = (deliveries.c.replaces != "") | (deliveries.c.thread_of != "")
    edits_the_same = (deliveries.c.replaces != "") & (earlier.c.replaces == deliveries.c.replaces)
    # Of the same tenant as the delivery that waits.
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.workspace_id == deliveries.c.workspace_id,
            earlier.c.id < deliveries.c.id,
            earlier.c.settled_at.is_(None),
            earlier.c.key.in_((deliveries.c.replaces, deliveries.c.thread_of)) | edits_the_same,
        )
        .exists()
    )
    return refers & blocked


# Whether a delivery waits behind another; made once, since making it costs more than asking it.
WAITS = _waits()


class Lanes(Repository):
    """The one lane of this workspace."""

    def state(self) -> Lane:
        """How it fares."""
        row = self._row(mine(lanes))
        return Lane(row.owner, row.paused_until, row.parked_why, row.parked_at, row.rate) if row else Lane()

    def take(
        self, owner: str, lease: timedelta, most: int = 1, busy: Iterable[str] = (), doubtful: bool = True
    ) -> list[Taken]:
        """Lease the lane, and the first deliveries that are due and go to nobody `busy`, one to each address.

        Each is written down as about to be sent; one at most is in doubt, and none where not `doubtful`. The lane
        stays leased until `leave`. Empty when nothing can be sent now, or when the lane is another courier's, paused or
        parked. A delivery waits behind one that it replaces or hangs under, and behind an earlier edit of the same
        message.
        """
        until = self._now + lease
        if not self._lease(owner, until):
            return []
        rows = self._due(most, set(busy), doubtful)
        if rows:
            self._change(
                deliveries,
                deliveries.c.id.in_([row.id for row in rows]),
                status="leased",
                owner=owner,
                leased_until=until,
                attempts=deliveries.c.attempts + 1,
                intent_at=func.coalesce(deliveries.c.intent_at, self._now),
            )
        reaches = self._reaches(rows)
        return [self._taken(row, owner, reaches.get(row.to_key, "")) for row in rows]

    def has_due(self) -> bool:
        """Whether anything is due that waits behind nothing, whoever may be busy."""
        return self._row(mine(deliveries, deliveries.c.id).where(_is_due(self._now), ~WAITS).limit(1)) is not None

    def renew(self, owner: str, lease: timedelta) -> bool:
        """Keep what is leased for longer; False when the lane is another courier's by now."""
        until = self._now + lease
        in_hand = (deliveries.c.status == "leased") & (deliveries.c.owner == owner)
        self._change(deliveries, deliveries.c.settled_at.is_(None), in_hand, leased_until=until)
        return self._change(lanes, lanes.c.owner == owner, leased_until=until) == 1

    def next_at(self) -> datetime | None:
        """When something may become due that is not yet, on a lane that nobody works on."""
        lane = self.state()
        if lane.owner or lane.parked_why:
            return None
        if lane.paused_until and lane.paused_until > self._now:
            return lane.paused_until
        moment = func.coalesce(deliveries.c.leased_until, deliveries.c.not_before)
        later = mine(deliveries, func.min(moment)).where(deliveries.c.settled_at.is_(None), moment > self._now)
        found: datetime | None = self._rows(later)[0][0]
        return found

    def leave(self, owner: str) -> None:
        """Let another courier have it."""
        self._change(lanes, lanes.c.owner == owner, owner="", leased_until=None)

    def learn(self, rate: float) -> None:
        """Remember how many messages a minute the platform bears."""
        self._change(lanes, rate=rate)

    def pause(self, until: datetime) -> None:
        """Take nothing in hand before `until`: the platform asked for it."""
        sooner = lanes.c.paused_until.is_(None) | (lanes.c.paused_until < until)
        self._change(lanes, sooner, paused_until=until)

    def park(self, why: str) -> bool:
        """Send nothing until `resume`: our access to the workspace has ended. False when it was parked already.

        It counts as parked since it was parked before, where nothing could be sent in between.
        """
        before = self.state().parked_at
        again = before is not None and not self._sent_since(before)
        at = before if again else self._now
        return self._change(lanes, lanes.c.parked_why == "", parked_why=why, parked_at=at) == 1

    def resume(self) -> None:
        """Send again: somebody has installed us again."""
        self._change(lanes, parked_why="")
        announce(self._connection, self._workspace_id)

    def word(self, taken: Taken, sealed: str) -> bool:
        """Keep what one is about to say; False when it is no longer this courier's to send."""
        return self._write(taken, sealed=sealed)

    def settle_sent(self, taken: Taken, reference: dict[str, Any]) -> bool:
        """Settle one that the platform accepted; False when it is no longer this courier's to settle."""
        return self._settle(taken, status="sent", reference=json.dumps(reference), last_error="", settled_at=self._now)

    def give_up(self, taken: Taken, status: Literal["dead", "cancelled"], why: str) -> bool:
        """Settle one that will not be sent."""
        return self._settle(taken, status=status, last_error=why, settled_at=self._now)

    def try_again(self, taken: Taken, at: datetime, why: str) -> bool:
        """Put one back that did not arrive this time."""
        return self._settle(taken, status="queued", not_before=at, last_error=why, intent_at=None)

    def doubt(self, taken: Taken, at: datetime, why: str) -> bool:
        """Put one back of which nobody knows whether it arrived."""
        return self._settle(taken, status="queued", not_before=at, last_error=why)

    def put_back(self, taken: Taken, at: datetime | None = None) -> bool:
        """Put one back, for `at` or at once, that was not refused for its own sake: the attempt does not count."""
        values = {"not_before": at} if at else {}
        since = taken.doubtful_since
        return self._settle(taken, status="queued", attempts=taken.attempts - 1, intent_at=since, **values)

    def _sent_since(self, at: datetime) -> bool:
        sent = mine(deliveries, deliveries.c.id).where(deliveries.c.status == "sent", deliveries.c.settled_at >= at)
        return self._row(sent.limit(1)) is not None

    def _due(self, most: int, busy: set[str], doubtful: bool) -> list[Any]:
        # What ended a courier is taken up again alone: what it only had beside that must not count as an attempt.
        found: dict[str, Any] = {}
        while len(found) < most:
            query = mine(deliveries).where(_is_due(self._now), deliveries.c.to_key.not_in([*busy, *found]), ~WAITS)
            if not doubtful:
                query = query.where(deliveries.c.intent_at.is_(None))
            rows = self._rows(
                query.order_by(deliveries.c.id).limit(most - len(found)).with_for_update(skip_locked=True)
            )
            if not rows:
                break
            for row in rows:
                if row.intent_at is None or doubtful:
                    found.setdefault(row.to_key, row)
                    doubtful = doubtful and row.intent_at is None
        return list(found.values())

    def _taken(self, row: Any, owner: str, reach: str) -> Taken:
        return Taken(
            row.id,
            owner,
            row.attempts + 1,
            row.to,
            row.to_key,
            row.sealed,
            row.created_at,
            reach,
            self._reference_of(row.replaces),
            self._reference_of(row.thread_of),
            row.prompt_id,
            row.kind,
            row.intent_at,
        )

    def _lease(self, owner: str, until: datetime) -> bool:
        free = lanes.c.owner.in_(("", owner)) | (lanes.c.leased_until <= self._now)
        leased = self._change(lanes, free, _is_open(self._now), owner=owner, leased_until=until)
        return leased == 1 or self._add_if_new(lanes, owner=owner, leased_until=until)

    def _reaches(self, rows: list[Any]) -> dict[str, str]:
        keys = [row.to_key for row in rows if row.to == "member"]
        found = self._rows(mine(members, members.c.key, members.c.reach).where(members.c.key.in_(keys))) if keys else ()
        return {row.key: row.reach for row in found}

    def _reference_of(self, key: str) -> dict[str, Any] | None:
        if not key:
            return None
        sent = mine(deliveries, deliveries.c.reference).where(deliveries.c.status == "sent")
        row = self._row(sent.where(deliveries.c.key == key))
        return read_reference(row.reference) if row else None

    def _settle(self, taken: Taken, **values: Any) -> bool:
        return self._write(taken, owner="", leased_until=None, **values)

    def _write(self, taken: Taken, **values: Any) -> bool:
        self._about_to_change(deliveries)
        fence = {"tenant": self._workspace_id, "fence": taken.id, "holder": taken.owner, "counted": taken.attempts}
        new = {f"new_{name}": value for name, value in values.items()}
        return self._connection.execute(_fenced(tuple(values)), {**fence, **new}).rowcount == 1


@lru_cache(maxsize=32)
def _fenced(names: tuple[str, ...]) -> Any:
    """The statement that writes these columns of one delivery while it is still its courier's."""
    # Of the tenant that is named.
    return (
        update(deliveries)
        .where(
            deliveries.c.workspace_id == bindparam("tenant"),
            deliveries.c.id == bindparam("fence"),
            deliveries.c.status == "leased",
            deliveries.c.owner == bindparam("holder"),
            deliveries.c.attempts == bindparam("counted"),
        )
        .values({name: bindparam(f"new_{name}") for name in names})
    )


def lanes_with_work(connection: Connection, now: datetime) -> list[WorkspaceKey]:
    """The workspaces for which something is due and nobody is at work."""
    free = (lanes.c.owner == "") | (lanes.c.leased_until <= now)
    # Of every tenant on purpose: this is how a courier learns where to look. It reads nobody's words.
    query = (
        select(workspaces.c.platform, workspaces.c.external_id)
        .join(deliveries, deliveries.c.workspace_id == workspaces.c.id)
        .join(lanes, lanes.c.workspace_id == workspaces.c.id, isouter=True)
        .where(_is_due(now), lanes.c.workspace_id.is_(None) | (free & _is_open(now)))
        .distinct()
    )
    return [WorkspaceKey(row.platform, row.external_id) for row in connection.execute(query)]


def _is_due(now: datetime) -> Any:
    queued = (deliveries.c.status == "queued") & (deliveries.c.not_before <= now)
    abandoned = (deliveries.c.status == "leased") & (deliveries.c.leased_until <= now)
    # The first condition says nothing new; it is the one of the index.
    return deliveries.c.settled_at.is_(None) & (queued | abandoned)


def _is_open(now: datetime) -> Any:
    return (lanes.c.parked_why == "") & (lanes.c.paused_until.is_(None) | (lanes.c.paused_until <= now))
