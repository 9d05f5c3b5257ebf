"""A storm: Slack answers much of what one workspace asks with "wait", and another workspace is written to meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from storage.workspaces import WorkspaceKey
from tests.simulation.checker import check
from tests.simulation.company import Company, Trouble, founded
from tests.simulation.slack import NONE, Misfortunes

STORMY, CALM = WorkspaceKey("slack", "TSTORM"), WorkspaceKey("slack", "TCALM")
PEOPLE = 200
STORM = Misfortunes(0.3, 0, 0, 0, 0, longest_rest=60)
UNDER_WAY = 1.0  # seconds within which what was sent before Slack said "wait" has arrived


@dataclass(frozen=True)
class Weathered:
    """What came of a storm.

    `bound` is during how many seconds Slack forbade to call, as it said itself; `took` is how many all messages needed.
    `calm` is when the other workspace was done. `hasty` counts calls in spite of a "wait".
    """

    lost: int
    repeated: int
    refused: int
    hasty: int
    bound: float
    took: float
    calm: float


def weather(seed: int, template: Path, folder: Path, misfortunes: Misfortunes = STORM) -> Weathered:
    """Play a storm, or its absence."""
    trouble = Trouble(misfortunes, crash=0, crash_after_accept=0, jump_days=0)
    company = Company(seed, founded(template, folder / f"storm {seed} {misfortunes.limited}.db"), trouble)
    company.slack.only = STORMY.external_id
    done: dict[str, float] = {}
    heard: list[tuple[str, float]] = []

    def hear(arrived: object) -> None:
        team = str(getattr(arrived, "team", ""))
        done[team] = company.loop.time()
        heard.append((team, company.loop.time()))

    company.slack.heard.append(hear)

    async def story(company: Company) -> None:
        for workspace in (STORMY, CALM):
            with company.storage.begin(workspace) as store:
                for number in range(PEOPLE):
                    card = to_json(Card((Para(line(f"hello {number}")),)))
                    store.members.greet(f"U{number}")
                    store.deliveries.queue("member", f"U{number}", card, key=f"hello {number}")
        while len(heard) < 2 * PEOPLE:  # noqa: ASYNC110
            await asyncio.sleep(5)

    company.play(story)
    found = check(company)
    forbade = [(start, end) for team, start, end in company.slack.forbade if team == STORMY.external_id]
    calls = [start for start, _ in forbade] + [at for team, at in heard if team == STORMY.external_id]
    hasty = sum(any(start + UNDER_WAY < at < end for start, end in forbade) for at in calls)
    began = min(at for _, at in heard)
    return Weathered(
        len(found.lost),
        len(found.repeated),
        len(forbade),
        hasty,
        covered(forbade),
        done[STORMY.external_id] - began,
        done[CALM.external_id] - began,
    )


def covered(spans: list[tuple[float, float]]) -> float:
    """How many seconds these spans cover together."""
    total, until = 0.0, 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def compared(seed: int, template: Path, folder: Path) -> tuple[Weathered, float]:
    """A storm, and by which share the other workspace was done later in it than without."""
    stormy = weather(seed, template, folder)
    return stormy, stormy.calm / weather(seed, template, folder, NONE).calm - 1
