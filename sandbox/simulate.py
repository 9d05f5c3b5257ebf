"""`soundings simulate`: a company of any size is asked for weeks, in virtual time, and what was sent is counted.

The sandbox and the real app run beside each other as in the demo. Nobody answers, so there are as many reminders as
there can be.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot import logs
from sandbox.company import PEOPLE
from sandbox.playhouse import Playhouse, opened
from sandbox.slack.workspace import Workspace
from storage.cadences import Audience, Cadence
from storage.recurrence import Recurrence, Timing
from storage.workspaces import WorkspaceKey

console = Console(highlight=False)
cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

BEGINNING = date(2026, 3, 2)  # in the weeks that follow, clocks change in Europe, North America and Oceania
THURSDAY = 3
PACE = 300  # messages a minute with which sending begins
# Where people are, and how many of a hundred.
ZONES = {
    "America/Los_Angeles": 14,
    "America/New_York": 16,
    "America/Sao_Paulo": 5,
    "Europe/London": 14,
    "Europe/Berlin": 20,
    "Africa/Cairo": 3,
    "Asia/Kolkata": 14,
    "Asia/Tokyo": 8,
    "Australia/Sydney": 5,
    "Pacific/Auckland": 1,
}
ON_LEAVE = 0.04  # of a week's people
WHY = {
    "absent": "on leave",
    "holiday": "public holiday",
    "day_off": "day off",
    "paused": "paused",
    "answered": "had answered",
    "deactivated": "deactivated",
    "unreachable": "could not be reached",
}


def run(arguments: list[str]) -> None:
    """The command, with what was typed after `soundings simulate`."""
    cli(arguments, prog_name="soundings simulate")


@cli.command()
def simulate(
    weeks: Annotated[int, typer.Option(metavar="NUMBER", min=1, max=104, help="How long it is played.")] = 13,
    members: Annotated[
        int, typer.Option(metavar="NUMBER", min=len(PEOPLE), max=20_000, help="How many people there are.")
    ] = 500,
    at: Annotated[str, typer.Option(metavar="TIME", help="When people are asked, in their own time.")] = "10:00",
    window: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, max=480, help="Minutes over which sending is spread.")
    ] = 0,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Who is where, and on leave when.")] = 1,
) -> None:
    """Play weeks of check-ins in virtual time, and print what would have been sent. Nothing leaves this machine."""
    logs.set_up(level="error")
    try:
        timing = Timing(time.fromisoformat(at), minutes=window)
    except ValueError:
        raise typer.BadParameter(f"{at!r} is no time of day. Write it as 10:00.") from None
    with TemporaryDirectory(prefix="soundings-simulate-") as folder, _progress() as progress:
        bar = progress.add_task(f"Playing {weeks} weeks for {members:,} people ...", total=weeks)
        file = Path(folder) / "played.db"
        played = asyncio.run(
            play(file, weeks, members, timing, seed, lambda week: progress.update(bar, completed=week))
        )
    _show(played, timing)


@dataclass
class Played:
    """What a play has shown: by week, how many prompts and reminders arrived, and how many people were not asked."""

    weeks: int
    members: int
    zones: int
    prompts: Counter[int] = field(default_factory=Counter)
    nudges: Counter[int] = field(default_factory=Counter)
    minutes: Counter[time] = field(default_factory=Counter)
    not_asked: Counter[str] = field(default_factory=Counter)
    twice: int = 0


async def play(
    file: Path, weeks: int, members: int, timing: Timing, seed: int, progress: Callable[[int], None]
) -> Played:
    """Play it into this file; what was seen in the sandbox's chats."""
    start = datetime.combine(BEGINNING, time(0), UTC)
    async with opened(file, start, playing=True) as house:
        settle(house.workspace, members, seed)
        await house.app.sync_directories()
        people = arrange(house, timing, weeks, seed)
        for week in range(weeks):
            await house.pass_time(start + timedelta(weeks=week + 1))
            progress(week + 1)
        return _count(house, weeks, people)


