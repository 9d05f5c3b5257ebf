"""The bench's company: thousands of members in teams of ten, who share their check-ins in their team's channel."""

from __future__ import annotations

from bench.payloads import MEMBERS, TEAM, member_key
from storage.crypto import Vault
from storage.engine import Storage
from storage.members import Listed
from storage.migrate import upgrade
from storage.workspaces import WorkspaceKey

TEAM_SIZE = 10
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # the bench's own; nothing real is sealed with it


def found(database: str) -> None:
    """Migrate a database and move the company in."""
    storage = Storage(database, Vault([KEY]))
    try:
        upgrade(storage)
        with storage.begin(WorkspaceKey("slack", TEAM), "Bench") as store:
            for number in range(MEMBERS):
                store.members.keep(Listed(member_key(number), f"member {number}", "Europe/Lisbon"))
            people = store.members.people()
            for first in range(0, MEMBERS, TEAM_SIZE):
                team = store.teams.add(f"Team {first}", manager_id=people[first].id, channel="C0BENCH", share="channel")
                store.members.set_team((one.id for one in people[first : first + TEAM_SIZE]), team.id)
    finally:
        storage.close()
