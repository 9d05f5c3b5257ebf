"""Outages: what admins are told when Soundings may write to their workspace again."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.feature import Feature
from handlers.screens import Card, Para, Screen, Small
from handlers.text import When, line
from handlers.wire import to_json
from storage.store import Store

outages = Feature("outages", "Word to admins after Soundings could not write for a while.")

MOST_ADMINS = 3


def reopen(store: Store) -> None:
    """Let a parked lane go on, and tell some admins once. An open one is left as it is."""
    lane = store.lanes.state()
    waited = store.deliveries.waiting()
    store.lanes.resume()
    if not lane.parked_why or lane.parked_at is None:
        return
    told = to_json(over(lane.parked_at, lane.parked_why, waited))
    for admin in store.members.admins()[:MOST_ADMINS]:
        store.deliveries.queue("member", admin.key, told, key=f"outage {lane.parked_at.isoformat()} {admin.key}")


def over(since: datetime, why: str, waited: int) -> Card:
    """The message that says so."""
    few = {0: "Nothing had to wait.", 1: "One message waited, and is on its way."}
    says = few.get(waited, f"{waited} messages waited, and are on their way.")
    return Card(
        (
            Para(line("From ", When(since), " until now Soundings could not write to anybody here. ", why)),
            Para(line(f"It can again. {says}")),
            Small(line("You get this because you are an admin of this workspace. Nothing needs to be done.")),
        )
    )


@outages.gallery
def examples() -> dict[str, Screen]:
    """What admins see."""
    since = datetime(2026, 11, 19, 7, 40, tzinfo=UTC)
    return {"over": over(since, "Somebody revoked the token of this workspace.", 12)}
