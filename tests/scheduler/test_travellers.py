"""People who cross the date line or change zones on any day: asked at most once for each date, and every date counts.

The whole ticker over real tables; what was meant is said again from zoneinfo alone.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.clock import SetClock
from storage.engine import Storage
from storage.hours import ALL_DAYS
from storage.recurrence import Recurrence, Timing
from tests.databases import opened
from tests.faults.zones import DAY
from tests.scheduler.offices import ACME, HOUR, THURSDAYS, Asked, Office, replace

# In these days clocks are changed in Europe, New Zealand and on Lord Howe Island.
FIRST, DAYS = date(2026, 3, 28), 9
START = datetime.combine(FIRST, time(), UTC) - 2 * DAY
LAST = FIRST + (DAYS - 1) * DAY
# On both sides of the date line, from 14 hours ahead of UTC to 11 behind.
ZONES = (
    "Pacific/Auckland",
    "America/Los_Angeles",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Europe/Berlin",
)
# How soon the zones of members are looked at after one of them has changed.
ROUND = timedelta(minutes=5)
MOST_LATE = timedelta(minutes=THURSDAYS.most_late)


@dataclass(frozen=True)
class Move:
    """Somebody goes to a zone so many hours after the start: for good, or for so many hours."""

    after: int
    zone: str
    stays: int = 0

    @property
    def moments(self) -> list[datetime]:
        """When they are somewhere else than before."""
        at = START + self.after * HOUR
        return [at, at + self.stays * HOUR] if self.stays else [at]


async def travelled(
    storage: Storage, at: time, home: str, moves: list[Move], residents: tuple[str, ...]
) -> list[Asked]:
    """Ask everybody daily while `ana` travels and the others stay; what came of it."""
    storage.clock = SetClock(START)
    office = Office(storage, ana=home, **{zone: zone for zone in residents})
    with storage.begin(ACME) as store:
        store.change_settings(working_days=ALL_DAYS, budget=1_000)
    daily = Recurrence(FIRST, tuple(range(7)), ends_on=LAST)
    office.arrange(replace(THURSDAYS, recurrence=daily, timing=Timing(at, nudges=0)))
    what = sorted(((at, move) for move in moves for at in move.moments), key=lambda one: one[0])
    for at, move in what:
        await office.until(at)
        if at == move.moments[-1]:
            office.choose("ana", travel_zone="")
        if move.stays and at == move.moments[0]:
            office.choose("ana", travel_zone=move.zone, travel_until=move.moments[1])
        elif not move.stays:
            office.hire("ana", move.zone)
        await office.until(at + ROUND)
        await office.ticker.look_round()
    await office.until(START + (DAYS + 8) * DAY)
    return office.asked()


def hold(asked: list[Asked], at: time, home: str, moves: list[Move], residents: tuple[str, ...]) -> None:
    """Each date once, never before its instant where its member was, and to those who stay at that instant."""
    assert max(Counter((one.name, one.day) for one in asked).values()) == 1
    moments = [moment + ROUND for move in moves for moment in move.moments]
    for one in asked:
        meant = datetime.combine(one.day, at, ZoneInfo(one.zone)).astimezone(UTC)
        # In a zone that is new, what has opened elsewhere opens when that is noticed, or when it was to open there.
        # What was over before somebody came is on record as in the zone that was the last to close.
        zones = {home, *residents, *(move.zone for move in moves)}
        elsewhere = {datetime.combine(one.day, at, ZoneInfo(zone)).astimezone(UTC) for zone in zones}
        later = one.name == "ana" and meant < one.due_at and (one.due_at in moments or one.due_at in elsewhere)
        assert one.due_at == meant or later, one
        if one.state == "waiting":
            assert one.not_before == one.due_at, one
            assert one.created_at
            assert one.due_at <= one.created_at <= one.due_at + MOST_LATE, one
        else:
            assert (one.name, one.state, one.not_before) == ("ana", "missed", None), one
    on_record = {(one.name, one.day) for one in asked}
    assert on_record == {(name, FIRST + number * DAY) for name in ("ana", *residents) for number in range(DAYS)}


@pytest.mark.parametrize(
    ("home", "away"),
    [
        ("Pacific/Auckland", "America/Los_Angeles"),
        ("America/Los_Angeles", "Pacific/Auckland"),
        ("Pacific/Niue", "Pacific/Kiritimati"),
        ("Pacific/Apia", "Pacific/Niue"),
    ],
)
async def test_across_the_date_line_and_back(storage: Storage, home: str, away: str) -> None:
    moves = [Move(4 * 24 + 6, away), Move(7 * 24 + 19, home), Move(9 * 24 + 1, away, stays=60)]
    asked = await travelled(storage, time(10), home, moves, (home, away))
    hold(asked, time(10), home, moves, (home, away))
    assert Counter(one.state for one in asked if one.name == "ana")["waiting"] >= DAYS - 4


JOURNEYS = st.lists(
    st.builds(
        Move,
        after=st.integers(0, (DAYS + 2) * 24),
        zone=st.sampled_from(ZONES),
        stays=st.sampled_from((0, 0, 0, 7, 30, 100)),
    ),
    max_size=8,
)


@pytest.mark.long
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hour=st.integers(0, 23),
    home=st.sampled_from(ZONES),
    moves=JOURNEYS,
    residents=st.sets(st.sampled_from(ZONES), max_size=3),
)
@example(
    hour=19,
    home="Pacific/Auckland",
    moves=[Move(0, "Pacific/Niue"), Move(245, "Pacific/Apia")],
    residents={"America/Los_Angeles", "Pacific/Apia"},
)  # it is over where she comes, and open for others still
async def test_any_journey(sqlite_template: Path, hour: int, home: str, moves: list[Move], residents: set[str]) -> None:
    stay = tuple(sorted(residents))
    with TemporaryDirectory() as folder:
        path = shutil.copy(sqlite_template, Path(folder) / "soundings.db")
        with opened(f"sqlite:///{path}") as storage:
            asked = await travelled(storage, time(hour), home, moves, stay)
    hold(asked, time(hour), home, moves, stay)
