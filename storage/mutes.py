"""Mutes: which summaries somebody does not want to be sent after a close, each for themselves alone."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint

from storage.base import Id, Repository, metadata, mine, row_id, tenant

mutes = Table(
    "mutes",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    # One of these: what a summary is of.
    Column("team_id", Id, ForeignKey("teams.id", ondelete="CASCADE")),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE")),
    UniqueConstraint("workspace_id", "member_id", "team_id"),
    UniqueConstraint("workspace_id", "member_id", "cadence_id"),
)


class Mutes(Repository):
    """What is not sent to whom."""

    def teams_of(self, member_id: int) -> set[int]:
        """The teams whose summaries this member does not want to be sent."""
        return {row.team_id for row in self._rows(mine(mutes).where(mutes.c.member_id == member_id)) if row.team_id}

    def cadences_of(self, member_id: int) -> set[int]:
        """The cadences of whose closes this member does not want to be told."""
        rows = self._rows(mine(mutes).where(mutes.c.member_id == member_id))
        return {row.cadence_id for row in rows if row.cadence_id}

    def add_team(self, member_id: int, team_id: int) -> None:
        """Send this member no summaries of a team."""
        self._add_if_new(mutes, member_id=member_id, team_id=team_id)

    def add_cadence(self, member_id: int, cadence_id: int) -> None:
        """Tell this member of no closes of a cadence."""
        self._add_if_new(mutes, member_id=member_id, cadence_id=cadence_id)

    def end_team(self, member_id: int, team_id: int) -> None:
        """Send this member summaries of a team again."""
        self._remove(mutes, mutes.c.member_id == member_id, mutes.c.team_id == team_id)

    def end_cadence(self, member_id: int, cadence_id: int) -> None:
        """Tell this member of the closes of a cadence again."""
        self._remove(mutes, mutes.c.member_id == member_id, mutes.c.cadence_id == cadence_id)
