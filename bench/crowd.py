"""The crowd: members with one check-in prompt each, all due in the same moment, and some who have not been prompted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bench.company import KEY
from bench.payloads import TEAM
from storage.cadences import Audience, Cadence
from storage.crypto import Vault
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.hours import ALL_DAYS
from storage.members import members
from storage.migrate import upgrade
from storage.prompts import prompts
from storage.recurrence import Recurrence
from storage.workspaces import WorkspaceKey

UNPROMPTED = 1_500


def gather(database: str, many: int, seconds: float) -> float:
    """Migrate a database and prompt so many members in so many seconds from now; the moment, as a timestamp."""
    storage = Storage(database, Vault([KEY]))
    try:
        upgrade(storage)
        now = storage.clock.now()
        today = now.date()
        with storage.begin(WorkspaceKey("slack", TEAM), "Bench") as store:
            tenant = store.workspace.id
            # At whatever hour and on whatever day this is measured, nobody is to be left in peace.
            store.change_settings(working_days=ALL_DAYS, quiet="")
            weekly = Recurrence(today, (today.weekday(),), ends_on=today)
            cadence = store.cadences.add(Cadence(0, "Weekly", weekly, audience=Audience(everybody=True)))
        with storage.connect() as connection:
            same = {"workspace_id": tenant}
            people = [
                {**same, "met_at": now, "key": f"U{number:05d}", "name": f"member {number}", "zone": "Europe/Lisbon"}
                for number in range(many + UNPROMPTED)
            ]
            connection.execute(insert(members), people)
            ids = connection.execute(select(members.c.id, members.c.key).order_by(members.c.id)).all()
            due = datetime.now(UTC) + timedelta(seconds=seconds)
            asked = [
                {
                    **same,
                    "cadence_id": cadence.id,
                    "member_id": row.id,
                    "day": today,
                    "closes_on": today + timedelta(days=1),
                    "zone": "Europe/Lisbon",
                    "due_at": due,
                    "closes_at": due + timedelta(days=1),
                    "state": "waiting",
                    "version": 1,
                }
                for row in ids[:many]
            ]
            connection.execute(insert(prompts), asked)
            keys = {row.id: row.key for row in ids}
            invited = connection.execute(select(prompts.c.id, prompts.c.member_id).order_by(prompts.c.id)).all()
            waiting = [
                {
                    **same,
                    "to": "member",
                    "to_key": keys[row.member_id],
                    "sealed": "",
                    "key": f"bench {row.id}",
                    "prompt_id": row.id,
                    "kind": "prompt",
                    "not_before": due,
                    "created_at": now,
                }
                for row in invited
            ]
            connection.execute(insert(deliveries), waiting)
            if not storage.on_sqlite:
                connection.exec_driver_sql("ANALYZE")
        return due.timestamp()
    finally:
        storage.close()
