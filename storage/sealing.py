"""Every sealed column there is: to put them all under a new key, and to see whether the present keys open them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, select, update
from sqlalchemy.engine import Connection

from storage.absences import calendars
from storage.blockers import blockers
from storage.checkins import answers
from storage.crypto import Vault
from storage.deliveries import deliveries
from storage.drafts import drafts
from storage.errors import WrongKey
from storage.installs import installs
from storage.kudos import kudos
from storage.summaries import summaries

SEALED: tuple[Column[str], ...] = (
    answers.c.sealed,
    blockers.c.sealed,
    calendars.c.sealed,
    deliveries.c.sealed,
    drafts.c.sealed,
    installs.c.sealed,
    kudos.c.sealed,
    summaries.c.sealed,
)
BATCH = 500


def renew_all(connection: Connection, vault: Vault) -> int:
    """Seal everything again with the first key; how much there was. Raises WrongKey where no key opens something."""
    return sum(_renew(connection, vault, column) for column in SEALED)


def unreadable(connection: Connection, vault: Vault) -> list[str]:
    """The tables whose oldest or newest sealed words no key opens."""
    return [column.table.name for column in SEALED if not all(_opens(vault, one) for one in _ends(connection, column))]


def _renew(connection: Connection, vault: Vault, column: Column[str]) -> int:
    table, renewed, last = column.table, 0, 0
    ordered = select(table.c.id, column).where(column != "").order_by(table.c.id).limit(BATCH)
    while rows := connection.execute(ordered.where(table.c.id > last)).all():
        for row in rows:
            again: dict[str, Any] = {column.name: vault.renew(row[1])}
            connection.execute(update(table).where(table.c.id == row.id).values(again))
        renewed, last = renewed + len(rows), rows[-1].id
    return renewed


def _ends(connection: Connection, column: Column[str]) -> Iterator[str]:
    for order in (column.table.c.id, column.table.c.id.desc()):
        yield from connection.execute(select(column).where(column != "").order_by(order).limit(1)).scalars()


def _opens(vault: Vault, sealed: str) -> bool:
    try:
        vault.open(sealed)
    except WrongKey:
        return False
    return True
