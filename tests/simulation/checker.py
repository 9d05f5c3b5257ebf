"""The checker: what has really arrived, compared with what the database says should have."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import make_url

from bot.slack.outbound import name_of
from scheduler.transport import Address
from storage.workspaces import WorkspaceKey
from tests.simulation.company import Company


@dataclass
class Found:
    """What a checker found. Each list should be empty."""

    arrived: int = 0
    crashes: int = 0
    faults: int = 0
    jumps: int = 0
    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    asleep: list[str] = field(default_factory=list)

    @property
    def amiss(self) -> list[str]:
        """All that is wrong, in words."""
        return [*self.lost, *self.repeated, *self.early, *self.asleep]


def rows(company: Company, query: str) -> list[Any]:
    """What stands in the database."""
    with closing(sqlite3.connect(make_url(company.url).database or "")) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query).fetchall()


DELIVERIES = """
SELECT deliveries.*, workspaces.external_id AS team FROM deliveries
JOIN workspaces ON workspaces.id = deliveries.workspace_id WHERE "to" <> 'home' ORDER BY deliveries.id
"""


# Nobody is to be written to outside these hours.
EARLIEST, LATEST = time(9), time(18)
ASKED = """
SELECT deliveries.*, workspaces.external_id AS team, prompts.member_id, prompts.day, prompts.due_at, prompts.zone
FROM deliveries JOIN workspaces ON workspaces.id = deliveries.workspace_id
JOIN prompts ON prompts.id = deliveries.prompt_id ORDER BY deliveries.id
"""


def check(company: Company) -> Found:
    """What was lost or came twice, message by message."""
    found = Found(
        len(company.slack.ground.arrived),
        sum(company.machines.crashes.values()),
        company.slack.faults,
        company.jumps,
    )
    times = Counter(one.mark for one in company.slack.ground.arrived)
    for row in rows(company, DELIVERIES):
        mark = mark_of(row)
        what = f"{row['key']} to {row['to_key']} ({row['status']}, {row['attempts']} attempts, {row['last_error']!r})"
        if row["status"] in ("queued", "leased", "dead") or (row["status"] == "sent" and times[mark] == 0):
            found.lost.append(what)
        if times[mark] > 1:
            found.repeated.append(f"{times[mark]} times: {what}")
    asked = [row for row in rows(company, ASKED) if times[mark_of(row)] and row["kind"] == "prompt"]
    for (member, day), number in Counter((row["member_id"], row["day"]) for row in asked).items():
        if number > 1:
            found.repeated.append(f"member {member} was asked {number} times on {day}")
    for row in asked:
        shown = company.shown_at.get(mark_of(row))
        if shown is None:
            continue
        if shown < instant(row["due_at"]):
            found.early.append(f"member {row['member_id']} was asked for {row['day']} at {shown}, due {row['due_at']}")
        if not EARLIEST <= shown.astimezone(ZoneInfo(row["zone"])).time() <= LATEST:
            found.asleep.append(f"member {row['member_id']} was asked at {shown} in {row['zone']}, due {row['due_at']}")
    return found


def instant(text: str) -> datetime:
    """An instant as SQLite keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def mark_of(row: Any) -> str:
    """The id by which Slack knows a delivery."""
    queued_at = instant(row["created_at"])
    address = Address(row["to"], row["to_key"], "", None, None, row["id"], queued_at)
    return name_of(WorkspaceKey("slack", row["team"]), address)
