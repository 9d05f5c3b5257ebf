"""Slack does what it was asked, and its answer never comes: nobody gets anything twice, and nobody misses anything."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.town import Town

WHY = "for the calm release of Thursday"


def posts(town: Town) -> list[str]:
    """Who and what was written to, by messages that Slack keeps."""
    kept = [one for messages in town.workspace.messages.values() for one in messages]
    return sorted(one.channel for one in kept if one.bot_id and not one.to)


async def patience(town: Town) -> None:
    """What was in doubt is settled a few minutes later."""
    for _ in range(3):
        town.clock.move(timedelta(minutes=2))
        await town.app.courier.sweep()
        await town.settle()


@pytest.mark.parametrize("fault", ["lost_answer", "lost_request", "server_error"])
async def test_thanks_arrive_once_whatever_becomes_of_the_answer(town: Town, fault: str) -> None:
    ana, bo = town.people("ana", "bo")
    town.sandbox.faults.add(fault, only="chat.postMessage")
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    await patience(town)
    await bo.sees("thanked you")
    assert len(posts(town)) == len(set(posts(town))), "one message to each chat"
    asked = [call.method for call in town.sandbox.calls]
    assert "conversations.history" in asked, "it was looked for"


async def test_a_message_carries_an_id_and_nothing_else(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    metadata = [call.arguments["metadata"] for call in town.sandbox.calls if call.method == "chat.postMessage"]
    assert metadata
    for one in metadata:
        name = one["event_payload"]["delivery_id"]
        assert one == {"event_type": "soundings_delivery", "event_payload": {"delivery_id": str(uuid.UUID(name))}}


async def test_where_the_history_may_not_be_read_the_message_goes_again(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    assert town.workspace.install
    for scope in ("im:history", "im:write"):
        town.workspace.install.scopes.remove(scope)
    town.sandbox.faults.add("lost_answer", only="chat.postMessage")
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    await patience(town)
    await bo.sees("thanked you")
    with town.store() as store:
        assert store.deliveries.waiting() == 0
        assert store.lanes.state().parked_why == "", "that permission is not needed for writing"


async def test_a_storm_of_refused_lookups_ends_with_one_message(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    town.sandbox.faults.add("lost_answer", only="chat.postMessage")
    town.sandbox.faults.add("rate_limited", 2, only="conversations.history", seconds=30)
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    await patience(town)
    await bo.sees("thanked you")
    assert len(posts(town)) == len(set(posts(town)))


async def test_after_a_revoked_token_admins_hear_of_it_once(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    max_ = town.person("max")
    install = town.workspace.install
    assert install
    install.ended = "token_revoked"
    with town.store() as store:
        for key in ("U-ONE", "U-TWO"):
            store.deliveries.queue_home(key)
        store.deliveries.queue("member", bo.user_id, {"is": "Card", "body": []}, key="waits")
    await town.app.courier.sweep()
    await town.settle()
    before = len(town.sandbox.calls)
    town.clock.move(timedelta(hours=3))
    await town.app.courier.sweep()
    await town.settle()
    assert len(town.sandbox.calls) == before, "nothing is asked of Slack any more"
    install.ended = ""
    await town.app.courier.resume(town.key)
    await town.settle()
    await max_.sees("could not write to anybody here")
    await ana.never_sees("could not write to anybody here")
