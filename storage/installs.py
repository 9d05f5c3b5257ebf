"""Installs: a workspace's consent and its token, sealed; and the one-time states of OAuth.

These questions are asked before it is known which workspace is meant, so they are no store's: they take a connection.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Row, Table, Text, UniqueConstraint, delete, insert, select, update
from sqlalchemy.engine import Connection

from storage.base import Instant, metadata, row_id
from storage.crypto import Vault
from storage.upserts import inserting
from storage.workspaces import WorkspaceKey

STATE_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Install:
    """One workspace's consent. A revoked install has no token."""

    key: WorkspaceKey
    name: str
    token: str = field(repr=False)
    bot_user_id: str
    bot_id: str
    app_id: str = ""
    enterprise_id: str = ""
    scopes: tuple[str, ...] = ()
    installed_by: str = ""
    installed_at: datetime | None = None
    revoked_at: datetime | None = None


installs = Table(
    "installs",
    metadata,
    row_id(),
    Column("platform", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("enterprise_id", Text, nullable=False, default=""),
    Column("sealed", Text, nullable=False),
    Column("bot_user_id", Text, nullable=False),
    Column("bot_id", Text, nullable=False),
    Column("app_id", Text, nullable=False, default=""),
    Column("scopes", Text, nullable=False, default=""),
    Column("installed_by", Text, nullable=False, default=""),
    Column("installed_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("platform", "external_id"),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False),
)


def find_install(connection: Connection, vault: Vault, key: WorkspaceKey) -> Install | None:
    """The install of a workspace that has one and did not revoke it. Raises WrongKey."""
    row = connection.execute(select(installs).where(*_is(key), installs.c.revoked_at.is_(None))).first()
    return _read(row, vault) if row else None


def all_installs(connection: Connection, vault: Vault) -> list[Install]:
    """Every install, the revoked ones too, in the order they first came. Raises WrongKey."""
    return [_read(row, vault) for row in connection.execute(select(installs).order_by(installs.c.id))]


def keep_install(connection: Connection, vault: Vault, install: Install, now: datetime) -> None:
    """Keep a workspace's consent in place of an earlier one."""
    values = {
        "name": install.name,
        "enterprise_id": install.enterprise_id,
        "sealed": vault.seal(install.token),
        "bot_user_id": install.bot_user_id,
        "bot_id": install.bot_id,
        "app_id": install.app_id,
        "scopes": ",".join(install.scopes),
        "installed_by": install.installed_by,
        "installed_at": install.installed_at or now,
        "revoked_at": None,
    }
    added = inserting(installs, connection.dialect.name).values(
        platform=install.key.platform, external_id=install.key.external_id, **values
    )
    connection.execute(added.on_conflict_do_update(index_elements=["platform", "external_id"], set_=values))


def revoke_install(connection: Connection, key: WorkspaceKey, now: datetime) -> bool:
    """Forget a workspace's token at once; whether there was one."""
    change = update(installs).where(*_is(key), installs.c.revoked_at.is_(None)).values(sealed="", revoked_at=now)
    return connection.execute(change).rowcount == 1


def new_state(connection: Connection, now: datetime) -> str:
    """A fresh state for one walk through OAuth, good for ten minutes."""
    connection.execute(delete(oauth_states).where(oauth_states.c.expires_at <= now))
    state = secrets.token_urlsafe(24)
    connection.execute(insert(oauth_states).values(state=state, expires_at=now + STATE_LASTS))
    return state


def use_state(connection: Connection, state: str, now: datetime) -> bool:
    """Use a state up; whether it was one of ours, still good and not used before."""
    used = delete(oauth_states).where(oauth_states.c.state == state, oauth_states.c.expires_at > now)
    return connection.execute(used).rowcount == 1


def _is(key: WorkspaceKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return installs.c.platform == key.platform, installs.c.external_id == key.external_id


def _read(row: Row[object], vault: Vault) -> Install:
    return Install(
        key=WorkspaceKey(row.platform, row.external_id),
        name=row.name,
        token=vault.open(row.sealed) if row.sealed else "",
        bot_user_id=row.bot_user_id,
        bot_id=row.bot_id,
        app_id=row.app_id,
        enterprise_id=row.enterprise_id,
        scopes=tuple(row.scopes.split(",")) if row.scopes else (),
        installed_by=row.installed_by,
        installed_at=row.installed_at,
        revoked_at=row.revoked_at,
    )
