"""Kudos: thanks from a member to members, for something done. Taking one back adds a row; history stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint, func

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant
from storage.known import ARRANGEMENT


@dataclass(frozen=True)
class CompanyValue:
    """A company value, as the company words it."""

    id: int
    name: str
    says: str = ""


@dataclass(frozen=True)
class Kudos:
    """One thank-you. `to` are members' ids; a private one is for its giver and those it thanks only."""

    id: int
    giver_id: int
    to: tuple[int, ...]
    words: str
    value_id: int | None
    public: bool
    given_at: datetime
    taken_back_at: datetime | None = None


values = Table(
    "company_values",
    metadata,
    row_id(),
    tenant(),
    Column("name", Text, nullable=False),
    Column("says", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("retired_at", Instant),
    info=ARRANGEMENT,
)

kudos = Table(
    "kudos",
    metadata,
    row_id(),
    tenant(),
    Column("giver_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("value_id", Id, ForeignKey("company_values.id")),
    Column("public", Boolean, nullable=False),
    Column("given_at", Instant, nullable=False),
    # The interaction that gave it: the same form sent twice gives one kudos.
    Column("source", Text, nullable=False),
    UniqueConstraint("workspace_id", "source"),
    Index("ix_kudos_giver", "workspace_id", "giver_id", "given_at"),
)

recipients = Table(
    "kudos_recipients",
    metadata,
    Column("kudos_id", Id, ForeignKey("kudos.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    tenant(),
    Index("ix_kudos_recipients_member", "workspace_id", "member_id"),
)

reversals = Table(
    "kudos_reversals",
    metadata,
    Column("kudos_id", Id, ForeignKey("kudos.id", ondelete="CASCADE"), primary_key=True),
    tenant(),
    Column("at", Instant, nullable=False),
)


class AllKudos(Repository):
    """Who thanked whom."""

    def give(
        self,
        giver_id: int,
        to: Iterable[int],
        words: str,
        *,
        value_id: int | None,
        public: bool,
        source: str,
    ) -> tuple[Kudos, bool]:
        """Write down a thank-you, and whether it is new: the same source gives the one that stands."""
        new = self._add_if_new(
            kudos,
            giver_id=giver_id,
            sealed=self._vault.seal(words),
            value_id=value_id,
            public=public,
            given_at=self._now,
            source=source,
        )
        row = self._row(mine(kudos, kudos.c.id).where(kudos.c.source == source))
        assert row is not None
        if new:
            self._add_all(recipients, [{"kudos_id": row.id, "member_id": member} for member in dict.fromkeys(to)])
        found = self.by_id(row.id)
        assert found is not None
        return found, new

    def take_back(self, kudos_id: int) -> bool:
        """Reverse a thank-you; whether it still stood."""
        ours = self._row(mine(kudos, kudos.c.id).where(kudos.c.id == kudos_id))
        return ours is not None and self._add_if_new(reversals, kudos_id=kudos_id, at=self._now)

    def by_id(self, kudos_id: int) -> Kudos | None:
        """The kudos with this id, standing or taken back."""
        return next(iter(self._all(kudos.c.id == kudos_id)), None)

    def by_ids(self, ids: set[int]) -> list[Kudos]:
        """Kudos by their ids, newest first."""
        return self._all(kudos.c.id.in_(ids)) if ids else []

    def by_source(self, source: str) -> Kudos | None:
        """The kudos that this interaction gave, standing or taken back."""
        return next(iter(self._all(kudos.c.source == source)), None)

    def given_by(self, member_id: int, most: int = 20, skip: int = 0) -> list[Kudos]:
        """What a member gave and did not take back, newest first, without the first `skip`."""
        return self._all(kudos.c.giver_id == member_id, self._stands(), most=most, skip=skip)

    def received_by(self, member_id: int, most: int = 20, skip: int = 0) -> list[Kudos]:
        """What a member received and was not taken back, newest first, without the first `skip`."""
        return self._all(kudos.c.id.in_(self._to([member_id])), self._stands(), most=most, skip=skip)

    def how_many_given_by(self, member_id: int) -> int:
        """How many a member gave and did not take back."""
        return self._count(mine(kudos, func.count()).where(kudos.c.giver_id == member_id, self._stands()))

    def how_many_received_by(self, member_id: int) -> int:
        """How many a member received and that were not taken back."""
        return self._count(mine(kudos, func.count()).where(kudos.c.id.in_(self._to([member_id])), self._stands()))

    def touching(self, member_ids: Iterable[int], start: datetime, end: datetime) -> list[Kudos]:
        """What these members gave or received from `start` until before `end`, and stands, newest first."""
        ids = list(member_ids)
        return self._all(
            kudos.c.given_at >= start,
            kudos.c.given_at < end,
            kudos.c.giver_id.in_(ids) | kudos.c.id.in_(self._to(ids)),
            self._stands(),
        )

    def given_since(self, member_id: int, start: datetime) -> int:
        """How many a member has given since then; what was taken back counts too."""
        query = mine(kudos, func.count()).where(kudos.c.giver_id == member_id, kudos.c.given_at >= start)
        return self._count(query)

    def company_values(self) -> list[CompanyValue]:
        """The company's values, in the order they were added."""
        query = mine(values).where(values.c.retired_at.is_(None)).order_by(values.c.id)
        return [CompanyValue(row.id, row.name, row.says) for row in self._rows(query)]

    def company_value(self, value_id: int) -> CompanyValue | None:
        """A value by its id, retired or not."""
        row = self._row(mine(values).where(values.c.id == value_id))
        return CompanyValue(row.id, row.name, row.says) if row else None

    def add_value(self, name: str, says: str = "") -> int:
        """A new company value; its id."""
        return self._add(values, name=name, says=says, created_at=self._now)

    def retire_value(self, value_id: int) -> None:
        """Offer a value no longer; kudos that name it keep it."""
        self._change(values, values.c.id == value_id, retired_at=self._now)

    def _to(self, ids: list[int]) -> Any:
        return mine(recipients, recipients.c.kudos_id).where(recipients.c.member_id.in_(ids))

    def _stands(self) -> Any:
        return kudos.c.id.not_in(mine(reversals, reversals.c.kudos_id))

    def _all(self, *where: Any, most: int | None = None, skip: int = 0) -> list[Kudos]:
        query = mine(kudos).where(*where).order_by(kudos.c.given_at.desc(), kudos.c.id.desc())
        rows = self._rows(query.limit(most).offset(skip) if most else query)
        ids = [row.id for row in rows]
        if not ids:
            return []
        to: dict[int, list[int]] = {}
        for row in self._rows(mine(recipients).where(recipients.c.kudos_id.in_(ids)).order_by(recipients.c.member_id)):
            to.setdefault(row.kudos_id, []).append(row.member_id)
        taken = {row.kudos_id: row.at for row in self._rows(mine(reversals).where(reversals.c.kudos_id.in_(ids)))}
        return [
            Kudos(
                row.id,
                row.giver_id,
                tuple(to.get(row.id, ())),
                self._vault.open(row.sealed),
                row.value_id,
                row.public,
                row.given_at,
                taken.get(row.id),
            )
            for row in rows
        ]
