"""Workspaces: one Slack team or one Teams tenant each, with the settings that its admins chose."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint, false, select, update
from sqlalchemy.engine import Connection

from storage.base import Instant, metadata, row_id
from storage.prepared import prepared
from storage.upserts import inserting


@dataclass(frozen=True)
class WorkspaceKey:
    """Which workspace: the platform's name and the platform's own id of it."""

    platform: str
    external_id: str


@dataclass(frozen=True)
class Settings:
    """What a workspace's admins can choose.

    `kudos_least` is counted in characters, `kudos_weekly` in kudos given per member and seven days. `budget` is how
    many prompts anybody gets in a week, of all cadences together. `working_days`, `quiet` and `holidays` are as in
    `storage.members.Own`, for whoever did not choose.
    """

    kudos_channel: str = ""
    kudos_least: int = 15
    kudos_weekly: int = 10
    kudos_guests: bool = False
    zone: str = "UTC"
    budget: int = 4
    working_days: str = "1111100"
    quiet: str = "18:00-09:00"
    holidays: str = ""


@dataclass(frozen=True)
class Workspace:
    """A tenant. Everything else belongs to exactly one. `revision` counts the changes to its arrangements."""

    id: int
    key: WorkspaceKey
    name: str
    settings: Settings
    revision: int = 0


workspaces = Table(
    "workspaces",
    metadata,
    row_id(),
    Column("platform", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("revision", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("platform", "external_id"),
)


KEYS = select(workspaces.c.platform, workspaces.c.external_id).order_by(workspaces.c.id)


def workspace_keys(connection: Connection) -> list[WorkspaceKey]:
    """Every workspace there is, in the order in which we met them."""
    rows = prepared(KEYS, connection.dialect).ask(connection, {})
    return [WorkspaceKey(row.platform, row.external_id) for row in rows]


def meet_workspace(connection: Connection, key: WorkspaceKey, name: str, now: datetime) -> None:
    """Add a workspace met for the first time, unless somebody was quicker."""
    statement = inserting(workspaces, connection.dialect.name).values(
        platform=key.platform,
        external_id=key.external_id,
        name=name,
        settings=json.dumps(asdict(Settings())),
        created_at=now,
    )
    connection.execute(statement.on_conflict_do_nothing())


def change_workspace(connection: Connection, workspace: Workspace, **changes: object) -> Workspace:
    """The workspace with other settings, or another name (`name=...`)."""
    name = str(changes.pop("name", workspace.name))
    settings = replace(workspace.settings, **changes)  # type: ignore[arg-type]
    connection.execute(
        update(workspaces)
        .where(workspaces.c.id == workspace.id)
        .values(name=name, settings=json.dumps(asdict(settings)))
    )
    return replace(workspace, name=name, settings=settings)


def try_writing(connection: Connection) -> None:
    """Write without changing anything. Raises what the database raises where it cannot be written."""
    connection.execute(update(workspaces).where(false()).values(name=""))


@lru_cache(maxsize=256)
def read_settings(text: str) -> Settings:
    """Settings from their stored form; what this version does not know is left aside."""
    known = {one.name for one in fields(Settings)}
    kept: dict[str, Any] = {name: value for name, value in json.loads(text).items() if name in known}
    return Settings(**kept)
