"""Summaries: the facts of a team's period as they were computed, kept so that what was said can be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant


@dataclass(frozen=True)
class Summary:
    """A stored summary. `facts` is what `insights` made, as JSON can hold it: figures and ids, with few words."""

    id: int
    team_id: int
    first: date
    last: date
    facts: dict[str, Any]
    made_at: datetime


summaries = Table(
    "summaries",
    metadata,
    row_id(),
    tenant(),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_summaries_team", "workspace_id", "team_id", "first", "last"),
)


class Summaries(Repository):
    """What managers were told."""

    def newest(self, team_id: int, first: date, last: date) -> Summary | None:
        """The newest summary of exactly this period."""
        query = mine(summaries).where(
            summaries.c.team_id == team_id, summaries.c.first == first, summaries.c.last == last
        )
        row = self._row(query.order_by(summaries.c.id.desc()).limit(1))
        return self._summary(row) if row else None

    def by_id(self, summary_id: int) -> Summary | None:
        """The summary with this id."""
        row = self._row(mine(summaries).where(summaries.c.id == summary_id))
        return self._summary(row) if row else None

    def keep(self, team_id: int, first: date, last: date, facts: dict[str, Any]) -> Summary:
        """Keep a summary; earlier ones of the same period stay."""
        summary_id = self._add(
            summaries,
            team_id=team_id,
            first=first,
            last=last,
            sealed=self._vault.seal_json(facts),
            made_at=self._now,
        )
        return Summary(summary_id, team_id, first, last, facts, self._now)

    def of_team(self, team_id: int, most: int = 12) -> list[Summary]:
        """A team's summaries, newest first."""
        query = mine(summaries).where(summaries.c.team_id == team_id)
        return [self._summary(row) for row in self._rows(query.order_by(summaries.c.id.desc()).limit(most))]

    def _summary(self, row: Any) -> Summary:
        return Summary(row.id, row.team_id, row.first, row.last, self._vault.open_json(row.sealed), row.made_at)
