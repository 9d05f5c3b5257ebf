"""Absences: days on which a member is not asked. Leave, a calendar's entry, a pause; holidays stand beside them.

No reason is ever kept, only days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.base import Id, Instant, Repository, metadata, row_id, tenant

AbsenceKind: TypeAlias = Literal["away", "calendar", "pause"]


@dataclass(frozen=True)
class Absence:
    """Days from `first` to `last`, both included, or without end. A pause may be of one cadence only.

    `source` names the calendar's entry that it came from.
    """

    id: int
    member_id: int
    first: date
    last: date | None
    kind: AbsenceKind = "away"
    cadence_id: int | None = None
    source: str = ""


absences = Table(
    "absences",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date),
    Column("kind", Text, nullable=False),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE")),
    Column("source", Text, nullable=False, default=""),
    Index("ix_absences_member", "workspace_id", "member_id", "last"),
)

# A member's own calendar feed: where it is (sealed), and how the last look at it went.
calendars = Table(
    "calendars",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("read_at", Instant),
    Column("problem", Text, nullable=False, default=""),
    UniqueConstraint("workspace_id", "member_id"),
)

# Public holidays of the places that people here named: "DE", "DE-BY".
holidays = Table(
    "holidays",
    metadata,
    row_id(),
    tenant(),
    Column("place", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("workspace_id", "place", "day"),
)


class Absences(Repository):
    """Who is not to be asked when."""
