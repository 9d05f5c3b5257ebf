"""Waves: the members of one zone for whom an occurrence of a cadence opens, reminds and closes together.

A wave is written down before it is due, so that looking for what is due is one look at an index. Whoever inserts the
row of an occurrence closes that occurrence: it closes once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, literal_column

from storage.base import Id, Instant, Repository, metadata, row_id, tenant

# coming: not due yet; opening: some of its prompts are planned; open: all are; closed: nothing is left to do.
WaveState: TypeAlias = Literal["coming", "opening", "open", "closed"]


@dataclass(frozen=True)
class Wave:
    """One zone's part of an occurrence.

    `look_at` is when there is something to do next, `planned_to` the id of the last member whose prompt is planned,
    `nudged` how many reminders have gone out.
    """

    id: int
    cadence_id: int
    day: date
    zone: str
    version: int
    due_at: datetime
    closes_at: datetime
    look_at: datetime | None
    state: WaveState
    planned_to: int = 0
    nudged: int = 0


waves = Table(
    "waves",
    metadata,
    row_id(),
    tenant(),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("zone", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("look_at", Instant),
    Column("state", Text, nullable=False, default="coming"),
    Column("planned_to", Id, nullable=False, default=0),
    # How many reminders have gone out.
    Column("nudged", Integer, nullable=False, default=0),
    UniqueConstraint("workspace_id", "cadence_id", "day", "zone"),
    # Across all workspaces: one look tells a tick whether anything is due.
    Index(
        "ix_waves_due",
        "look_at",
        sqlite_where=literal_column("look_at IS NOT NULL"),
        postgresql_where=literal_column("look_at IS NOT NULL"),
    ),
)

occurrences = Table(
    "occurrences",
    metadata,
    row_id(),
    tenant(),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("closed_at", Instant, nullable=False),
    UniqueConstraint("workspace_id", "cadence_id", "day"),
)


class Waves(Repository):
    """What comes due together."""
