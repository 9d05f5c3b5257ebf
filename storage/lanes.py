"""Lanes: each workspace's deliveries as couriers see them. Leased to one courier at a time, paused, parked, settled.

Leases, not locks: what a courier took and did not settle before its lease ended is due again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.engine import Connection

from storage import due
from storage.base import Repository, mine
from storage.deliveries import Kind, To, deliveries, read_reference
from storage.due import lanes
from storage.given import written
from storage.prepared import prepared
from storage.wakeups import announce
from storage.workspaces import WorkspaceKey


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
    `doubtful_since` is when it was first about to be sent, if nobody knows what became of that. `known` says whether
    the member that it goes to is still here.
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
    known: bool = True


class Lanes(Repository):
    """The one lane of this workspace."""

    def state(self) -> Lane:
        """How it fares."""
        row = next(iter(self._anew(due.STATE)), None)
        return Lane(row.owner, row.paused_until, row.parked_why, row.parked_at, row.rate) if row else Lane()

    def take(
        self,
        owner: str,
        lease: timedelta,
        most: int = 1,
        busy: Iterable[str] = (),
        doubtful: bool = True,
        homes: int = 1,
    ) -> list[Taken]:
        """Lease the lane, and the first deliveries that are due and go to nobody `busy`, one to each address.

        Whoever did something does not wait until all are asked who are to be: prompts and homes come after the rest.
        Each is written down as about to be sent; one at most is in doubt, and none where not `doubtful`; so many at
        most are `homes`. The lane stays leased until `leave`. Empty when nothing can be sent now, or when the lane is
        another courier's, paused or parked. A delivery waits behind one that it replaces or hangs under, and behind an
        earlier edit of the same message.
        """
        until = self._now + lease
        if not self._lease(owner, until):
            return []
        rows = self._due(most, set(busy), doubtful, homes)
        if rows:
            self._change_about(
                deliveries,
                {"ids": written(row.id for row in rows), "now": self._now},
                due.TAKEN,
                status="leased",
                owner=owner,
                leased_until=until,
                attempts=due.ONE_MORE,
                intent_at=due.FIRST_INTENT,
            )
        reaches = self._reaches(rows)
        return [self._taken(row, owner, reaches.get(row.to_key)) for row in rows]

    def has_due(self) -> bool:
        """Whether anything is due that waits behind nothing, whoever may be busy."""
        return bool(self._anew(due.ANY_DUE, now=self._now))

    def renew(self, owner: str, lease: timedelta) -> bool:
        """Keep what is leased for longer; False when the lane is another courier's by now."""
        until = self._now + lease
        holder = {"holder": owner}
        self._change_about(deliveries, holder, due.HELD, leased_until=until)
        return self._change_about(lanes, holder, due.IS_MINE, leased_until=until) == 1

    def next_at(self) -> datetime | None:
        """When something may become due that is not yet, on a lane that nobody works on."""
        lane = self.state()
        if lane.owner or lane.parked_why:
            return None
        if lane.paused_until and lane.paused_until > self._now:
            return lane.paused_until
        found: datetime | None = self._anew(due.NEXT_AT, now=self._now)[0][0]
        return found

    def leave(self, owner: str, *, hand_on: bool = False) -> None:
        """Let another courier have it; `hand_on` tells the others so at once, as there may be work left in it."""
        self._change_about(lanes, {"holder": owner}, due.IS_MINE, owner="", leased_until=None)
        if hand_on:
            announce(self._connection, self._workspace_id)

    def learn(self, rate: float) -> None:
        """Remember how many messages a minute the platform bears."""
        self._change(lanes, rate=rate)

    def pause(self, until: datetime) -> None:
        """Take nothing in hand before `until`: the platform asked for it."""
        sooner = lanes.c.paused_until.is_(None) | (lanes.c.paused_until < until)
        self._change(lanes, sooner, paused_until=until)

    def put_off_homes(self, until: datetime) -> None:
        """Draw none of the homes that wait before `until`: the platform asked for it, and takes messages meanwhile."""
        waits = (deliveries.c.to == "home", deliveries.c.status == "queued", deliveries.c.settled_at.is_(None))
        self._change(deliveries, *waits, deliveries.c.not_before < until, not_before=until)

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
        """Settle one that the platform accepted; False when it is no longer this courier's to settle.

        The words for somebody who was erased meanwhile are not kept.
        """
        sent: dict[str, Any] = {"reference": json.dumps(reference), "last_error": "", "settled_at": self._now}
        return self._settle(taken, status="sent", sealed=due.KEPT_WORDS, **sent)

    def give_up(self, taken: Taken, status: Literal["dead", "cancelled"], why: str) -> bool:
        """Settle one that will not be sent; its words are forgotten."""
        return self._settle(taken, status=status, last_error=why, settled_at=self._now, sealed="")

    def try_again(self, taken: Taken, at: datetime, why: str) -> bool:
        """Put one back that did not arrive this time."""
        return self._settle(taken, at, status="queued", last_error=why, intent_at=None)

    def doubt(self, taken: Taken, at: datetime, why: str) -> bool:
        """Put one back of which nobody knows whether it arrived."""
        return self._settle(taken, at, status="queued", last_error=why)

    def put_back(self, taken: Taken, at: datetime | None = None) -> bool:
        """Put one back, for `at` or at once, that was not refused for its own sake: the attempt does not count."""
        since = taken.doubtful_since
        return self._settle(taken, at, status="queued", attempts=taken.attempts - 1, intent_at=since)

    def _sent_since(self, at: datetime) -> bool:
        sent = mine(deliveries, deliveries.c.id).where(deliveries.c.status == "sent", deliveries.c.settled_at >= at)
        return self._row(sent.limit(1)) is not None

    def _due(self, most: int, busy: set[str], doubtful: bool, homes: int) -> list[Any]:
        # What ended a courier is taken up again alone: what it only had beside that must not count as an attempt.
        found: dict[str, Any] = {}
        for query in (due.DUE_PROMPTLY, due.DUE):
            while len(found) < most:
                others = written({"key": key} for key in (*busy, *found))
                which = {"busy": others, "homes": int(homes > 0), "doubtful": int(doubtful)}
                rows = self._anew(query, now=self._now, most=most - len(found), **which)
                if not rows:
                    break
                for row in rows:
                    may_go = (row.intent_at is None or doubtful) and (row.to != "home" or homes > 0)
                    if may_go and row.to_key not in found:
                        found[row.to_key] = row
                        doubtful = doubtful and row.intent_at is None
                        homes -= row.to == "home"
        return list(found.values())

    def _taken(self, row: Any, owner: str, reach: str | None) -> Taken:
        return Taken(
            row.id,
            owner,
            row.attempts + 1,
            row.to,
            row.to_key,
            row.sealed,
            row.created_at,
            reach or "",
            self._reference_of(row.replaces),
            self._reference_of(row.thread_of),
            row.prompt_id,
            row.kind,
            row.intent_at,
            known=reach is not None or row.to == "channel",
        )

    def _lease(self, owner: str, until: datetime) -> bool:
        asked = {"holder": owner, "now": self._now}
        leased = self._change_about(lanes, asked, due.IS_FREE_OR_MINE, due.IS_OPEN, owner=owner, leased_until=until)
        return leased == 1 or self._add_if_new(lanes, owner=owner, leased_until=until)

    def _reaches(self, rows: list[Any]) -> dict[str, str]:
        keys = [row.to_key for row in rows if row.to != "channel"]
        found = self._anew(due.REACHES, reached=written({"key": key} for key in keys)) if keys else ()
        return {row.key: row.reach for row in found}

    def _reference_of(self, key: str) -> dict[str, Any] | None:
        if not key:
            return None
        row = next(iter(self._anew(due.REFERENCE, key=key)), None)
        return read_reference(row.reference) if row else None

    def _settle(self, taken: Taken, at: datetime | None = None, **values: Any) -> bool:
        again = {"not_before": due.NOT_BEFORE} if at else {}
        return self._write(taken, at, owner="", leased_until=None, **again, **values)

    def _write(self, taken: Taken, again: datetime | None = None, **values: Any) -> bool:
        held = {"id": taken.id, "holder": taken.owner, "counted": taken.attempts, "again": again}
        return self._change_about(deliveries, held, due.FENCED, **values) == 1


def lanes_with_work(connection: Connection, now: datetime) -> list[WorkspaceKey]:
    """The workspaces for which something is due and nobody is at work."""
    rows = prepared(due.WITH_WORK, connection.dialect).ask(connection, {"now": now})
    return [WorkspaceKey(row.platform, row.external_id) for row in rows]
