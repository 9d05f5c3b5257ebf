"""Blockers: what somebody said is in their way, as items with an owner, an age and a state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, func

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant

State: TypeAlias = Literal["open", "acknowledged", "resolved"]


@dataclass(frozen=True)
class Blocker:
    """Something in a member's way. `owner_id` is who takes care of it: first the member, then who acknowledged it."""

    id: int
    checkin_id: int
    member_id: int
    team_id: int | None
    owner_id: int
    words: str
    state: State
    raised_at: datetime
    resolved_at: datetime | None = None

    def days(self, now: datetime) -> int:
        """Its age in whole days; a resolved one has stopped ageing."""
        return ((self.resolved_at or now) - self.raised_at).days


blockers = Table(
    "blockers",
    metadata,
    row_id(),
    tenant(),
    Column("checkin_id", Id, ForeignKey("checkins.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="SET NULL")),
    Column("owner_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Index("ix_blockers_team", "workspace_id", "team_id", "raised_at"),
    Index("ix_blockers_checkin", "workspace_id", "checkin_id"),
    Index("ix_blockers_member", "workspace_id", "member_id"),
    Index("ix_blockers_owner", "workspace_id", "owner_id"),
)

OF_CHECKIN = (
    mine(blockers).where(blockers.c.checkin_id == bindparam("checkin")).order_by(blockers.c.raised_at, blockers.c.id)
)

OF_MEMBER = (
    mine(blockers)
    .where(
        (blockers.c.member_id == bindparam("member")) | (blockers.c.owner_id == bindparam("member")),
        blockers.c.state != "resolved",
    )
    .order_by(blockers.c.raised_at, blockers.c.id)
)


class Blockers(Repository):
    """What is in people's way."""

    def by_id(self, blocker_id: int) -> Blocker | None:
        """The blocker with this id."""
        row = self._row(mine(blockers).where(blockers.c.id == blocker_id))
        return self._blocker(row) if row else None

    def by_ids(self, ids: set[int]) -> list[Blocker]:
        """Blockers by their ids, oldest first."""
        return self._all(blockers.c.id.in_(ids)) if ids else []

    def of_checkin(self, checkin_id: int) -> list[Blocker]:
        """What one check-in raised."""
        return [self._blocker(row) for row in self._rows(OF_CHECKIN, checkin=checkin_id)]

    def of_member(self, member_id: int) -> list[Blocker]:
        """What a member raised or owns and is not resolved, oldest first."""
        return [self._blocker(row) for row in self._rows(OF_MEMBER, member=member_id)]

    def how_many_of(self, member_id: int) -> int:
        """How many a member ever raised, resolved ones too."""
        return self._count(mine(blockers, func.count()).where(blockers.c.member_id == member_id))

    def of_team(self, team_id: int, start: datetime, end: datetime) -> list[Blocker]:
        """What was open in a team at some time from `start` to `end`, oldest first."""
        return self._all(
            blockers.c.team_id == team_id,
            blockers.c.raised_at < end,
            blockers.c.resolved_at.is_(None) | (blockers.c.resolved_at >= start),
        )

    def raise_for(
        self, checkin_id: int, member_id: int, team_id: int | None, said: Sequence[str], *, new: bool = False
    ) -> int:
        """Make the blockers of a check-in those said, and count them: what stands stays, the rest comes and goes.

        One that somebody has acknowledged or resolved is never taken away by an edit. One that this member raised
        before and that is still in the way is not raised again: it goes on ageing. A `new` check-in has raised none.
        """
        standing = [] if new else self.of_checkin(checkin_id)
        known = {one.words for one in (*standing, *self.of_member(member_id)) if one.member_id == member_id}
        gone = [one.id for one in standing if one.state == "open" and one.words not in said]
        if gone:
            self._remove(blockers, blockers.c.id.in_(gone))
        added = [
            {
                "checkin_id": checkin_id,
                "member_id": member_id,
                "team_id": team_id,
                "owner_id": member_id,
                "sealed": self._vault.seal(words),
                "state": "open",
                "raised_at": self._now,
            }
            for words in dict.fromkeys(said)
            if words not in known
        ]
        self._add_all(blockers, added)
        return len(standing) - len(gone) + len(added)

    def acknowledge(self, blocker_id: int, owner_id: int) -> None:
        """Somebody takes care of it from here on."""
        self._change(
            blockers,
            blockers.c.id == blocker_id,
            blockers.c.state != "resolved",
            state="acknowledged",
            owner_id=owner_id,
        )

    def resolve(self, blocker_id: int) -> None:
        """It is out of the way."""
        self._change(
            blockers,
            blockers.c.id == blocker_id,
            blockers.c.state != "resolved",
            state="resolved",
            resolved_at=self._now,
        )

    def reopen(self, blocker_id: int) -> None:
        """It is in the way again, or was never out of it."""
        self._change(blockers, blockers.c.id == blocker_id, state="open", resolved_at=None)

    def _all(self, *where: Any) -> list[Blocker]:
        query = mine(blockers).where(*where).order_by(blockers.c.raised_at, blockers.c.id)
        return [self._blocker(row) for row in self._rows(query)]

    def _blocker(self, row: Any) -> Blocker:
        return Blocker(
            row.id,
            row.checkin_id,
            row.member_id,
            row.team_id,
            row.owner_id,
            self._vault.open(row.sealed),
            row.state,
            row.raised_at,
            row.resolved_at,
        )
