"""The checker: what has really arrived, compared with what the database says should have."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import make_url

from bot.slack.outbound import name_of
from scheduler.transport import Address
from storage.cadences import Cadence
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
    late: list[str] = field(default_factory=list)

    @property
    def amiss(self) -> list[str]:
        """All that is wrong, in words."""
        return [*self.lost, *self.repeated, *self.early, *self.asleep, *self.late]


def rows(company: Company, query: str) -> list[Any]:
    """What stands in the database."""
    with closing(sqlite3.connect(make_url(company.url).database or "")) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query).fetchall()


DELIVERIES = """
SELECT deliveries.*, workspaces.external_id AS team FROM deliveries
JOIN workspaces ON workspaces.id = deliveries.workspace_id WHERE "to" <> 'home' ORDER BY deliveries.id
"""


# Seconds from taking a message in hand until it arrives: so long before, the clock may have been set meanwhile.
UNDER_WAY = 60.0
FAR_OFF = datetime(9000, 1, 1, tzinfo=UTC)
# What should have been asked longer ago is not asked any more.
MOST_LATE = timedelta(minutes=Cadence.most_late)
# Nobody is to be written to outside these hours.
EARLIEST, LATEST = time(9), time(18)
ASKED = """
SELECT deliveries.*, workspaces.external_id AS team, prompts.member_id, prompts.day, prompts.zone,
prompts.due_at, prompts.closes_at, prompts.state
FROM deliveries JOIN workspaces ON workspaces.id = deliveries.workspace_id
JOIN prompts ON prompts.id = deliveries.prompt_id ORDER BY deliveries.id
"""


PROMPTS = """
SELECT prompts.*, workspaces.external_id AS team FROM prompts JOIN workspaces ON workspaces.id = prompts.workspace_id
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
    prompts = [row for row in rows(company, ASKED) if row["kind"] == "prompt"]
    asked = [row for row in prompts if times[mark_of(row)]]
    for (member, day), number in Counter((row["member_id"], row["day"]) for row in asked).items():
        if number > 1:
            found.repeated.append(f"member {member} was asked {number} times on {day}")
    for row in asked:
        _judge(found, company, row)
    for row in prompts:
        given_up = row["status"] == "cancelled" and row["state"] in ("waiting", "missed") and not times[mark_of(row)]
        if given_up and (why := overlooked(company, row, instant(row["closes_at"]))):
            found.lost.append(f"member {row['member_id']} was not asked on {row['day']}: {why}")
    return found


def _judge(found: Found, company: Company, row: Any) -> None:
    """Whether a prompt came when it was to come, by the clock that its machines had and by what befell them."""
    chronicle, due = company.chronicle, instant(row["due_at"])
    at = company.arrived_at[mark_of(row)]
    what = f"member {row['member_id']} was asked for {row['day']}, due {due}"
    shown = chronicle.shown_within(at - UNDER_WAY, at)
    planned = instant(row["created_at"])
    if all(until < due for _, until in shown):
        found.early.append(f"{what}, planned at {planned} and sent at {shown}")
    if planned > due + MOST_LATE:
        found.late.append(f"{what}, and not before {planned}")
    local = [moment.astimezone(ZoneInfo(row["zone"])).time() for pair in shown for moment in pair]
    if not any(EARLIEST <= moment <= LATEST for moment in local):
        found.asleep.append(f"{what}, sent at {shown} in {row['zone']}")
    since = _since(company, due, at)
    seconds, grace = chronicle.chances(due, FAR_OFF, since, at), chronicle.grace(row["team"], since, at)
    if seconds > grace:
        found.late.append(f"{what}, sent after {seconds:.0f} s in which it could have been, and {grace:.0f} s would do")


def overlooked(company: Company, row: Any, until: datetime) -> str:
    """Why somebody who was never asked should have been before that time; empty where there was no chance."""
    chronicle, due = company.chronicle, instant(row["due_at"])
    over = chronicle.reached(until)
    since = _since(company, due, over)
    seconds, grace = chronicle.chances(due, until, since, over), chronicle.grace(row["team"], since, over)
    return f"there were {seconds:.0f} s for it, and {grace:.0f} s would do" if seconds > grace else ""


def _since(company: Company, due: datetime, until: float) -> float:
    """From when on something due then could be sent: whatever was changed before that is noticed first."""
    chronicle = company.chronicle
    return max([chronicle.reached(due), *(at for at in chronicle.changes if at <= until)])


def instant(text: str) -> datetime:
    """An instant as SQLite keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def mark_of(row: Any) -> str:
    """The id by which Slack knows a delivery."""
    queued_at = instant(row["created_at"])
    address = Address(row["to"], row["to_key"], "", None, None, row["id"], queued_at)
    return name_of(WorkspaceKey("slack", row["team"]), address)