def settle(workspace: Workspace, members: int, seed: int) -> None:
    """Let people move in until there are so many, beside those of the demo."""
    chance = random.Random(seed)
    zones = chance.choices(list(ZONES), list(ZONES.values()), k=members - len(PEOPLE))
    for number, zone in enumerate(zones, start=1):
        workspace.add_user(name=f"person{number}", real_name=f"Person {number}", tz=zone)


def arrange(house: Playhouse, timing: Timing, weeks: int, seed: int) -> dict[str, str]:
    """Ask everybody every Thursday, and let a few be on leave each week; the zone of each by their key."""
    chance = random.Random(seed + 1)
    key = WorkspaceKey("slack", house.workspace.id)
    with house.app.storage.begin(key) as store:
        weekly = Cadence(0, "Weekly check-in", Recurrence(BEGINNING, (THURSDAY,)), timing=timing)
        cadence = store.cadences.add(replace(weekly, audience=Audience(everybody=True)))
        known = store.members.people()
        for week in range(weeks):
            monday = BEGINNING + timedelta(weeks=week)
            for one in chance.sample(known, ceil(len(known) * ON_LEAVE)):
                store.absences.add(one.id, monday, monday + timedelta(days=6))
        store.waves.arrange(cadence)
        return {one.key: one.zone.key for one in known}


def _count(house: Playhouse, weeks: int, people: dict[str, str]) -> Played:
    played = Played(weeks, len(people), len(set(people.values())))
    seen: Counter[tuple[str, date, bool]] = Counter()
    for person, at, reminder in _messages(house, people):
        local = at.astimezone(ZoneInfo(people[person]))
        week = (local.date() - BEGINNING).days // 7
        (played.nudges if reminder else played.prompts)[week] += 1
        if not reminder:
            played.minutes[local.time().replace(second=0, microsecond=0)] += 1
        seen[person, local.date(), reminder] += 1
    played.twice = sum(times - 1 for times in seen.values())
    with house.app.storage.begin(WorkspaceKey("slack", house.workspace.id)) as store:
        for (state, why), times in store.standing.tally(BEGINNING).items():
            if state in ("left_out", "missed", "put_off"):
                played.not_asked[WHY.get(why, state.replace("_", " "))] += times
    return played


def _messages(house: Playhouse, people: dict[str, str]) -> Iterator[tuple[str, datetime, bool]]:
    """Who was sent something, when, and whether it was a reminder."""
    for channel in house.workspace.channels.values():
        person = next((one for one in channel.members if one in people), None)
        if channel.kind == "im" and person:
            for message in house.workspace.messages.get(channel.id, []):
                yield person, datetime.fromtimestamp(float(message.ts), UTC), "This is a reminder" in message.text


def _show(played: Played, timing: Timing) -> None:
    table = Table(title=f"{played.members:,} people in {played.zones} time zones, every Thursday at {timing.at:%H:%M}")
    for heading in ("Week to", "Prompts", "Reminders"):
        table.add_column(heading, justify="left" if heading == "Week to" else "right")
    for week in range(played.weeks):
        sunday = BEGINNING + timedelta(weeks=week, days=6)
        table.add_row(f"{sunday.day} {sunday:%B %Y}", f"{played.prompts[week]:,}", f"{played.nudges[week]:,}")
    table.add_section()
    table.add_row("All", f"{played.prompts.total():,}", f"{played.nudges.total():,}")
    console.print(table)
    if played.minutes:
        first, last = min(played.minutes), max(played.minutes)
        console.print(f"Prompts came from {first:%H:%M} to {last:%H:%M} on the clock of whoever was asked.")
    console.print(f"Sent twice: {played.twice}.")
    for why, times in played.not_asked.most_common():
        console.print(f"Not asked, {why}: {times:,}.")
    largest = ceil(max(played.prompts.values(), default=0) / PACE)
    console.print(
        f"If all of a week's prompts were due at once, sending would take about {largest} min at {PACE} a minute. "
        "Nobody answered here; with answers there are fewer reminders."
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console, transient=True
    )
