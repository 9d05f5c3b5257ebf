"""Clocks that are changed while people are asked daily: the whole ticker over real tables, compared with zoneinfo.

`tests/faults/test_zones.py` holds the arithmetic alone to the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TypeAlias
from zoneinfo import ZoneInfo, available_timezones

import pytest

from storage.cadences import Audience
from storage.clock import SetClock
from storage.engine import Storage
from storage.hours import ALL_DAYS
from storage.recurrence import Recurrence, Timing
from tests.faults.zones import DAY, Change, changes, meant
from tests.scheduler.offices import ACME, THURSDAYS, Office, replace

Asked: TypeAlias = dict[tuple[int, str, date], datetime]

# Minutes from the change as clocks showed it before: before it, and in the hour that is skipped or comes twice.
AROUND = (-30, 0, 30)
# Everybody is asked on the day of the change and on the days around it.
DAYS = (-DAY, 0 * DAY, DAY)


def changes_of(year: int, zones: Iterable[str]) -> list[Change]:
    return [change for name in sorted(zones) for change in changes(ZoneInfo(name)) if change.at.year == year]


def nominal(change: Change, minutes: int) -> datetime:
    """What clocks showed so many minutes from the change."""
    return (change.at + change.before).replace(tzinfo=None) + timedelta(minutes=minutes)


def arranged(office: Office, found: list[Change]) -> Asked:
    """Ask whoever is where clocks are changed daily around it, at awkward times; when each of them is to be asked."""
    together: dict[tuple[date, time], list[Change]] = defaultdict(list)
    for change in found:
        for at in {nominal(change, minutes).time() for minutes in AROUND}:
            together[nominal(change, 0).date(), at].append(change)
    wanted: Asked = {}
    for (day, at), there in together.items():
        cadence = replace(
            THURSDAYS,
            name=f"{day} {at}",
            recurrence=Recurrence(day + DAYS[0], tuple(range(7)), ends_on=day + DAYS[-1]),
            audience=Audience(members=tuple(office.ids[change.zone.key] for change in there)),
            timing=Timing(at, nudges=0),
        )
        kept = office.arrange(cadence)
        wanted |= {
            (kept.id, change.zone.key, day + days): meant(day + days, at, change) for change in there for days in DAYS
        }
    return wanted


async def hold(storage: Storage, found: list[Change]) -> int:
    """Play a year, and hold what was asked to what was meant; how often anybody was asked."""
    storage.clock = SetClock(datetime(found[0].at.year, 1, 1, tzinfo=UTC) - 3 * DAY)
    office = Office(storage, **{zone: zone for zone in sorted({change.zone.key for change in found})})
    with storage.begin(ACME) as store:
        store.change_settings(working_days=ALL_DAYS, budget=1_000)
    wanted = arranged(office, found)
    await office.until(max(wanted.values()) + 7 * DAY)
    asked = office.asked()
    assert {one.state for one in asked} == {"waiting"}
    assert {(one.cadence_id, one.name, one.day): one.due_at for one in asked} == wanted
    assert len(asked) == len(wanted), "one for each nominal date"
    assert all(one.not_before == one.created_at == one.due_at for one in asked), "sent for then, and not before"
    in_order = sorted(asked, key=lambda one: (one.cadence_id, one.name, one.day))
    for _, theirs in groupby(in_order, key=lambda one: (one.cadence_id, one.name)):
        moments = [one.due_at for one in theirs]
        assert moments == sorted(set(moments)), "later dates have later moments"
    assert not office.waves("coming")
    assert not office.waves("open")
    return len(asked)


async def test_daily_where_clocks_are_changed_in_odd_ways(storage: Storage) -> None:
    """By half an hour, by two, at midnight, around Ramadan, and as in Europe."""
    odd = ("Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "Africa/Casablanca", "Europe/Berlin")
    assert await hold(storage, changes_of(2026, odd)) == 2 * len(odd) * len(AROUND) * len(DAYS)


@pytest.mark.long
@pytest.mark.parametrize("year", [2025, 2026, 2027])
async def test_daily_in_every_zone_that_changes_its_clocks(sqlite_storage: Storage, year: int) -> None:
    assert await hold(sqlite_storage, changes_of(year, available_timezones())) > 3_000
