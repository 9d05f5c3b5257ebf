"""How a transaction opens: which workspace it is for and who acts, in one question."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.engine import Connection

from storage.members import members
from storage.prepared import prepared
from storage.workspaces import Workspace, WorkspaceKey, read_settings, workspaces

# Begins with the tenant itself; the member is one of the same tenant.
OPENING = (
    select(
        workspaces.c.id,
        workspaces.c.name,
        workspaces.c.settings,
        workspaces.c.revision,
        *(column.label(f"member_{column.key}") for column in members.c),
    )
    .select_from(workspaces)
    .join(members, and_(members.c.workspace_id == workspaces.c.id, members.c.key == bindparam("actor")), isouter=True)
    .where(workspaces.c.platform == bindparam("platform"), workspaces.c.external_id == bindparam("external_id"))
)
OWN = 4  # columns of the workspace; the member's follow

_row_type: Any = namedtuple
MEMBER: Any = _row_type("MEMBER", members.c.keys())


def find(connection: Connection, key: WorkspaceKey, actor: str) -> tuple[Workspace, list[Any]] | None:
    """The workspace with this key, if we know it, and the row of the member with this platform id, if there is one."""
    asked = {"platform": key.platform, "external_id": key.external_id, "actor": actor}
    rows = prepared(OPENING, connection.dialect).ask(connection, asked)
    if not rows:
        return None
    row = rows[0]
    workspace = Workspace(row.id, key, row.name, read_settings(row.settings), row.revision)
    return workspace, [] if row.member_id is None else [MEMBER._make(row[OWN:])]
