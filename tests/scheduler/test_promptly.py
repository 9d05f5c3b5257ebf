"""Whoever did something does not wait until everybody has been asked who is to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from scheduler.courier import Courier
from scheduler.pace import Pace
from scheduler.transport import Outgoing
from storage.engine import Storage
from storage.workspaces import WorkspaceKey
from tests.scheduler.offices import ACME, THURSDAYS, Office
from tests.scheduler.outside import Platform, card, words

THURSDAY_MORNING = datetime.fromisoformat("2026-03-05T10:00:00+00:00")
asking = Feature("asking", "asks how it goes")


@asking.on_prompt("A question")
def _(turn: Any, prompt: Any) -> Card:
    return Card((Para(line("How are you?")),))


class Busy(Platform):
    """When it takes the fifth message, Bo thanks Ana."""

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.storage = storage

    async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
        reference = await super().send(workspace, outgoing)
        if len(self.got) == 5:
            with self.storage.begin(ACME) as store:
                store.deliveries.queue("member", "p39", card("Bo thanks you"), key="kudos")
                store.deliveries.queue("channel", "C1", card("Bo thanks p39"), key="kudos here")
        return reference


async def test_thanks_arrive_while_a_whole_company_is_being_asked(storage: Storage) -> None:
    office = Office(storage, asking, **{f"p{number}": "UTC" for number in range(40)})
    office.arrange(replace(THURSDAYS, feature="asking"))
    await office.until(THURSDAY_MORNING + timedelta(minutes=1))
    platform = Busy(storage)
    await Courier(storage, platform, storage.clock, (asking,), Pace(300, 300, 1)).drain()
    went = [words(one) for _, one in platform.got]
    assert went.count("How are you?") == 40
    # One or two were in hand already.
    assert max(went.index("Bo thanks you"), went.index("Bo thanks p39")) < 10
