"""`soundings demo --check`: an evening at the company, played head-less through the same processes, and judged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from handlers.feature import Feature
from handlers.features import FEATURES
from sandbox import history
from sandbox.playhouse import Playhouse, opened
from sandbox.story import STORY

WEEKS = 2
FRIDAY = datetime(2026, 3, 13, 14, tzinfo=UTC)

Step = Callable[[Playhouse], Awaitable[str]]


async def two_weeks_are_played(house: Playhouse) -> str:
    """An admin sets the company up, and two weeks pass."""
    await history.play(house, WEEKS, FRIDAY, cadence=False)
    kudos = house.workspace.find_channel("kudos")
    posted = len(house.workspace.messages.get(kudos.id, [])) if kudos else 0
    assert not house.sandbox.troubles, "\n".join(house.sandbox.troubles)
    return f"{posted} thanks in #kudos"


async def check(console: Console, features: tuple[Feature, ...] = FEATURES) -> int:
    """Play every step and print what was seen; 0 if each showed what it should, 1 at the first that did not."""
    with TemporaryDirectory(prefix="soundings-evening-") as folder:
        start = history.beginning(FRIDAY, WEEKS)
        async with opened(Path(folder) / "evening.db", start, playing=True, features=features) as house:
            for step in (two_weeks_are_played, *STORY):
                if not await _shows(step, house, console):
                    return 1
    console.print(f"All {len(STORY) + 1} steps showed what they should.", style="bold")
    return 0


async def _shows(step: Step, house: Playhouse, console: Console) -> bool:
    title = (step.__doc__ or "").strip().rstrip(".")
    try:
        seen = await step(house)
    except (AssertionError, ValueError, TimeoutError, StopIteration) as problem:
        console.print(Text.assemble(("✗ ", "bold red"), (title, "bold")))
        console.print(Text(str(problem) or type(problem).__name__), soft_wrap=True)
        return False
    console.print(Text.assemble(("✓ ", "green"), title, (f"  {seen}", "dim")), soft_wrap=True)
    return True
