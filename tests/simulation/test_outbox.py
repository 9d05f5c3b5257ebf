"""Messages in virtual time: whatever Slack, the machines and their clocks do, each arrives once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from storage.workspaces import WorkspaceKey
from tests.simulation.checker import check
from tests.simulation.company import Company, Trouble, founded

pytestmark = pytest.mark.long

WORKSPACES = [WorkspaceKey("slack", name) for name in ("TACME", "TZETA")]


async def messages(company: Company, bursts: int = 30, pause: float = 8_000) -> None:
    """Bursts of messages to people and channels of two workspaces, with pauses of so many seconds at most."""
    for burst in range(bursts):
        for workspace in WORKSPACES:
            with company.storage.begin(workspace) as store:
                for number in range(company.dice.randint(1, 20)):
                    text = f"message {burst} {number}"
                    to = f"U{workspace.external_id}{number}" if number % 4 else f"C{number % 3}"
                    kind = "member" if to.startswith("U") else "channel"
                    if kind == "member":
                        store.members.greet(to)
                    store.deliveries.queue(kind, to, to_json(Card((Para(line(text)),))), key=text)
        await asyncio.sleep(company.dice.uniform(0.1, 1) * pause)


@pytest.mark.parametrize("seed", range(1, 4))
def test_each_message_arrives_once(seed: int, sqlite_template: Path, tmp_path: Path) -> None:
    company = Company(seed, founded(sqlite_template, tmp_path / "company.db"), Trouble(jump_days=0.2))
    company.play(messages)
    found = check(company)
    assert not found.lost
    assert not found.repeated
    assert found.arrived > 300
    assert company.machines.crashes
