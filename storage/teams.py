"""Teams: members who answer to the same lead and are summarised together, and how they check in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, bindparam

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant
from storage.civil import minutes
from storage.known import ARRANGEMENT
from storage.questions import IN_NO_SET, questions

Share: TypeAlias = Literal["channel", "thread", "manager"]
SHARES: tuple[Share, ...] = ("channel", "thread", "manager")


@dataclass(frozen=True)
class Team:
    """A team. `share` says where check-ins are shown: its channel, one thread there a week, or its manager only.

    `closes_on` is a weekday (0 is Monday) and `closes_at` a time of day, both in each member's own zone.
    """

    id: int
    name: str
    manager_id: int | None = None
    channel: str = ""
    share: Share = "manager"
    closes_on: int = 4
    closes_at: time = time(18)


teams = Table(
    "teams",
    metadata,
    row_id(),
    tenant(),
    Column("name", Text, nullable=False),
    Column("manager_id", Id, ForeignKey("members.id", ondelete="SET NULL", use_alter=True)),
    Column("channel", Text, nullable=False, default=""),
    Column("share", Text, nullable=False, default="manager"),
    Column("closes_on", Integer, nullable=False, default=4),
    Column("closes_at", Text, nullable=False, default="18:00"),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("workspace_id", "name"),
    Index("ix_teams_manager", "workspace_id", "manager_id"),
    info=ARRANGEMENT,
)

BY_ID = mine(teams).where(teams.c.id == bindparam("id"))
OF_MANAGER = mine(teams).where(teams.c.manager_id == bindparam("manager")).order_by(teams.c.name)


class Teams(Repository):
    """Who is summarised together."""

    def by_id(self, team_id: int) -> Team | None:
        """The team with this id."""
        row = self._row(BY_ID, id=team_id)
        return _team(row) if row else None

    def by_name(self, name: str) -> Team | None:
        """The team whose name this is, whatever the case."""
        return next((team for team in self.all() if team.name.casefold() == name.strip().casefold()), None)

    def all(self) -> list[Team]:
        """All teams, by name."""
        return [_team(row) for row in self._rows(mine(teams).order_by(teams.c.name))]

    def managed_by(self, member_id: int) -> list[Team]:
        """The teams whose summaries go to this member, by name."""
        return [_team(row) for row in self._rows(OF_MANAGER, manager=member_id)]

    def add(self, name: str, **values: Any) -> Team:
        """A new team. Raises Conflict when the name is taken."""
        team_id = self._add(teams, name=name, created_at=self._now, **_stored(values))
        team = self.by_id(team_id)
        assert team is not None
        return team

    def change(self, team_id: int, **values: Any) -> None:
        """Change a team: name, manager_id, channel, share, closes_on, closes_at."""
        self._change(teams, teams.c.id == team_id, **_stored(values))

    def remove(self, team_id: int) -> None:
        """Remove a team; its members belong to none then, and their answers stay theirs."""
        # Its own questions are asked no longer, but stay for the answers they were given.
        self._change(questions, questions.c.team_id == team_id, team_id=None, position=IN_NO_SET, retired_at=self._now)
        self._remove(teams, teams.c.id == team_id)


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    if isinstance(values.get("closes_at"), time):
        values = {**values, "closes_at": values["closes_at"].strftime("%H:%M")}
    return values


def _team(row: Any) -> Team:
    return Team(
        row.id,
        row.name,
        row.manager_id,
        row.channel,
        row.share,
        row.closes_on,
        minutes(row.closes_at) or time(18),
    )
